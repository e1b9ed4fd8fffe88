import * as z from "zod/mini";
import { type Touch, touchSchema } from "../../domain/commits/overlaps.ts";
import type { Change } from "../../domain/staging/change.ts";
import { type Effectful, type Query, many } from "../database.ts";
import { FromBatch } from "../from-batch.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, sql, verbatim } from "../sql.ts";
import { invalidate } from "../cards.ts";
import { type CommitKey, idOfCommit } from "./commits.ts";

/** The targets of a change that have not applied its commit. */
const openTargets = `(SELECT json_group_array(json_each.value) FROM json_each(iif(json_valid(c.targets), c.targets, '[]'))
  WHERE NOT EXISTS (SELECT 1 FROM commit_targets ct WHERE ct.workspace_id = c.workspace_id AND ct.commit_id = c.commit_id
    AND ct.target = json_each.value AND ct.state = 'applied'))`;

const fields = `(SELECT json_group_array(json_each.key) FROM json_each(iif(json_valid(c.payload), c.payload, '{}')))`;

const from = {
  changeNumber: "c.number",
  commitNumber: "commits.number",
  author: "COALESCE(commits.created_by, c.created_by)",
  targets: openTargets,
  fields,
} as const;

const touchRow = rowOf(touchSchema, { table: "staged_changes", of: "c", from });

/** More on one row is more than anybody reads. */
const maxTouches = 5000;

/**
 * SQL: what is staged or in an open commit and touches one of these rows (row_type, row_id). CROSS JOIN keeps the order
 * (sqlite.org/optoverview.html#crossjoin): few rows, each by its index.
 */
const touching = (workspaceId: string, rows: Sql): Sql => sql`FROM (${rows})
  CROSS JOIN staged_changes c ON c.workspace_id = ${workspaceId} AND c.entity_type = row_type AND c.entity_id = row_id
    AND c.closed_at IS NULL
  LEFT JOIN commits ON commits.workspace_id = c.workspace_id AND commits.id = c.commit_id
  WHERE c.state IN ('staged', 'committed')`;

const rowsOfCommit = (workspaceId: string, key: CommitKey): Sql =>
  sql`SELECT DISTINCT +entity_type AS row_type, +entity_id AS row_id FROM staged_changes
    WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)}`;

/** SQL: those rows of a commit that somebody else touches, too. */
const sharedRowsOfCommit = (workspaceId: string, key: CommitKey): Sql =>
  sql`SELECT DISTINCT +own.entity_type AS row_type, +own.entity_id AS row_id FROM staged_changes own
    CROSS JOIN staged_changes other ON other.workspace_id = ${workspaceId} AND other.entity_type = own.entity_type
      AND other.entity_id = own.entity_id AND other.closed_at IS NULL AND other.commit_id IS NOT own.commit_id
    WHERE own.workspace_id = ${workspaceId} AND own.commit_id = ${idOfCommit(workspaceId, key)}`;

/** On the rows that a commit has in common with others, its own among them. */
export const touchesOfCommitQuery = (workspaceId: string, key: CommitKey): Query<Touch[]> =>
  many(touchRow)`SELECT ${touchRow.columns} ${touching(workspaceId, sharedRowsOfCommit(workspaceId, key))}
    ORDER BY +c.number LIMIT ${maxTouches}`;

/** On every row that more than one open commit or person touches. */
export const sharedTouchesQuery = (workspaceId: string): Query<Touch[]> => {
  const shared = sql`SELECT entity_type AS row_type, entity_id AS row_id FROM staged_changes
    WHERE workspace_id = ${workspaceId} AND closed_at IS NULL
    GROUP BY entity_type, entity_id HAVING COUNT(DISTINCT COALESCE(commit_id, created_by)) > 1`;
  return many(
    touchRow,
  )`SELECT ${touchRow.columns} ${touching(workspaceId, shared)} ORDER BY +c.number LIMIT ${maxTouches}`;
};

/** The same of a commit by its id, for what happens often. */
export const invalidateOverlappingCommit = (at: At, commitId: string): Effectful =>
  invalidate(
    at,
    sql`kind = 'commit' AND subject_id IN (SELECT c.commit_id FROM staged_changes own
      CROSS JOIN staged_changes c ON c.workspace_id = ${at.workspaceId} AND c.entity_type = own.entity_type
        AND c.entity_id = own.entity_id AND c.closed_at IS NULL AND c.state = 'committed'
        AND c.commit_id IS NOT own.commit_id
      WHERE own.workspace_id = ${at.workspaceId} AND own.commit_id = ${commitId})`,
  );

const touchesAfter = (workspaceId: string, rows: Sql): FromBatch<Touch[]> =>
  new FromBatch(
    sql`json((SELECT json_group_array(json_object('changeNumber', c.number, 'commitNumber', commits.number,
        'author', COALESCE(commits.created_by, c.created_by), 'entityType', c.entity_type, 'entityId', c.entity_id,
        'action', c.action, 'targets', json(${verbatim(openTargets)}), 'fields', json(${verbatim(fields)})))
      ${touching(workspaceId, rows)}))`,
    z.array(touchSchema),
  );

/** On the row, after the batch. */
export const touchesOfRowAfter = (
  workspaceId: string,
  { entityType, entityId }: Pick<Change, "entityType" | "entityId">,
) => touchesAfter(workspaceId, sql`SELECT ${entityType} AS row_type, ${entityId} AS row_id`);

/** On the rows of the commit, after the batch. */
export const touchesOfCommitAfter = (workspaceId: string, commitId: string) =>
  touchesAfter(workspaceId, rowsOfCommit(workspaceId, { id: commitId }));

/**
 * Wants the cards rewritten of all open commits that touch a row of these changes, or of these commits' changes: what
 * they say of others is out of date.
 */
export const invalidateOverlapping = (at: At, ids: readonly string[]): Effectful =>
  invalidate(
    at,
    sql`kind = 'commit' AND subject_id IN (SELECT c.commit_id FROM (
        SELECT entity_type, entity_id, commit_id FROM staged_changes WHERE workspace_id = ${at.workspaceId} AND id ${among(ids)}
        UNION ALL SELECT entity_type, entity_id, commit_id FROM staged_changes
          WHERE workspace_id = ${at.workspaceId} AND commit_id ${among(ids)}) own
      CROSS JOIN staged_changes c ON c.workspace_id = ${at.workspaceId} AND c.entity_type = own.entity_type
        AND c.entity_id = own.entity_id AND c.closed_at IS NULL AND c.state = 'committed'
        AND c.commit_id IS NOT own.commit_id)`,
  );
