import * as z from "zod/mini";
import { cronJobs } from "../../shared/schedules.ts";
import { indexMessage, maxRowsPerTask, type IndexMessage } from "../../shared/targets/index-protocol.ts";
import { traceIdOf } from "../../shared/trace.ts";
import type { ApplyJob, JobKey } from "../service/target.ts";
import type { RowName } from "../service/rows.ts";
import { maxPruned, prunedBefore } from "../service/prune.ts";
import { revisionSql } from "../service/write-rows.ts";
import { vectorIdOf } from "./content.ts";
import type { AiAgentEnv } from "./bindings.ts";

const firstResendMs = 30_000;
/** An unreported task is sent again after 30 s. The delay doubles with every send, to at most 15 minutes. */
const resendSql = `min(900000, ${firstResendMs} << min(sends, 10))`;
/** Scalar SQL over index_tasks: a column of the job's receipt. NULL for a reindex, which has no receipt. */
export const ofReceiptSql = (column: "attempt" | "traceparent"): string =>
  `(SELECT ${column} FROM receipts WHERE receipts.portfolio_id = index_tasks.portfolio_id
     AND receipts.job_id = index_tasks.job_id)`;

/** Of a claimed task, for `sendTasks`. */
const dueColumns = `task_id AS taskId, portfolio_id AS portfolioId, job_id AS jobId, rows,
  coalesce(${ofReceiptSql("attempt")}, 1) AS attempt, ${ofReceiptSql("traceparent")} AS traceparent`;

/** 100 rows are at most 13 KB, and a batch of messages 256 KB. */
const messagesPerBatch = 15;

/**
 * The index work of a commit: the desired version of each row's vector, and the tasks that update the vectors. The last
 * statement returns the tasks, to be sent.
 */
export const writeIndexTasks = async (db: D1Database, job: ApplyJob): Promise<D1PreparedStatement[]> => {
  const { inserts, updates, deletes } = job.operations;
  const written = [...inserts, ...updates].map(({ entityType, id }) => ({ entityType, id, deleted: false }));
  const removed = deletes.map(({ entityType, id }) => ({ entityType, id, deleted: true }));
  const rows = await Promise.all(
    [...written, ...removed].map(async (row) => ({ ...row, vectorId: await vectorIdOf(job.portfolioId, row) })),
  );
  return [
    db
      .prepare(
        `INSERT INTO vectors (portfolio_id, entity_type, id, vector_id, desired_version)
         SELECT ?1, value ->> '$.entityType', value ->> '$.id', value ->> '$.vectorId',
           CASE WHEN value ->> '$.deleted' THEN NULL ELSE ${revisionSql} END
         FROM json_each(?3) WHERE true
         ON CONFLICT (portfolio_id, entity_type, id) DO UPDATE SET desired_version = excluded.desired_version`,
      )
      .bind(job.portfolioId, job.jobId, JSON.stringify(rows)),
    insertTasks(db, job, rows, job.nowMs, 1),
  ];
};

/**
 * The rows as tasks of the job, each small enough for one message.
 * @param sends 1: the batch claims them, and its request sends them
 */
export const insertTasks = (
  db: D1Database,
  job: JobKey,
  rows: readonly RowName[],
  nowMs: number,
  sends: 0 | 1 = 0,
): D1PreparedStatement => {
  const tasks = [];
  for (let start = 0; start < rows.length; start += maxRowsPerTask) {
    const named = rows.slice(start, start + maxRowsPerTask).map(({ entityType, id }) => ({ entityType, id }));
    tasks.push({ taskId: crypto.randomUUID(), rows: named });
  }
  return db
    .prepare(
      `INSERT INTO index_tasks (task_id, portfolio_id, job_id, rows, sends, due_at_ms, created_at)
       SELECT value ->> '$.taskId', ?1, ?2, value -> '$.rows', ?4, ?5, ?6 FROM json_each(?3) WHERE true
       RETURNING ${dueColumns}`,
    )
    .bind(
      job.portfolioId,
      job.jobId,
      JSON.stringify(tasks),
      sends,
      nowMs + sends * firstResendMs,
      new Date(nowMs).toISOString(),
    );
};

const dueTask = z.object({
  taskId: z.string(),
  portfolioId: z.string(),
  jobId: z.string(),
  attempt: z.int(),
  rows: z.string(),
  traceparent: z.nullable(z.string()),
});

/** Due tasks, all of them or one job's, for `sendTasks`. Each is due again later even if the send succeeds. */
const claimDueTasks = (db: D1Database, nowMs: number, job?: JobKey): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE index_tasks SET due_at_ms = ?1 + ${resendSql}, sends = sends + 1
     WHERE task_id IN (SELECT task_id FROM index_tasks WHERE state = 'open' AND due_at_ms <= ?1
       AND (?2 IS NULL OR (portfolio_id = ?2 AND job_id = ?3)) LIMIT ?4)
     RETURNING ${dueColumns}`,
    )
    .bind(nowMs, job?.portfolioId ?? null, job?.jobId ?? null, cronJobs.unfinished.max);

/** Sends due tasks to the queue, all of them or one job's. */
export const sendDueTasks = async (env: AiAgentEnv, nowMs: number, job?: JobKey): Promise<void> =>
  sendTasks(env, await claimDueTasks(env.DB, nowMs, job).run());

/** Sends claimed tasks: the row is authoritative, and the message only wakes the consumer. */
export const sendTasks = async (env: Pick<AiAgentEnv, "INDEX_QUEUE">, { results }: D1Result): Promise<void> => {
  const messages = results.map((row): { body: IndexMessage } => {
    const { traceparent, rows, ...task } = z.parse(dueTask, row);
    const traceId = traceIdOf(traceparent) ?? undefined;
    return { body: z.parse(indexMessage, { ...task, rows: JSON.parse(rows), ...(traceId ? { traceId } : {}) }) };
  });
  for (let start = 0; start < messages.length; start += messagesPerBatch) {
    await env.INDEX_QUEUE.sendBatch(messages.slice(start, start + messagesPerBatch));
  }
};

/** Tasks that are done; until then a repeated request for a rebuild counts their rows. */
export const pruneTasks = async (db: D1Database, nowMs: number): Promise<void> => {
  await db
    .prepare(
      `DELETE FROM index_tasks WHERE task_id IN (SELECT task_id FROM index_tasks
         WHERE state = 'done' AND created_at < ?1 ORDER BY created_at LIMIT ?2)`,
    )
    .bind(prunedBefore(nowMs), maxPruned)
    .run();
};
