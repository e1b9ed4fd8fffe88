/** Where a commit stands at each of its targets, and the columns of the commit that are a projection of it. */
import { type CommitTarget, commitTargetSchema } from "../../domain/commits/commit.ts";
import type { CommitTargetState } from "../../domain/states.ts";
import { type CommitKey, idOfCommit, isOpenCommit } from "./commits.ts";
import { type Database, type Query, many } from "../database.ts";
import { rowOf } from "../row.ts";
import { among, fragment, leadingTo, sql } from "../sql.ts";

const targetRow = rowOf(commitTargetSchema, { of: "ct" });

const selectTargets = fragment`SELECT ${targetRow.columns} FROM commit_targets ct
  LEFT JOIN targets t ON t.workspace_id = ct.workspace_id AND t.name = ct.target`;

/** Where a commit stands at each of its targets, in the order of application. */
export const commitTargetsQuery = (db: Database, workspaceId: string, key: CommitKey): Query<CommitTarget[]> =>
  many(
    sql(db)`${selectTargets}
      WHERE ct.workspace_id = ${workspaceId} AND ct.commit_id = ${idOfCommit(workspaceId, key)}
      ORDER BY t.position`,
    targetRow.parse,
  );

/** The same of all commits that are still open. */
export const targetsOfOpenCommitsQuery = (db: Database, workspaceId: string): Query<CommitTarget[]> =>
  many(
    sql(db)`${selectTargets}
      WHERE ct.workspace_id = ${workspaceId}
        AND ct.commit_id IN (SELECT id FROM commits WHERE workspace_id = ${workspaceId} AND ${isOpenCommit})
      ORDER BY t.position`,
    targetRow.parse,
  );

export const insertCommitTargets = (
  db: Database,
  workspaceId: string,
  commitId: string,
  targets: string[],
  now: string,
): D1PreparedStatement =>
  sql(db)`INSERT INTO commit_targets (workspace_id, commit_id, target, state, updated_at)
    SELECT ${workspaceId}, ${commitId}, value, 'pending', ${now} FROM json_each(${targets})`;

/** A guard of its own: fails the batch when one of the targets has the commit by now. */
export const assertNoneApplied = (
  db: Database,
  workspaceId: string,
  commitId: string,
  targets: readonly string[],
): D1PreparedStatement =>
  sql(db)`INSERT INTO assertion (actual, expected) SELECT COUNT(*), 0 FROM commit_targets
    WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} AND state = 'applied' AND target ${among(targets)}`;

/** A target that has failed may fail with another error. Follow with `assertChanges()` where the move must happen. */
export const moveCommitTarget = (
  db: Database,
  workspaceId: string,
  commitId: string,
  target: string,
  to: CommitTargetState,
  error: string | null,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE commit_targets
    SET state = ${to}, error = ${error}, updated_at = ${now},
      applied_at = CASE WHEN ${to} = 'applied' THEN ${now} ELSE applied_at END
    WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} AND target = ${target}
      AND (state ${leadingTo("commit_target", to)} OR (state = ${to} AND state = 'failed'))`;

/**
 * Recomputes the columns of a commit that are a projection of its targets, after `moveCommitTarget` in the same batch.
 * The CASE is the one place that makes the status of the reference, from whatever targets there are.
 */
export const projectCommitStatus = (
  db: Database,
  workspaceId: string,
  commitId: string,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE commits SET
      status = (SELECT CASE
          WHEN SUM(state = 'failed') > 0 THEN 'failed'
          WHEN SUM(state = 'applied') = 0 THEN 'pending'
          WHEN SUM(state = 'applied') = COUNT(*) THEN 'applied_all'
          ELSE 'applied_' || group_concat(CASE WHEN state = 'applied' THEN COALESCE(t.alias, target) END, '_'
            ORDER BY t.position) END
        FROM commit_targets ct LEFT JOIN targets t ON t.workspace_id = ct.workspace_id AND t.name = ct.target
        WHERE ct.workspace_id = ${workspaceId} AND ct.commit_id = ${commitId}),
      (error_target, error_message) = (SELECT target, error FROM commit_targets
        WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} AND state = 'failed' LIMIT 1),
      updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${commitId}`;
