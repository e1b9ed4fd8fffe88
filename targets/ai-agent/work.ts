import * as z from "zod/mini";
import { entityTypes, type EntityType } from "../../shared/domain/portfolio/registry.ts";
import type { IndexMessage, IndexWork, RowToIndex, SubmittedRow } from "../../shared/targets/index-protocol.ts";
import { traceIdOf } from "../../shared/trace.ts";
import { writeCallback } from "../service/callbacks.ts";
import type { Claimed } from "../service/claimed.ts";
import { claimStatements, claimedBy } from "../service/deliver.ts";
import { columnsOf } from "../service/columns.ts";
import { parseRow, type RowName } from "../service/rows.ts";
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

export interface IndexTask extends JobKey {
  isOpen: boolean;
  rows: RowName[];
  /** The trace of the push that caused the task, or null. */
  traceId: string | null;
}

/** @param traced false where nobody asks for the trace */
export const taskStatement = (db: D1Database, taskId: string, traced = true): D1PreparedStatement =>
  db
    .prepare(
      `SELECT portfolio_id AS portfolioId, job_id AS jobId, state, rows,
         ${traced ? ofReceiptSql("traceparent") : "NULL"} AS traceparent
       FROM index_tasks WHERE task_id = ?1`,
    )
    .bind(taskId);

export const taskIn = ([row]: readonly unknown[]): IndexTask | null => {
  if (row === undefined) return null;
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

/** A task as its message names it: its rows never change. */
export type NamedTask = Pick<IndexMessage, "taskId" | "portfolioId" | "jobId" | "rows">;

export interface Taken {
  /** Null when the task is done or unknown. */
  work: IndexWork | null;
  /** A report of the job, for this invocation to send. */
  callback: Claimed | null;
}

/** The current rows of the task, in one round trip. Reports once for each job that indexing has begun. */
export const takeWork = async (db: D1Database, named: NamedTask, nowMs: number): Promise<Taken> => {
  const { rows: names, taskId, portfolioId, jobId } = named;
  const job = { portfolioId, jobId };
  const types = entityTypes.filter((type) => names.some(({ entityType }) => entityType === type));
  const indexingReported =
    "(SELECT 1 FROM callbacks WHERE portfolio_id = ?1 AND job_id = ?2 AND body ->> '$.stage' = 'indexing')";
  const results = await db.batch<Record<string, unknown>>([
    taskStatement(db, taskId, false),
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
    ...types.map((type) => indexedRows(db, portfolioId, type, names)),
    ...claimStatements(db, job, nowMs),
  ]);
  const task = taskIn(results[0]?.results ?? []);
  const callback = claimedBy(results);
  const isOpen = task?.isOpen && task.portfolioId === portfolioId && task.jobId === jobId;
  if (!isOpen) return { work: null, callback };
  const indexed = types.flatMap((_type, index) => results[2 + index]?.results ?? []);
  return { work: await workOf(portfolioId, indexed, nowMs), callback };
};

/** The vectors of one entity's named rows, each beside its row: what is looked up by name is looked up once. */
const indexedRows = (
  db: D1Database,
  portfolioId: string,
  type: EntityType,
  names: readonly RowName[],
): D1PreparedStatement =>
  db
    .prepare(
      `SELECT entity_type AS entityType, vectors.id AS id, vector_id AS vectorId, desired_version AS desiredVersion,
         submitted_version AS submittedVersion, submitted_at_ms AS submittedAtMs, stored.version AS version,
         ${columnsOf(type)
           .map((column) => `stored.${column} AS ${column}`)
           .join(", ")}
       FROM json_each(?2) AS named CROSS JOIN vectors
         ON vectors.portfolio_id = ?1 AND entity_type = '${type}' AND vectors.id = named.value
       LEFT JOIN ${type} AS stored ON stored.portfolio_id = ?1 AND stored.id = vectors.id`,
    )
    .bind(portfolioId, JSON.stringify(names.filter(({ entityType }) => entityType === type).map(({ id }) => id)));

const workOf = async (
  portfolioId: string,
  indexed: readonly Record<string, unknown>[],
  nowMs: number,
): Promise<IndexWork> => {
  const work: IndexWork = { portfolioId, rows: [], tombstones: [] };
  for (const found of indexed) {
    const { desiredVersion, submittedVersion, submittedAtMs, ...named } = z.parse(vectorState, found);
    // The row is gone.
    const row = found["version"] === null ? null : parseRow(named.entityType, found);
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

/** One statement for each of a task's rows, at most 100: as a list in one statement, each would be read four times. */
export const submittedStatements = (
  db: D1Database,
  portfolioId: string,
  rows: readonly SubmittedRow[],
  nowMs: number,
): D1PreparedStatement[] =>
  rows.map(({ vectorId, version }) =>
    db
      .prepare(
        `UPDATE vectors SET submitted_version = ?3, submitted_at_ms = ?4
         WHERE portfolio_id = ?1 AND vector_id = ?2`,
      )
      .bind(portfolioId, vectorId, version, nowMs),
  );
