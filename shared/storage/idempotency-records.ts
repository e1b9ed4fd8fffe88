import * as z from "zod/mini";
import { type Query, jsonText, one } from "./database.ts";
import { jsonOf } from "./from-batch.ts";
import { type At, type Sql, row, sql } from "./sql.ts";

/** First statement of a batch: an existing key fails the batch, which `write` reports as "repeated". */
export const insertIdempotencyRecord = (at: At, key: string): Sql =>
  sql`INSERT INTO idempotency_records ${row({ workspaceId: at.workspaceId, key, createdAt: at.now })}`;

/**
 * Saves what the request led to, so that a repeat is answered with the same; one that is too long is not saved. It
 * follows all that it is made of in the batch.
 */
export const saveResult = (workspaceId: string, key: string, result: unknown): Sql =>
  sql`UPDATE idempotency_records SET result = ${jsonOf(result)}
    WHERE workspace_id = ${workspaceId} AND key = ${key}`;

const recordSchema = z.object({
  /** What it led to; null where that was not saved. */
  result: z.nullable(jsonText(z.unknown())),
});
/** Of a request that has had its effect. */
export type IdempotencyRecord = z.infer<typeof recordSchema>;

/** Null while the request has had no effect. */
export const idempotencyRecordQuery = (workspaceId: string, key: string): Query<IdempotencyRecord | null> =>
  one(recordSchema)`SELECT result FROM idempotency_records WHERE workspace_id = ${workspaceId} AND key = ${key}`;

/** How many parts of the request, each with a key of its own below the request's, have had their effect. */
export const recordedPartsQuery = (workspaceId: string, key: string): Query<number> => ({
  statement: sql`SELECT 1 FROM idempotency_records
    WHERE workspace_id = ${workspaceId} AND key > ${`${key}:`} AND key < ${`${key};`}`,
  parse: (rows) => rows.length,
});

/**
 * Forgets what came in before `before`, across workspaces: at most `limit`, oldest first. Slack and targets repeat
 * within minutes; we keep days.
 */
export const pruneIdempotencyRecords = (before: string, limit: number): Sql =>
  sql`DELETE FROM idempotency_records WHERE (workspace_id, key) IN (SELECT workspace_id, key FROM idempotency_records
    WHERE created_at < ${before} ORDER BY created_at LIMIT ${limit})`;
