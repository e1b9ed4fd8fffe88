/** Who gets events over HTTP. Secrets are read by `deliveryToSendQuery`, and by what encrypts them. */
import * as z from "zod/mini";
import { time } from "../../domain/time.ts";
import { type DisabledReason, type Webhook, webhookSchema } from "../../domain/webhooks/webhook.ts";
import { currentNumber } from "../counters.ts";
import { type Batch, type Query, assertCount, many, mustChange, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, leadingTo, row, set, sql, verbatim } from "../sql.ts";

const webhookRow = rowOf(webhookSchema, { table: "webhook_endpoints" });

/** A webhook's secrets as they are stored: encrypted, and until a later release as they are. */
export const storedSecretsSchema = z.object({
  workspaceId: z.string(),
  id: z.string(),
  /** Empty once a later release has encrypted it alone. */
  secret: z.string(),
  sealedSecret: z.nullable(z.string()),
  keyVersion: z.nullable(z.string()),
  oldSecret: z.nullable(z.string()),
  sealedOldSecret: z.nullable(z.string()),
  oldKeyVersion: z.nullable(z.string()),
  /** Until when the old one signs as well. */
  oldSecretUntil: z.nullable(time),
});
export type StoredSecrets = z.infer<typeof storedSecretsSchema>;

const secretsRow = rowOf(storedSecretsSchema, { table: "webhook_endpoints" });

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

/** A secret, as it is for the version before, and encrypted. */
export interface NewSecret {
  plain: string;
  sealed: { keyVersion: string; text: string };
}

/** Takes its number from the counter that the same batch has raised. */
export const insertWebhook = (
  at: At,
  webhook: Pick<Webhook, "id" | "url" | "description" | "events" | "profile" | "createdBy">,
  { plain, sealed }: NewSecret,
): Sql => {
  const number = currentNumber(at.workspaceId, "webhook");
  const values = {
    workspaceId: at.workspaceId,
    ...webhookRow.of(webhook),
    number,
    state: "active",
    secret: plain,
    sealedSecret: sealed.text,
    keyVersion: sealed.keyVersion,
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
export const rotateWebhookSecret = (
  at: At,
  id: string,
  { plain, sealed }: NewSecret,
  oldUntil: string | null,
): Batch => {
  const kept = (column: "secret" | "sealed_secret" | "key_version"): Sql | null =>
    oldUntil === null ? null : verbatim(column);
  return mustChange(sql`UPDATE webhook_endpoints SET old_secret = ${kept("secret")},
      sealed_old_secret = ${kept("sealed_secret")}, old_key_version = ${kept("key_version")},
      old_secret_until = ${oldUntil}, secret = ${plain}, sealed_secret = ${sealed.text},
      key_version = ${sealed.keyVersion}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id}`);
};

/** Forgets secrets that sign no more, across workspaces. */
export const forgetOldSecrets = (now: string): Sql =>
  sql`UPDATE webhook_endpoints SET old_secret = NULL, sealed_old_secret = NULL, old_key_version = NULL,
      old_secret_until = NULL
    WHERE old_secret IS NOT NULL AND old_secret_until <= ${now}`;

/** Webhooks with a secret that is not encrypted. */
export const unsealedSecretsQuery = (limit: number): Query<StoredSecrets[]> =>
  many(secretsRow)`SELECT ${secretsRow.columns} FROM webhook_endpoints WHERE key_version IS NULL LIMIT ${limit}`;

/** Webhooks with an old secret that is not encrypted, or by one of these keys. They are few: a rotation ends. */
export const oldSecretsQuery = (keyVersions: readonly string[], limit: number): Query<StoredSecrets[]> =>
  many(secretsRow)`SELECT ${secretsRow.columns} FROM webhook_endpoints INDEXED BY webhook_endpoints_rotated
    WHERE old_secret IS NOT NULL AND old_secret_until > '' AND (old_key_version IS NULL OR old_key_version ${among(keyVersions)}) LIMIT ${limit}`;

/** Webhooks whose secret one of these keys has encrypted. */
export const secretsByKeyQuery = (keyVersions: readonly string[], limit: number): Query<StoredSecrets[]> =>
  many(secretsRow)`SELECT ${secretsRow.columns} FROM webhook_endpoints
    WHERE key_version ${among(keyVersions)} LIMIT ${limit}`;

const keyCountSchema = z.object({ keyVersion: z.string(), count: z.int() });
const keyCount = { parse: (found: unknown) => keyCountSchema.parse(found) };

/** How many webhooks each key has encrypted the secret of, and how many the old secret. */
export const secretsByKeyCountQueries = () =>
  [
    many(keyCount)`SELECT key_version AS keyVersion, COUNT(*) AS count FROM webhook_endpoints
      WHERE key_version IS NOT NULL GROUP BY key_version`,
    many(keyCount)`SELECT old_key_version AS keyVersion, COUNT(*) AS count
      FROM webhook_endpoints INDEXED BY webhook_endpoints_rotated
      WHERE old_secret IS NOT NULL AND old_secret_until > '' AND old_key_version IS NOT NULL GROUP BY old_key_version`,
  ] as const;

/** Encrypts a webhook's secrets, unless they are others by now. */
export const sealSecrets = (
  before: StoredSecrets,
  sealed: Pick<StoredSecrets, "sealedSecret" | "keyVersion" | "sealedOldSecret" | "oldKeyVersion">,
): Sql =>
  sql`UPDATE webhook_endpoints SET ${set(sealed)}
    WHERE workspace_id = ${before.workspaceId} AND id = ${before.id} AND secret = ${before.secret}
      AND sealed_secret IS ${before.sealedSecret} AND old_secret IS ${before.oldSecret}
      AND sealed_old_secret IS ${before.sealedOldSecret}`;

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
