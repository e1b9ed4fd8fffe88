import * as z from "zod/mini";
import { type Database, type Query, jsonText, one } from "./database.ts";
import { jsonOf } from "./from-batch.ts";
import { row, sql } from "./sql.ts";

/** First statement of a batch: an existing key fails the batch, which `write` reports as "repeated". */
export const insertIdempotencyRecord = (
  db: Database,
  workspaceId: string,
  key: string,
  now: string,
): D1PreparedStatement => sql(db)`INSERT INTO idempotency_records ${row({ workspaceId, key, createdAt: now })}`;

/**
 * Saves what the request led to, so that a repeat is answered with the same; one that is too long is not saved. It
 * follows all that it is made of in the batch.
 */
export const saveResult = (db: Database, workspaceId: string, key: string, result: unknown): D1PreparedStatement =>
  sql(db)`UPDATE idempotency_records SET result = ${jsonOf(result)}
    WHERE workspace_id = ${workspaceId} AND key = ${key}`;

/** Of a request that has had its effect. */
export interface IdempotencyRecord {
  /** What it led to; null where that was not saved. */
  result: unknown;
}

const recordRow = z.object({ result: z.nullable(jsonText(z.unknown())) });

/** Null while the request has had no effect. */
export const idempotencyRecordQuery = (
  db: Database,
  workspaceId: string,
  key: string,
): Query<IdempotencyRecord | null> =>
  one(
    sql(db)`SELECT result FROM idempotency_records WHERE workspace_id = ${workspaceId} AND key = ${key}`,
    (found): IdempotencyRecord => recordRow.parse(found),
  );

/** How many parts of the request, each with a key of its own below the request's, have had their effect. */
export const recordedPartsQuery = (db: Database, workspaceId: string, key: string): Query<number> => ({
  statement: sql(db)`SELECT 1 FROM idempotency_records
    WHERE workspace_id = ${workspaceId} AND key > ${`${key}:`} AND key < ${`${key};`}`,
  parse: (rows) => rows.length,
});

/** Forgets what came in before `before`, across workspaces. Slack and targets repeat within minutes; we keep days. */
export const pruneIdempotencyRecords = (db: Database, before: string): D1PreparedStatement =>
  sql(db)`DELETE FROM idempotency_records WHERE created_at < ${before}`;
