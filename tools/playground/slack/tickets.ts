/** What the bot gets with an interaction and may hand back: trigger ids and response URLs. */
import { randomHex } from "./ids.ts";
import type { Slack } from "./slack.ts";
import { responseUrlLifetimeMs, responseUrlUses, triggerLifetimeMs } from "./ticket-rules.ts";

/** A trigger for `user`; `viewId` is the modal in which the interaction happened. */
export const newTrigger = (slack: Slack, user: string, viewId: string | null): string => {
  const now = slack.now();
  slack.sql.exec("DELETE FROM triggers WHERE expires_at < ?", now - 3_600_000);
  const id = `${now}.${String(now).slice(-9)}.${randomHex(16)}`;
  slack.sql.exec(
    "INSERT INTO triggers (id, user, view_id, expires_at) VALUES (?, ?, ?, ?)",
    id,
    user,
    viewId,
    now + triggerLifetimeMs,
  );
  return id;
};

export type Exchanged =
  | { ok: true; user: string; viewId: string | null }
  | { ok: false; error: "invalid_trigger_id" | "exchanged_trigger_id" | "expired_trigger_id" };

/** Uses up a trigger: it works once and for three seconds. */
export const exchangeTrigger = (slack: Slack, id: string): Exchanged => {
  const trigger = slack.sql
    .exec<{ user: string; view_id: string | null; expires_at: number; exchanged: number }>(
      "SELECT user, view_id, expires_at, exchanged FROM triggers WHERE id = ?",
      id,
    )
    .toArray()[0];
  if (!trigger) return { ok: false, error: "invalid_trigger_id" };
  if (trigger.exchanged === 1) return { ok: false, error: "exchanged_trigger_id" };
  if (slack.now() > trigger.expires_at) return { ok: false, error: "expired_trigger_id" };
  slack.sql.exec("UPDATE triggers SET exchanged = 1 WHERE id = ?", id);
  return { ok: true, user: trigger.user, viewId: trigger.view_id };
};

export interface ResponseTarget {
  channel: string;
  user: string;
  /** The message that was acted on; null after a command. */
  sourceTs: string | null;
}

/** Path of a response URL for `target`. */
export const newResponsePath = (slack: Slack, target: ResponseTarget): string => {
  const now = slack.now();
  slack.sql.exec("DELETE FROM response_urls WHERE expires_at < ?", now - 3_600_000);
  const token = randomHex(24);
  slack.sql.exec(
    "INSERT INTO response_urls (token, user, channel, source_ts, expires_at) VALUES (?, ?, ?, ?, ?)",
    token,
    target.user,
    target.channel,
    target.sourceTs,
    now + responseUrlLifetimeMs,
  );
  return `/playground/slack/response/${token}`;
};

/** Counts one use of a response URL. */
export const takeResponseUrl = (
  slack: Slack,
  token: string,
): { ok: true; target: ResponseTarget } | { ok: false; error: "invalid_url" | "expired_url" | "used_url" } => {
  const row = slack.sql
    .exec<{ user: string; channel: string; source_ts: string | null; expires_at: number; uses: number }>(
      "SELECT user, channel, source_ts, expires_at, uses FROM response_urls WHERE token = ?",
      token,
    )
    .toArray()[0];
  if (!row) return { ok: false, error: "invalid_url" };
  if (slack.now() > row.expires_at) return { ok: false, error: "expired_url" };
  if (row.uses >= responseUrlUses) return { ok: false, error: "used_url" };
  slack.sql.exec("UPDATE response_urls SET uses = uses + 1 WHERE token = ?", token);
  return { ok: true, target: { channel: row.channel, user: row.user, sourceTs: row.source_ts } };
};
