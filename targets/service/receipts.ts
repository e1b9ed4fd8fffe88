import * as z from "zod/mini";
import { type AppliedJobs, appliedJobs, applyResult, conflict, type JobReport } from "../../shared/targets/protocol.ts";
import { liveCountSql } from "./rows.ts";
import type { ApplyJob, JobKey, Target, TargetEnv } from "./target.ts";

/** The outcome of a job. A receipt is never deleted: it ensures that a key is applied at most once. */
const receipt = z.object({
  attempt: z.int(),
  state: z.enum(["applied", "conflicted", "cancelled"]),
  revision: z.nullable(z.int()),
  result: z.nullable(applyResult),
  conflicts: z.nullable(z.array(conflict)),
  searchable_at: z.nullable(z.string()),
  verified_at: z.nullable(z.string()),
});
export type Receipt = z.infer<typeof receipt>;

export const readReceipt = async (db: D1Database, { portfolioId, jobId }: JobKey): Promise<Receipt | null> => {
  const row = await db
    .prepare(
      `SELECT attempt, state, revision, result, conflicts, searchable_at, verified_at FROM receipts
       WHERE portfolio_id = ?1 AND job_id = ?2`,
    )
    .bind(portfolioId, jobId)
    .first();
  return row ? z.parse(receipt, { ...row, result: json(row["result"]), conflicts: json(row["conflicts"]) }) : null;
};

const maxListed = 100;

/** The last ones before the revision, newest first. What writes rows by other ways has no callback. */
export const readAppliedJobs = async (
  db: D1Database,
  portfolioId: string,
  before: number = Number.MAX_SAFE_INTEGER,
): Promise<AppliedJobs> => {
  const { results } = await db
    .prepare(
      `SELECT job_id AS jobId, attempt, updated_at AS appliedAt, revision, commit_number AS number, commit_hash AS hash,
         written_rows AS rows
       FROM receipts WHERE portfolio_id = ?1 AND revision < ?2 AND revision IS NOT NULL AND callback_url IS NOT NULL
       ORDER BY revision DESC LIMIT ${maxListed}`,
    )
    .bind(portfolioId, before)
    .all();
  const jobs = results.map(({ number, hash, rows, ...job }) => ({
    ...job,
    commit: number === null ? null : { number, hash },
    rows: json(rows),
  }));
  return z.parse(appliedJobs, { jobs });
};

/** What a job of so many rows wrote is not listed. */
const maxWrittenRows = 200;

const writtenRows = ({ operations: { inserts, updates, deletes } }: ApplyJob): string | null => {
  const rows = [...inserts, ...updates, ...deletes].map(({ entityType, id }) => ({ entityType, id }));
  return rows.length > maxWrittenRows ? null : JSON.stringify(rows);
};

const json = (text: unknown): unknown => (typeof text === "string" ? JSON.parse(text) : null);

/** An attempt may take the key when it is higher than the last refused or fenced attempt. */
const takesKeySql = "receipts.state <> 'applied' AND receipts.attempt < excluded.attempt";

/** Takes the key and the portfolio's next revision. Changes no row when the key is taken. */
export const takeKey = (db: D1Database, job: ApplyJob): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO receipts (portfolio_id, job_id, attempt, state, revision, callback_url, traceparent, created_at,
         updated_at, commit_number, commit_hash, written_rows)
       SELECT ?1, ?2, ?3, 'applied', coalesce(max(revision), 0) + 1, ?4, ?5, ?6, ?6, ?7, ?8, ?9 FROM receipts
       WHERE portfolio_id = ?1
       ON CONFLICT (portfolio_id, job_id) DO UPDATE SET attempt = excluded.attempt, state = excluded.state,
         revision = excluded.revision, callback_url = excluded.callback_url, traceparent = excluded.traceparent,
         conflicts = NULL, updated_at = excluded.updated_at, commit_number = excluded.commit_number,
         commit_hash = excluded.commit_hash, written_rows = excluded.written_rows
       WHERE ${takesKeySql}`,
    )
    .bind(
      job.portfolioId,
      job.jobId,
      job.request.attempt,
      job.request.callbackUrl,
      job.traceparent,
      iso(job.nowMs),
      job.request.commit.number,
      job.request.commit.hash,
      writtenRows(job),
    );

/** Stores the result with the counts after the rows of the same batch. */
export const recordResult = <Env extends TargetEnv>(
  db: D1Database,
  target: Target<Env>,
  { portfolioId, jobId, operations }: ApplyJob,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE receipts SET result = json_object('inserted', ?3, 'updated', ?4, 'deleted', ?5,
         'd1Count', ${liveCountSql}, 'vectorCount', ${target.vectorCountSql},
         'synced', json('${target.syncedWhenApplied}'))
       WHERE portfolio_id = ?1 AND job_id = ?2`,
    )
    .bind(portfolioId, jobId, operations.inserts.length, operations.updates.length, operations.deletes.length);

/** Records that an attempt was refused because of conflicts. */
export const recordConflicts = (db: D1Database, job: ApplyJob, conflicts: unknown[]): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO receipts (portfolio_id, job_id, attempt, state, callback_url, traceparent, conflicts, created_at, updated_at)
       VALUES (?1, ?2, ?3, 'conflicted', ?4, ?5, ?6, ?7, ?7)
       ON CONFLICT (portfolio_id, job_id) DO UPDATE SET attempt = excluded.attempt, state = excluded.state,
         conflicts = excluded.conflicts, updated_at = excluded.updated_at
       WHERE ${takesKeySql}`,
    )
    .bind(
      job.portfolioId,
      job.jobId,
      job.request.attempt,
      job.request.callbackUrl,
      job.traceparent,
      JSON.stringify(conflicts),
      iso(job.nowMs),
    );

/** Fences the key: no attempt up to this one will be applied, unless the job already was. */
export const recordCancel = (db: D1Database, key: JobKey, attempt: number, nowMs: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO receipts (portfolio_id, job_id, attempt, state, created_at, updated_at)
       VALUES (?1, ?2, ?3, 'cancelled', ?4, ?4)
       ON CONFLICT (portfolio_id, job_id) DO UPDATE SET attempt = excluded.attempt, state = excluded.state,
         conflicts = NULL, updated_at = excluded.updated_at
       WHERE receipts.state <> 'applied' AND receipts.attempt <= excluded.attempt`,
    )
    .bind(key.portfolioId, key.jobId, attempt, iso(nowMs));

/** `GET /api/admin/jobs/:jobId`. An apply is one batch, so a job of these targets is never in progress. */
export const reportOf = (jobId: string, existing: Receipt, stageAfterApply: string): JobReport => ({
  jobId,
  attempt: existing.attempt,
  state: existing.state === "conflicted" ? "failed" : existing.state,
  stage: existing.state === "applied" && existing.verified_at === null ? stageAfterApply : null,
  result: existing.result,
  error:
    existing.state === "conflicted"
      ? { code: "conflict", message: `${existing.conflicts?.length ?? 0} rows have changed; nothing was applied.` }
      : null,
  searchableAt: existing.searchable_at,
  verifiedAt: existing.verified_at,
});

const iso = (ms: number): string => new Date(ms).toISOString();
