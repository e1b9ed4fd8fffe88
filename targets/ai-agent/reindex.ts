/** Rebuilds the index of every live row of a portfolio: for an index that was emptied, moved or has lost vectors. */
import * as z from "zod/mini";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { commitBatch } from "../service/assertion.ts";
import { readLiveRows } from "../service/rows.ts";
import type { JobKey, ReindexKey } from "../service/target.ts";
import type { AiAgentEnv } from "./bindings.ts";
import { vectorIdOf } from "./content.ts";
import { insertTasks } from "./tasks.ts";

/** The prefix of a reindex in the table of tasks. No receipt has such an id, so the tasks send no webhooks. */
export const reindexTasks = ({ portfolioId, requestId }: ReindexKey): JobKey => ({
  portfolioId,
  jobId: `reindex:${requestId}`,
});

/**
 * Hands all live rows to the index consumer, which embeds rows with a missing or outdated vector. A repeated request
 * changes nothing.
 * @returns the number of rows that the request covers
 */
export const recordReindex = async (env: AiAgentEnv, key: ReindexKey, nowMs: number): Promise<number> => {
  const { DB: db } = env;
  const job = reindexTasks(key);
  const live = await readLiveRows(db, "hard", key.portfolioId);
  const rows = await Promise.all(
    live.map(async ({ entityType, id }) => ({
      entityType,
      id,
      vectorId: await vectorIdOf(key.portfolioId, { entityType, id }),
    })),
  );
  const types = entityTypes.filter((type) => rows.some(({ entityType }) => entityType === type));
  await commitBatch(db, [
    assertNoTasks(db, job),
    ...types.map((type) => {
      const named = rows.filter(({ entityType }) => entityType === type);
      // A row that was deleted since the read has no version, and keeps its tombstone.
      return db
        .prepare(
          `INSERT INTO vectors (portfolio_id, entity_type, id, vector_id, desired_version)
           SELECT ?1, ?2, ${type}.id, named.value ->> '$.vectorId', ${type}.version
           FROM json_each(?3) AS named CROSS JOIN ${type}
           WHERE ${type}.portfolio_id = ?1 AND ${type}.id = named.value ->> '$.id'
           ON CONFLICT (portfolio_id, entity_type, id) DO UPDATE SET desired_version = excluded.desired_version,
             indexed_version = NULL, submitted_version = NULL, submitted_at_ms = NULL`,
        )
        .bind(key.portfolioId, type, JSON.stringify(named));
    }),
    insertTasks(db, job, rows, nowMs),
  ]);
  return countRows(db, job);
};

/** Rolls the batch back when the request was recorded before. */
const assertNoTasks = (db: D1Database, { portfolioId, jobId }: JobKey): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT count(*), 0 FROM index_tasks WHERE portfolio_id = ?1 AND job_id = ?2`,
    )
    .bind(portfolioId, jobId);

const countRows = async (db: D1Database, { portfolioId, jobId }: JobKey): Promise<number> => {
  const rows = await db
    .prepare(
      "SELECT coalesce(sum(json_array_length(rows)), 0) AS count FROM index_tasks WHERE portfolio_id = ?1 AND job_id = ?2",
    )
    .bind(portfolioId, jobId)
    .first("count");
  return z.parse(z.int(), rows);
};
