import * as z from "zod/mini";
import type { Database } from "./database.ts";
import { FromBatch } from "./from-batch.ts";

export type Counter = "change" | "commit" | "push" | "dead_letter" | "token" | "webhook";

/** Raises a counter; in the same batch `currentNumber` reads it. Two concurrent batches get two numbers. */
export const takeNumber = (db: Database, workspaceId: string, counter: Counter): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO counters (workspace_id, name, value) VALUES (?1, ?2, 1)
       ON CONFLICT (workspace_id, name) DO UPDATE SET value = value + 1`,
    )
    .bind(workspaceId, counter);

/** SQL that reads the number just taken; `?1` is the workspace. */
export const currentNumber = (counter: Counter): string =>
  `(SELECT value FROM counters WHERE workspace_id = ?1 AND name = '${counter}')`;

/** The number that the batch takes. */
export const takenNumber = (workspaceId: string, counter: Counter): FromBatch<number> =>
  new FromBatch(currentNumber(counter), [workspaceId], z.int());
