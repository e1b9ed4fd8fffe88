import * as z from "zod/mini";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import type { IndexWork, RowToIndex, SubmittedRow } from "../../shared/targets/index-protocol.ts";
import { traceIdOf } from "../../shared/trace.ts";
import { writeCallback } from "../service/callbacks.ts";
import { readNamedRows, rowKey, type RowName } from "../service/rows.ts";
import type { JobKey } from "../service/target.ts";
import { contentOf } from "./content.ts";
import { ofReceiptSql } from "./tasks.ts";

/** A vector that is not visible after this time is embedded and sent again, milliseconds. */
const submissionMs = 60_000;
const indexingPercent = 60;

const task = z.object({
  portfolioId: z.string(),
  jobId: z.string(),
  state: z.enum(["open", "done"]),
  rows: z.string(),
  traceparent: z.nullable(z.string()),
});
const rowNames = z.array(z.object({ entityType: z.enum(entityTypes), id: z.string() }));

interface IndexTask extends JobKey {
  isOpen: boolean;
  rows: RowName[];
  /** The trace of the push that caused the task, or null. */
  traceId: string | null;
}

export const readTask = async (db: D1Database, taskId: string): Promise<IndexTask | null> => {
  const row = await db
    .prepare(
      `SELECT portfolio_id AS portfolioId, job_id AS jobId, state, rows,
         ${ofReceiptSql("traceparent")} AS traceparent
       FROM index_tasks WHERE task_id = ?1`,
    )
    .bind(taskId)
    .first();
  if (!row) return null;
  const { state, rows, traceparent, ...job } = z.parse(task, row);
  const traceId = traceIdOf(traceparent);
  return { ...job, isOpen: state === "open", rows: z.parse(rowNames, JSON.parse(rows)), traceId };
};

const vectorState = z.object({
  entityType: z.enum(entityTypes),
  id: z.string(),
  vectorId: z.string(),
  desiredVersion: z.nullable(z.int()),
  submittedVersion: z.nullable(z.int()),
  submittedAtMs: z.nullable(z.int()),
});

/** The current rows of the task. Reports once for each job that indexing has indexingReported. */
export const takeWork = async (
  db: D1Database,
  { rows: names, ...job }: IndexTask,
  nowMs: number,
): Promise<IndexWork> => {
  const stored = await readNamedRows(db, "hard", job.portfolioId, names);
  const indexingReported =
    "(SELECT 1 FROM callbacks WHERE portfolio_id = ?1 AND job_id = ?2 AND body ->> '$.stage' = 'indexing')";
  const [answer] = await db.batch([
    db
      .prepare(
        `SELECT entity_type AS entityType, vectors.id, vector_id AS vectorId, desired_version AS desiredVersion,
           submitted_version AS submittedVersion, submitted_at_ms AS submittedAtMs
         FROM json_each(?2) AS named CROSS JOIN vectors
         WHERE portfolio_id = ?1 AND entity_type = named.value ->> '$.entityType' AND vectors.id = named.value ->> '$.id'`,
      )
      .bind(job.portfolioId, JSON.stringify(names)),
    writeCallback(
      db,
      job,
      {
        type: "job.progress",
        target: "ai-agent",
        fields: { stage: "indexing", percent: indexingPercent },
        when: `searchable_at IS NULL AND NOT EXISTS ${indexingReported}`,
      },
      nowMs,
    ),
  ]);

  const work: IndexWork = { portfolioId: job.portfolioId, rows: [], tombstones: [] };
  for (const result of answer?.results ?? []) {
    const { desiredVersion, submittedVersion, submittedAtMs, ...named } = z.parse(vectorState, result);
    const row = stored.get(rowKey(named));
    if (row) {
      const submitted = submittedVersion === row.version && nowMs - (submittedAtMs ?? 0) < submissionMs;
      const content = await contentOf(named.entityType, row.values);
      work.rows.push({ ...named, ...content, version: row.version, submitted } satisfies RowToIndex);
    } else if (desiredVersion === null) {
      work.tombstones.push(named);
    }
  }
  return work;
};

export const recordSubmitted = async (
  db: D1Database,
  portfolioId: string,
  rows: SubmittedRow[],
  nowMs: number,
): Promise<void> => {
  await db
    .prepare(
      `WITH sent AS MATERIALIZED (SELECT value, value ->> '$.vectorId' AS vector_id FROM json_each(?2))
       UPDATE vectors SET submitted_version = value ->> '$.version', submitted_at_ms = ?3
       FROM sent WHERE portfolio_id = ?1 AND vectors.vector_id = sent.vector_id`,
    )
    .bind(portfolioId, JSON.stringify(rows), nowMs)
    .run();
};
