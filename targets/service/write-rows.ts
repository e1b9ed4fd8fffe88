import { entityTypes, type EntityType } from "../../shared/domain/portfolio/registry.ts";
import type { Operations } from "../../shared/targets/protocol.ts";
import { columnsOf, toColumns } from "./columns.ts";
import { assertChanges } from "./assertion.ts";
import type { Deletes } from "./rows.ts";
import type { ApplyJob } from "./target.ts";

/**
 * Scalar SQL: the portfolio's revision of this job, which is the version of every row of the job. So a version is
 * unique, even for a row that was deleted permanently and inserted again.
 */
export const revisionSql = "(SELECT revision FROM receipts WHERE portfolio_id = ?1 AND job_id = ?2)";

/** The guarded writes of a commit: at most one statement for each kind of operation and entity. */
export const writeStatements = (db: D1Database, deletes: Deletes, job: ApplyJob): D1PreparedStatement[] =>
  entityTypes.flatMap((type) => [
    ...write(db, job, insertSql(type), rowsToInsert(job.operations, type)),
    ...write(db, job, updateSql(type, deletes), rowsToUpdate(job.operations, type)),
    ...write(db, job, deleteSql(type, deletes), rowsToDelete(job.operations, type)),
  ]);

/** `sql` reads its rows from the JSON in `?5`; `?3` is the time and `?4` the actor. */
const write = (db: D1Database, job: ApplyJob, sql: string, rows: unknown[]): D1PreparedStatement[] => {
  if (rows.length === 0) return [];
  const now = new Date(job.nowMs).toISOString();
  return [
    db.prepare(sql).bind(job.portfolioId, job.jobId, now, job.request.actor, JSON.stringify(rows)),
    assertChanges(db, rows.length),
  ];
};

const rowsToInsert = ({ inserts }: Operations, type: EntityType): unknown[] =>
  inserts.filter(({ entityType }) => entityType === type).map(({ id, values }) => ({ id, values: toColumns(values) }));

const rowsToUpdate = ({ updates }: Operations, type: EntityType): unknown[] =>
  updates
    .filter(({ entityType }) => entityType === type)
    .map(({ id, changes, ifVersion }) => ({ id, changes: toColumns(changes), ifVersion }));

const rowsToDelete = ({ deletes }: Operations, type: EntityType): unknown[] =>
  deletes.filter(({ entityType }) => entityType === type).map(({ id, ifVersion }) => ({ id, ifVersion }));

const insertSql = (type: EntityType): string => {
  const columns = columnsOf(type);
  return `INSERT INTO ${type} (portfolio_id, id, version, created_at, updated_at, updated_by, ${columns.join(", ")})
    SELECT ?1, value ->> '$.id', ${revisionSql}, ?3, ?3, ?4,
      ${columns.map((name) => `value ->> '$.values.${name}'`).join(", ")}
    FROM json_each(?5) WHERE true
    ON CONFLICT (portfolio_id, id) DO NOTHING`;
};

/**
 * The rows that the operations expect. CROSS JOIN and MATERIALIZED keep the order: each operation looks
 * its row up by key. Left to itself, SQLite reads the whole table for every operation.
 */
const desiredSql = (type: EntityType, deletes: Deletes): string => `WITH desired AS MATERIALIZED (
  SELECT stored.rowid AS row, item.value AS operation FROM json_each(?5) AS item CROSS JOIN ${type} AS stored
  WHERE stored.portfolio_id = ?1 AND stored.id = item.value ->> '$.id'
    ${deletes === "soft" ? "AND stored.deleted_at IS NULL" : ""}
    AND (item.value ->> '$.ifVersion' IS NULL OR CAST(stored.version AS TEXT) = item.value ->> '$.ifVersion'))`;

/** A field that is not among the changes keeps its value; a null value clears the field. */
const updateSql = (type: EntityType, deletes: Deletes): string => {
  const changes = columnsOf(type).map(
    (name) => `${name} = CASE WHEN json_type(operation, '$.changes.${name}') IS NULL
      THEN ${name} ELSE operation ->> '$.changes.${name}' END`,
  );
  return `${desiredSql(type, deletes)} UPDATE ${type}
    SET ${changes.join(", ")}, version = ${revisionSql}, updated_at = ?3, updated_by = ?4
    FROM desired WHERE ${type}.rowid = desired.row`;
};

const deleteSql = (type: EntityType, deletes: Deletes): string =>
  deletes === "soft"
    ? `${desiredSql(type, deletes)} UPDATE ${type}
       SET version = ${revisionSql}, updated_at = ?3, updated_by = ?4, deleted_at = ?3, deleted_by = ?4
       FROM desired WHERE ${type}.rowid = desired.row`
    : `${desiredSql(type, deletes)} DELETE FROM ${type} WHERE rowid IN (SELECT row FROM desired)`;
