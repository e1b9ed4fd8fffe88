/** Who gets events over HTTP. Secrets are read by `deliveryToSendQuery` alone. */
import { type DisabledReason, type Webhook, webhookSchema } from "../../domain/webhooks/webhook.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { fragment, leadingTo, row, set, sql } from "../sql.ts";

const webhookRow = rowOf(webhookSchema);

/** In the order in which they were made. */
export const webhooksQuery = (db: Database, workspaceId: string): Query<Webhook[]> =>
  many(
    sql(db)`SELECT ${webhookRow.columns} FROM webhook_endpoints WHERE workspace_id = ${workspaceId} ORDER BY number`,
    webhookRow.parse,
  );

export const webhookQuery = (
  db: Database,
  workspaceId: string,
  key: { number: number } | { id: string },
): Query<Webhook | null> =>
  one(
    sql(db)`SELECT ${webhookRow.columns} FROM webhook_endpoints
      WHERE workspace_id = ${workspaceId} AND ${set(key)}`,
    webhookRow.parse,
  );

/** A guard of its own: fails the batch unless the webhook is there and active. */
export const assertActive = (db: Database, workspaceId: string, id: string): D1PreparedStatement =>
  sql(db)`INSERT INTO assertion (actual, expected) SELECT COUNT(*), 1 FROM webhook_endpoints
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND state = 'active'`;

/** Takes its number from the counter that the same batch has raised. */
export const insertWebhook = (
  db: Database,
  workspaceId: string,
  webhook: Pick<Webhook, "id" | "url" | "description" | "events" | "profile" | "createdBy">,
  secret: string,
  now: string,
): D1PreparedStatement => {
  const number = currentNumber(workspaceId, "webhook");
  const values = {
    workspaceId,
    ...webhookRow.of(webhook),
    number,
    state: "active",
    secret,
    createdAt: now,
    updatedAt: now,
  };
  return sql(db)`INSERT INTO webhook_endpoints ${row(values)}`;
};

/** Follow with `assertChanges()`: it may have been deleted meanwhile. */
export const updateWebhook = (
  db: Database,
  workspaceId: string,
  webhook: Pick<Webhook, "id" | "url" | "description" | "events" | "profile">,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE webhook_endpoints SET url = ${webhook.url}, description = ${webhook.description},
      events = ${webhook.events}, profile = ${webhook.profile}, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${webhook.id}`;

/** Follow with `assertChanges()`. */
export const disableWebhook = (
  db: Database,
  workspaceId: string,
  id: string,
  reason: DisabledReason,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE webhook_endpoints
    SET state = 'disabled', disabled_reason = ${reason}, disabled_at = ${now}, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND state ${leadingTo("webhook", "disabled")}`;

/** What it has failed before counts no more. Follow with `assertChanges()`. */
export const enableWebhook = (db: Database, workspaceId: string, id: string, now: string): D1PreparedStatement =>
  sql(db)`UPDATE webhook_endpoints SET state = 'active', disabled_reason = NULL, disabled_at = NULL, failures = 0,
      failing_since = NULL, last_error = NULL, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND state ${leadingTo("webhook", "active")}`;

/** The secret before signs as well until then; null: not at all. Follow with `assertChanges()`. */
export const rotateWebhookSecret = (
  db: Database,
  workspaceId: string,
  id: string,
  rotated: { secret: string; oldUntil: string | null },
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE webhook_endpoints SET old_secret = ${rotated.oldUntil === null ? null : fragment`secret`},
      old_secret_until = ${rotated.oldUntil}, secret = ${rotated.secret}, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${id}`;

/** Forgets secrets that sign no more, across workspaces. */
export const forgetOldSecrets = (db: Database, now: string): D1PreparedStatement =>
  sql(db)`UPDATE webhook_endpoints SET old_secret = NULL, old_secret_until = NULL
    WHERE old_secret IS NOT NULL AND old_secret_until <= ${now}`;

/** Follow with `assertChanges()`. */
export const deleteWebhook = (db: Database, workspaceId: string, id: string): D1PreparedStatement =>
  sql(db)`DELETE FROM webhook_endpoints WHERE workspace_id = ${workspaceId} AND id = ${id}`;

/** An attempt has failed. */
export const countWebhookFailure = (
  db: Database,
  workspaceId: string,
  id: string,
  error: string,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE webhook_endpoints
    SET failures = failures + 1, failing_since = COALESCE(failing_since, ${now}), last_error = ${error}
    WHERE workspace_id = ${workspaceId} AND id = ${id}`;

/** An attempt has succeeded. */
export const forgetWebhookFailures = (db: Database, workspaceId: string, id: string): D1PreparedStatement =>
  sql(db)`UPDATE webhook_endpoints SET failures = 0, failing_since = NULL, last_error = NULL
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND failures > 0`;
