/** What the bot gets with an interaction and may hand back: trigger ids and response URLs. */
import {
  type Exchanged,
  judgeTrigger,
  responseUrlLifetimeMs,
  responseUrlRefusal,
  triggerLifetimeMs,
} from "../../slack/tickets.ts";
import type { ResponseTarget } from "../../slack/respond.ts";
import { randomHex } from "./ids.ts";
import type { Slack } from "./slack.ts";

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

/** Uses up a trigger. */
export const exchangeTrigger = (slack: Slack, id: string): Exchanged => {
  const row = slack.sql
    .exec<{ user: string; viewId: string | null; expiresMs: number; exchanged: number }>(
      "SELECT user, view_id AS viewId, expires_at AS expiresMs, exchanged FROM triggers WHERE id = ?",
      id,
    )
    .toArray()[0];
  const judged = judgeTrigger(row && { ...row, isExchanged: row.exchanged === 1 }, slack.now());
  if (judged.ok) slack.sql.exec("UPDATE triggers SET exchanged = 1 WHERE id = ?", id);
  return judged;
};

/** Path of a response URL for `target`. */
export const newResponsePath = (slack: Slack, target: ResponseTarget): string => {
  const now = slack.now();
  slack.sql.exec("DELETE FROM response_urls WHERE expires_at < ?", now - 3_600_000);
  const token = `${slack.own.team.id}.${randomHex(24)}`;
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
): { ok: true; target: ResponseTarget } | { ok: false; error: NonNullable<ReturnType<typeof responseUrlRefusal>> } => {
  const row = slack.sql
    .exec<{ user: string; channel: string; sourceTs: string | null; expiresMs: number; uses: number }>(
      "SELECT user, channel, source_ts AS sourceTs, expires_at AS expiresMs, uses FROM response_urls WHERE token = ?",
      token,
    )
    .toArray()[0];
  const error = responseUrlRefusal(row, slack.now());
  if (!row || error) return { ok: false, error: error ?? "invalid_url" };
  slack.sql.exec("UPDATE response_urls SET uses = uses + 1 WHERE token = ?", token);
  const { channel, user, sourceTs } = row;
  return { ok: true, target: { channel, user, sourceTs } };
};
