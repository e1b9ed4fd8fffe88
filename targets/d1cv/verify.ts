import * as z from "zod/mini";
import type { FieldValues } from "../../shared/domain/portfolio/entity.ts";
import { cronJobs } from "../../shared/schedules.ts";
import { operations as operationsSchema, type Operations, type VerifyBody } from "../../shared/targets/protocol.ts";
import { writeCallback } from "../service/callbacks.ts";
import { toColumn } from "../service/columns.ts";
import { commitBatch, assertChanges } from "../service/assertion.ts";
import { type NamedRows, liveCountSql, namedRows, readLiveRows, rowKey } from "../service/rows.ts";
import type { ApplyJob, JobKey } from "../service/target.ts";
import { validateOperations } from "../service/validate.ts";

const maxVerificationsPerSweep = cronJobs.unfinished.max / 5;
const maxMismatches = 100;

/** Records that the commit has to be read back after its batch. */
export const writeVerification = (db: D1Database, { portfolioId, jobId, operations }: ApplyJob): D1PreparedStatement =>
  db
    .prepare("INSERT INTO verifications (portfolio_id, job_id, operations) VALUES (?1, ?2, ?3)")
    .bind(portfolioId, jobId, JSON.stringify(operations));

const pendingRow = z.object({ operations: z.string(), revision: z.int() });

const pendingOf = (db: D1Database, job: JobKey): D1PreparedStatement =>
  db
    .prepare(
      `SELECT verifications.operations, receipts.revision FROM verifications JOIN receipts USING (portfolio_id, job_id)
       WHERE portfolio_id = ?1 AND job_id = ?2`,
    )
    .bind(job.portfolioId, job.jobId);

const operationsOf = (row: unknown): Operations =>
  z.parse(operationsSchema, JSON.parse(z.parse(pendingRow, row).operations));

/**
 * Reads the rows of an applied commit back, and records whether they equal the commit. Once for each job.
 * @param applied what the commit has written, where the caller has it: otherwise it is read first
 * @param after statements at the end of the batch
 * @returns the results of the batch; null when the job is verified already
 */
export const verifyJob = async (
  db: D1Database,
  job: JobKey,
  nowMs: number,
  { applied, after = [] }: { applied?: Operations | undefined; after?: D1PreparedStatement[] } = {},
): Promise<D1Result[] | null> => {
  const stored = applied ? null : await pendingOf(db, job).first();
  const commit = applied ?? (stored && operationsOf(stored));
  if (!commit) return null;
  const rows = namedRows(db, "soft", job.portfolioId, [...commit.inserts, ...commit.updates, ...commit.deletes]);
  const [pending, ...found] = await db.batch<Record<string, unknown>>([pendingOf(db, job), ...rows.statements]);
  const [row] = pending?.results ?? [];
  if (!row) return null;
  const synced = matchesCommit(rows.rowsIn(found), commit, z.parse(pendingRow, row).revision);
  const result = `json_object('d1Count', ${liveCountSql}, 'vectorCount', NULL, 'synced', json('${synced}'))`;
  // Rolled back when another invocation has verified the job.
  return commitBatch(db, [
    db.prepare("DELETE FROM verifications WHERE portfolio_id = ?1 AND job_id = ?2").bind(job.portfolioId, job.jobId),
    assertChanges(db, 1),
    db
      .prepare("UPDATE receipts SET verified_at = ?3 WHERE portfolio_id = ?1 AND job_id = ?2")
      .bind(job.portfolioId, job.jobId, new Date(nowMs).toISOString()),
    writeCallback(db, job, { type: "job.verified", target: "d1cv", set: { "$.result": result } }, nowMs),
    ...after,
  ]);
};

/** Verifies the commits of Workers that ended before they did. */
export const verifyUnfinished = async (db: D1Database, nowMs: number): Promise<void> => {
  const { results } = await db
    .prepare("SELECT portfolio_id AS portfolioId, job_id AS jobId FROM verifications LIMIT ?1")
    .bind(maxVerificationsPerSweep)
    .all<JobKey & Record<string, unknown>>();
  for (const { portfolioId, jobId } of results) await verifyJob(db, { portfolioId, jobId }, nowMs);
};

/** Whether every row equals the commit. Rows of a later commit are verified with that commit. */
const matchesCommit = (
  rows: ReturnType<NamedRows["rowsIn"]>,
  { inserts, updates, deletes }: Operations,
  revision: number,
): boolean => {
  const written = [
    ...inserts.map((insert) => ({ ...insert, desired: insert.values, deleted: false })),
    ...updates.map((update) => ({ ...update, desired: update.changes, deleted: false })),
    ...deletes.map((removal) => ({ ...removal, desired: {}, deleted: true })),
  ];
  return written.every(({ entityType, id, desired, deleted }) => {
    const row = rows.get(rowKey({ entityType, id }));
    if (!row || row.version < revision) return false;
    return row.version > revision || ((row.deletedAt !== null) === deleted && hasValues(row.values, desired));
  });
};

const hasValues = (values: FieldValues, desired: FieldValues): boolean =>
  Object.entries(desired).every(([name, value]) => toColumn(values[name] ?? null) === toColumn(value));

/** The only store: it is consistent when every live row satisfies the entity registry. */
export const verifyPortfolio = async (db: D1Database, portfolioId: string): Promise<VerifyBody> => {
  const rows = await readLiveRows(db, "soft", portfolioId);
  const mismatches = rows.flatMap(({ entityType, id, values }) => {
    const checked = validateOperations({ inserts: [{ entityType, id, values }], updates: [], deletes: [] });
    return checked.ok ? [] : [{ entityType, id, reason: checked.reason.message }];
  });
  return {
    d1Count: rows.length,
    vectorCount: null,
    synced: mismatches.length === 0,
    mismatches: mismatches.slice(0, maxMismatches),
  };
};
