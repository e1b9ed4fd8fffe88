import * as z from "zod/mini";
import type { FieldValues } from "../../shared/domain/portfolio/entity.ts";
import { cronJobs } from "../../shared/schedules.ts";
import { operations as operationsSchema, type Operations, type VerifyBody } from "../../shared/targets/protocol.ts";
import { writeCallback } from "../service/callbacks.ts";
import { toColumn } from "../service/columns.ts";
import { commitBatch, assertChanges } from "../service/assertion.ts";
import { liveCountSql, readLiveRows, readNamedRows, rowKey } from "../service/rows.ts";
import type { ApplyJob, JobKey } from "../service/target.ts";
import { validateOperations } from "../service/validate.ts";

const maxVerificationsPerSweep = cronJobs.unfinished.max / 5;
const maxMismatches = 100;

/** Records that the commit has to be read back after its batch. */
export const writeVerification = (db: D1Database, { portfolioId, jobId, operations }: ApplyJob): D1PreparedStatement =>
  db
    .prepare("INSERT INTO verifications (portfolio_id, job_id, operations) VALUES (?1, ?2, ?3)")
    .bind(portfolioId, jobId, JSON.stringify(operations));

const pending = z.object({ operations: z.string(), revision: z.int() });

/** Reads the rows of an applied commit back, and reports whether they equal the commit. Once for each job. */
export const verifyJob = async (db: D1Database, job: JobKey, nowMs: number): Promise<void> => {
  const row = await db
    .prepare(
      `SELECT verifications.operations, receipts.revision FROM verifications JOIN receipts USING (portfolio_id, job_id)
       WHERE portfolio_id = ?1 AND job_id = ?2`,
    )
    .bind(job.portfolioId, job.jobId)
    .first();
  if (!row) return;
  const { operations, revision } = z.parse(pending, row);
  const commit = z.parse(operationsSchema, JSON.parse(operations));
  const synced = await matchesCommit(db, job.portfolioId, commit, revision);
  const result = `json_object('d1Count', ${liveCountSql("soft")}, 'vectorCount', NULL, 'synced', json('${synced}'))`;
  // Rolled back when another invocation has verified the job.
  await commitBatch(db, [
    db.prepare("DELETE FROM verifications WHERE portfolio_id = ?1 AND job_id = ?2").bind(job.portfolioId, job.jobId),
    assertChanges(db, 1),
    db
      .prepare("UPDATE receipts SET verified_at = ?3 WHERE portfolio_id = ?1 AND job_id = ?2")
      .bind(job.portfolioId, job.jobId, new Date(nowMs).toISOString()),
    writeCallback(db, job, { type: "job.verified", target: "d1cv", set: { "$.result": result } }, nowMs),
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
const matchesCommit = async (
  db: D1Database,
  portfolioId: string,
  { inserts, updates, deletes }: Operations,
  revision: number,
): Promise<boolean> => {
  const rows = await readNamedRows(db, "soft", portfolioId, [...inserts, ...updates, ...deletes]);
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
