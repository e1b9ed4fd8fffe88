/** Who gets events over HTTP. Secrets are read by `deliveryToSendQuery` alone. */
import { type DisabledReason, type Webhook, webhookSchema } from "../../domain/webhooks/webhook.ts";
import { currentNumber } from "../counters.ts";
import { type Batch, type Query, assertCount, many, mustChange, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, leadingTo, row, set, sql } from "../sql.ts";

const webhookRow = rowOf(webhookSchema, { table: "webhook_endpoints" });

/** In the order in which they were made. */
export const webhooksQuery = (workspaceId: string): Query<Webhook[]> =>
  many(
    webhookRow,
  )`SELECT ${webhookRow.columns} FROM webhook_endpoints WHERE workspace_id = ${workspaceId} ORDER BY number`;

export const webhookQuery = (workspaceId: string, key: { number: number } | { id: string }): Query<Webhook | null> =>
  one(webhookRow)`SELECT ${webhookRow.columns} FROM webhook_endpoints
    WHERE workspace_id = ${workspaceId} AND ${set(key)}`;

/** Fails the batch unless the webhook is there and active. */
export const assertActive = (workspaceId: string, id: string): Sql =>
  assertCount(1)`webhook_endpoints
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND state = 'active'`;

/** Takes its number from the counter that the same batch has raised. */
export const insertWebhook = (
  at: At,
  webhook: Pick<Webhook, "id" | "url" | "description" | "events" | "profile" | "createdBy">,
  secret: string,
): Sql => {
  const number = currentNumber(at.workspaceId, "webhook");
  const values = {
    workspaceId: at.workspaceId,
    ...webhookRow.of(webhook),
    number,
    state: "active",
    secret,
    createdAt: at.now,
    updatedAt: at.now,
  };
  return sql`INSERT INTO webhook_endpoints ${row(values)}`;
};

export const updateWebhook = (
  at: At,
  webhook: Pick<Webhook, "id" | "url" | "description" | "events" | "profile">,
): Batch =>
  mustChange(sql`UPDATE webhook_endpoints SET url = ${webhook.url}, description = ${webhook.description},
      events = ${webhook.events}, profile = ${webhook.profile}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${webhook.id}`);

export const disableWebhook = (at: At, id: string, reason: DisabledReason): Batch =>
  mustChange(sql`UPDATE webhook_endpoints
    SET state = 'disabled', disabled_reason = ${reason}, disabled_at = ${at.now}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id} AND state ${leadingTo("webhook", "disabled")}`);

/** What it has failed before counts no more. */
export const enableWebhook = (at: At, id: string): Batch =>
  mustChange(sql`UPDATE webhook_endpoints SET state = 'active', disabled_reason = NULL, disabled_at = NULL, failures = 0,
      failing_since = NULL, last_error = NULL, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id} AND state ${leadingTo("webhook", "active")}`);

/** The secret before signs as well until then; null: not at all. */
export const rotateWebhookSecret = (at: At, id: string, rotated: { secret: string; oldUntil: string | null }): Batch =>
  mustChange(sql`UPDATE webhook_endpoints SET old_secret = ${rotated.oldUntil === null ? null : sql`secret`},
      old_secret_until = ${rotated.oldUntil}, secret = ${rotated.secret}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id}`);

/** Forgets secrets that sign no more, across workspaces. */
export const forgetOldSecrets = (now: string): Sql =>
  sql`UPDATE webhook_endpoints SET old_secret = NULL, old_secret_until = NULL
    WHERE old_secret IS NOT NULL AND old_secret_until <= ${now}`;

export const deleteWebhook = (workspaceId: string, id: string): Batch =>
  mustChange(sql`DELETE FROM webhook_endpoints WHERE workspace_id = ${workspaceId} AND id = ${id}`);

/** An attempt has failed. */
export const countWebhookFailure = (at: At, id: string, error: string): Sql =>
  sql`UPDATE webhook_endpoints
    SET failures = failures + 1, failing_since = COALESCE(failing_since, ${at.now}), last_error = ${error}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id}`;

/** An attempt has succeeded. */
export const forgetWebhookFailures = (workspaceId: string, id: string): Sql =>
  sql`UPDATE webhook_endpoints SET failures = 0, failing_since = NULL, last_error = NULL
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND failures > 0`;
