/** Who is told of events over HTTP. Secrets are read by `deliveryToSendQuery` alone. */
import * as z from "zod/mini";
import { sourcesOf, stateNames } from "../../domain/states.ts";
import { type DisabledReason, type Webhook, disabledReasons, profileNames } from "../../domain/webhooks/webhook.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, jsonText, many, one } from "../database.ts";

export const webhookColumns = {
  id: z.string(),
  number: z.int(),
  url: z.string(),
  description: z.string(),
  events: jsonText(z.array(z.string())),
  profile: z.enum(profileNames),
  state: z.enum(stateNames("webhook")),
  disabled_reason: z.nullable(z.enum(disabledReasons)),
  disabled_at: z.nullable(z.string()),
  failures: z.int(),
  failing_since: z.nullable(z.string()),
  last_error: z.nullable(z.string()),
  old_secret_until: z.nullable(z.string()),
  created_by: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
};
const webhookRow = z.object(webhookColumns);

const parseWebhook = (row: unknown): Webhook => {
  const parsed = webhookRow.parse(row);
  return {
    id: parsed.id,
    number: parsed.number,
    url: parsed.url,
    description: parsed.description,
    events: parsed.events,
    profile: parsed.profile,
    state: parsed.state,
    disabledReason: parsed.disabled_reason,
    disabledAt: parsed.disabled_at,
    failures: parsed.failures,
    failingSince: parsed.failing_since,
    lastError: parsed.last_error,
    oldSecretUntil: parsed.old_secret_until,
    createdBy: parsed.created_by,
    createdAt: parsed.created_at,
    updatedAt: parsed.updated_at,
  };
};

const columns = `id, number, url, description, events, profile, state, disabled_reason, disabled_at, failures, failing_since,
  last_error, old_secret_until, created_by, created_at, updated_at`;

/** In the order in which they were made. */
export const webhooksQuery = (db: Database, workspaceId: string): Query<Webhook[]> =>
  many(
    db.prepare(`SELECT ${columns} FROM webhook_endpoints WHERE workspace_id = ?1 ORDER BY number`).bind(workspaceId),
    parseWebhook,
  );

export const webhookQuery = (
  db: Database,
  workspaceId: string,
  key: { number: number } | { id: string },
): Query<Webhook | null> =>
  one(
    db
      .prepare(
        `SELECT ${columns} FROM webhook_endpoints WHERE workspace_id = ?1 AND ${"id" in key ? "id" : "number"} = ?2`,
      )
      .bind(workspaceId, "id" in key ? key.id : key.number),
    parseWebhook,
  );

/** A guard of its own: fails the batch unless the webhook is there and active. */
export const assertActive = (db: Database, workspaceId: string, id: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), 1 FROM webhook_endpoints WHERE workspace_id = ?1 AND id = ?2 AND state = 'active'`,
    )
    .bind(workspaceId, id);

/** Takes its number from the counter that the same batch has raised. */
export const insertWebhook = (
  db: Database,
  workspaceId: string,
  webhook: Pick<Webhook, "id" | "url" | "description" | "events" | "profile" | "createdBy">,
  secret: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO webhook_endpoints (workspace_id, id, number, url, description, events, profile, state, secret, created_by,
         created_at, updated_at)
       VALUES (?1, ?2, ${currentNumber("webhook")}, ?3, ?4, ?5, ?6, 'active', ?7, ?8, ?9, ?9)`,
    )
    .bind(
      workspaceId,
      webhook.id,
      webhook.url,
      webhook.description,
      JSON.stringify(webhook.events),
      webhook.profile,
      secret,
      webhook.createdBy,
      now,
    );

/** Follow with `assertChanges()`: it may have been deleted meanwhile. */
export const updateWebhook = (
  db: Database,
  workspaceId: string,
  webhook: Pick<Webhook, "id" | "url" | "description" | "events" | "profile">,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_endpoints SET url = ?3, description = ?4, events = ?5, profile = ?6, updated_at = ?7
       WHERE workspace_id = ?1 AND id = ?2`,
    )
    .bind(
      workspaceId,
      webhook.id,
      webhook.url,
      webhook.description,
      JSON.stringify(webhook.events),
      webhook.profile,
      now,
    );

/** Follow with `assertChanges()`. */
export const disableWebhook = (
  db: Database,
  workspaceId: string,
  id: string,
  reason: DisabledReason,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_endpoints SET state = 'disabled', disabled_reason = ?3, disabled_at = ?4, updated_at = ?4
       WHERE workspace_id = ?1 AND id = ?2 AND state IN (SELECT value FROM json_each(?5))`,
    )
    .bind(workspaceId, id, reason, now, JSON.stringify(sourcesOf("webhook", "disabled")));

/** What it has failed before counts no more. Follow with `assertChanges()`. */
export const enableWebhook = (db: Database, workspaceId: string, id: string, now: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_endpoints SET state = 'active', disabled_reason = NULL, disabled_at = NULL, failures = 0,
         failing_since = NULL, last_error = NULL, updated_at = ?3
       WHERE workspace_id = ?1 AND id = ?2 AND state IN (SELECT value FROM json_each(?4))`,
    )
    .bind(workspaceId, id, now, JSON.stringify(sourcesOf("webhook", "active")));

/** The secret before signs as well until then; null: not at all. Follow with `assertChanges()`. */
export const rotateWebhookSecret = (
  db: Database,
  workspaceId: string,
  id: string,
  rotated: { secret: string; oldUntil: string | null },
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_endpoints SET old_secret = CASE WHEN ?4 IS NULL THEN NULL ELSE secret END, old_secret_until = ?4,
         secret = ?3, updated_at = ?5
       WHERE workspace_id = ?1 AND id = ?2`,
    )
    .bind(workspaceId, id, rotated.secret, rotated.oldUntil, now);

/** Forgets secrets that sign no more, across workspaces. */
export const forgetOldSecrets = (db: Database, now: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_endpoints SET old_secret = NULL, old_secret_until = NULL
       WHERE old_secret IS NOT NULL AND old_secret_until <= ?1`,
    )
    .bind(now);

/** Follow with `assertChanges()`. */
export const deleteWebhook = (db: Database, workspaceId: string, id: string): D1PreparedStatement =>
  db.prepare("DELETE FROM webhook_endpoints WHERE workspace_id = ?1 AND id = ?2").bind(workspaceId, id);

/** An attempt has failed. */
export const countWebhookFailure = (
  db: Database,
  workspaceId: string,
  id: string,
  error: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_endpoints SET failures = failures + 1, failing_since = COALESCE(failing_since, ?4), last_error = ?3
       WHERE workspace_id = ?1 AND id = ?2`,
    )
    .bind(workspaceId, id, error, now);

/** An attempt has succeeded. */
export const forgetWebhookFailures = (db: Database, workspaceId: string, id: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_endpoints SET failures = 0, failing_since = NULL, last_error = NULL
       WHERE workspace_id = ?1 AND id = ?2 AND failures > 0`,
    )
    .bind(workspaceId, id);
