import type { IndexReport } from "../../shared/targets/index-protocol.ts";
import { writeCallback } from "../service/callbacks.ts";
import type { Claimed } from "../service/claimed.ts";
import { claimStatements, claimedBy } from "../service/deliver.ts";
import { liveCountSql } from "../service/rows.ts";
import type { JobKey } from "../service/target.ts";
import { type IndexTask, submittedStatements, taskIn, taskStatement } from "./work.ts";

/** Scalar SQL: the number of vectors of portfolio `?1` at the last check of the index. */
export const vectorCountSql = "coalesce((SELECT vector_count FROM row_counts WHERE portfolio_id = ?1), 0)";

/**
 * Records the consumer's view of the index. The job's last task writes `job.searchable` and `job.verified`.
 * @returns whether all rows of the task have their current vectors, and a report for this invocation to send
 */
export const recordReport = async (
  db: D1Database,
  job: JobKey,
  report: IndexReport,
  nowMs: number,
): Promise<{ task: IndexTask | null; done: boolean; callback: Claimed | null }> => {
  const results = await db.batch([
    ...submittedStatements(db, job.portfolioId, report.submitted ?? [], nowMs),
    ...vectorStatements(db, job.portfolioId, report),
    // What was only submitted confirms nothing: a later report does.
    ...(isOnlySubmitted(report) ? [] : settled(db, job, report.taskId, nowMs)),
    taskStatement(db, report.taskId),
  ]);
  const task = taskIn(results.at(-1)?.results ?? []);
  return {
    task,
    done: task?.isOpen !== true,
    callback: isOnlySubmitted(report) ? null : claimedBy(results.slice(0, -1)),
  };
};

const settled = (db: D1Database, job: JobKey, taskId: string, nowMs: number): D1PreparedStatement[] => [
  settleTask(db, taskId),
  ...settleJob(db, job, nowMs),
  ...claimStatements(db, job, nowMs),
];

const isOnlySubmitted = ({ submitted = [], confirmed, gone }: IndexReport): boolean =>
  submitted.length > 0 && confirmed.length === 0 && gone.length === 0;

const vectorStatements = (
  db: D1Database,
  portfolioId: string,
  { confirmed, gone }: IndexReport,
): D1PreparedStatement[] => [
  ...confirmed.map((vector) => confirm(db, portfolioId, vector)),
  ...(gone.length === 0 ? [] : forget(db, portfolioId, gone)),
];

/** A vector of another version than its row's is outdated: the row is pending again. */
const confirm = (
  db: D1Database,
  portfolioId: string,
  { vectorId, version, contentHash, name }: IndexReport["confirmed"][number],
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE vectors SET content_hash = ?3, name = ?4,
         indexed_version = CASE WHEN desired_version = ?5 THEN desired_version END
       WHERE portfolio_id = ?1 AND vector_id = ?2`,
    )
    .bind(portfolioId, vectorId, contentHash, name, version);

const forget = (db: D1Database, portfolioId: string, gone: readonly string[]): D1PreparedStatement[] => [
  db
    .prepare(
      `DELETE FROM vectors WHERE portfolio_id = ?1 AND desired_version IS NULL
         AND vector_id IN (SELECT value FROM json_each(?2))`,
    )
    .bind(portfolioId, JSON.stringify(gone)),
  // The row was inserted again during the deletion of its old vector: the order of the two is unknown.
  db
    .prepare(
      `UPDATE vectors SET indexed_version = NULL, content_hash = NULL, submitted_version = NULL
       WHERE portfolio_id = ?1 AND vector_id IN (SELECT value FROM json_each(?2))`,
    )
    .bind(portfolioId, JSON.stringify(gone)),
];

/** A task is open while one of its rows has a vector of another version, or a tombstone. */
const settleTask = (db: D1Database, taskId: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE index_tasks SET state = CASE WHEN EXISTS (
           SELECT 1 FROM json_each(index_tasks.rows) AS named CROSS JOIN vectors
           WHERE vectors.portfolio_id = index_tasks.portfolio_id
             AND vectors.entity_type = named.value ->> '$.entityType' AND vectors.id = named.value ->> '$.id'
             AND (vectors.desired_version IS NULL OR vectors.indexed_version IS NOT vectors.desired_version)
         ) THEN 'open' ELSE 'done' END
       WHERE task_id = ?1`,
    )
    .bind(taskId);

/** Reports once, after the job's last task, that the job is searchable and verified. */
const settleJob = (db: D1Database, job: JobKey, nowMs: number): D1PreparedStatement[] => {
  // Each of these statements changes a row only when the previous one did.
  const when = "changes() = 1";
  const counts = `'d1Count', ${liveCountSql}, 'vectorCount', ${vectorCountSql}`;
  const result = `json_object(${counts}, 'synced', json('true'))`;
  const about = { target: "ai-agent", when };
  return [
    db
      .prepare(
        `UPDATE receipts SET searchable_at = ?3, verified_at = ?3
         WHERE portfolio_id = ?1 AND job_id = ?2 AND searchable_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM index_tasks WHERE portfolio_id = ?1 AND job_id = ?2 AND state = 'open')`,
      )
      .bind(job.portfolioId, job.jobId, new Date(nowMs).toISOString()),
    writeCallback(db, job, { type: "job.searchable", ...about, set: { "$.vectorCount": vectorCountSql } }, nowMs),
    writeCallback(db, job, { type: "job.verified", ...about, set: { "$.result": result } }, nowMs),
  ];
};
