import * as z from "zod/mini";
import { FromBatch } from "./from-batch.ts";
import { type Sql, sql } from "./sql.ts";

/** A trigger counts deliveries. `replayed_…` do not count up: they hold what a batch has changed, for it alone. */
export type Counter =
  | "change"
  | "commit"
  | "push"
  | "dead_letter"
  | "token"
  | "webhook"
  | "replayed_failed"
  | "replayed_missed";

/** Raises a counter; in the same batch `currentNumber` reads it. Two concurrent batches get two numbers. */
export const takeNumber = (workspaceId: string, counter: Counter): Sql =>
  sql`INSERT INTO counters (workspace_id, name, value) VALUES (${workspaceId}, ${counter}, 1)
    ON CONFLICT (workspace_id, name) DO UPDATE SET value = value + 1`;

/** Follows a statement and keeps how many rows that has changed; in the same batch `currentNumber` reads it. */
export const keepChanges = (workspaceId: string, counter: Counter): Sql =>
  sql`INSERT INTO counters (workspace_id, name, value) VALUES (${workspaceId}, ${counter}, changes())
    ON CONFLICT (workspace_id, name) DO UPDATE SET value = excluded.value`;

/** SQL that reads the number just taken. */
export const currentNumber = (workspaceId: string, counter: Counter): Sql =>
  sql`(SELECT value FROM counters WHERE workspace_id = ${workspaceId} AND name = ${counter})`;

/** The number that the batch takes. */
export const takenNumber = (workspaceId: string, counter: Counter): FromBatch<number> =>
  new FromBatch(currentNumber(workspaceId, counter), z.int());
