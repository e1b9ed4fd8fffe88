/** Where a commit stands at each of its targets, and the columns of the commit that are a projection of it. */
import type { Drift } from "../../domain/commits/drift.ts";
import { type Commit, type CommitTarget, commitTargetSchema } from "../../domain/commits/commit.ts";
import type { CommitTargetState } from "../../domain/states.ts";
import { type CommitKey, idOfCommit, isOpenCommit } from "./commits.ts";
import { type Query, assertCount, many } from "../database.ts";
import type { TargetBinding } from "../pushes/targets.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, leadingTo, sql } from "../sql.ts";

const targetRow = rowOf(commitTargetSchema, { table: "commit_targets", of: "ct" });

const selectTargets = sql`SELECT ${targetRow.columns}, t.position AS position FROM commit_targets ct
  LEFT JOIN targets t ON t.workspace_id = ct.workspace_id AND t.name = ct.target`;

/** Where a commit stands at each of its targets, by name: its readers have the targets, with their order. */
export const commitTargetsQuery = (workspaceId: string, key: CommitKey): Query<CommitTarget[]> =>
  many(targetRow)`SELECT ${targetRow.columns} FROM commit_targets ct
    WHERE ct.workspace_id = ${workspaceId} AND ct.commit_id = ${idOfCommit(workspaceId, key)}`;

/** The same in the order of application. What the workspace has no more comes first, as NULL does in SQL. */
export const inOrderOfTargets = (
  found: readonly CommitTarget[],
  targets: readonly Pick<TargetBinding, "name" | "position">[],
): CommitTarget[] => {
  const positions = new Map(targets.map(({ name, position }) => [name, position]));
  return found.toSorted((a, b) => (positions.get(a.target) ?? -1) - (positions.get(b.target) ?? -1));
};

/** The same of the commits of a page. */
export const targetsOfCommitsQuery = (workspaceId: string, commitIds: readonly string[]): Query<CommitTarget[]> =>
  many(targetRow)`${selectTargets}
    WHERE ct.workspace_id = ${workspaceId} AND ct.commit_id ${among(commitIds)}
    ORDER BY t.position`;

/** The same of all commits that are still open. */
export const targetsOfOpenCommitsQuery = (workspaceId: string): Query<CommitTarget[]> =>
  many(targetRow)`${selectTargets}
    WHERE ct.workspace_id = ${workspaceId}
      AND ct.commit_id IN (SELECT id FROM commits WHERE workspace_id = ${workspaceId} AND ${isOpenCommit})
    ORDER BY t.position`;

export const insertCommitTargets = (at: At, commitId: string, targets: string[]): Sql =>
  sql`INSERT INTO commit_targets (workspace_id, commit_id, target, state, updated_at)
    SELECT ${at.workspaceId}, ${commitId}, value, 'pending', ${at.now} FROM json_each(${targets})`;

/** Fails the batch when one of the targets has the commit by now. */
export const assertNoneApplied = (workspaceId: string, commitId: string, targets: readonly string[]): Sql =>
  assertCount(0)`commit_targets
    WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} AND state = 'applied'
      AND EXISTS (SELECT 1 FROM json_each(${targets}) WHERE value = target)`;

/** Records its conflicts at a target, unless it has other content by now or the target has it. */
export const setDrift = (at: At, { id, hash }: Pick<Commit, "id" | "hash">, target: string, drift: Drift | null): Sql =>
  sql`UPDATE commit_targets SET drift = ${drift}
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${id} AND target = ${target} AND state <> 'applied'
      AND EXISTS (SELECT 1 FROM commits WHERE workspace_id = ${at.workspaceId} AND id = ${id} AND hash = ${hash})`;

/** Nothing of the commit is left for these targets. */
export const leaveTargets = (at: At, commitId: string, targets: readonly string[]): Sql =>
  sql`DELETE FROM commit_targets
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND target ${among(targets)}`;

/** A target that has failed may fail with another error. */
export const moveCommitTarget = (
  at: At,
  commitId: string,
  target: string,
  to: CommitTargetState,
  error: string | null,
): Sql =>
  sql`UPDATE commit_targets
    SET state = ${to}, error = ${error}, updated_at = ${at.now},
      applied_at = CASE WHEN ${to} = 'applied' THEN ${at.now} ELSE applied_at END
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND target = ${target}
      AND (state ${leadingTo("commit_target", to)} OR (state = ${to} AND state = 'failed'))`;

/** SQL: the names in a status, in the order of application. */
const appliedNames = (workspaceId: string, commitId: string): Sql =>
  sql`(SELECT group_concat(COALESCE(t.alias, target), '_' ORDER BY t.position)
    FROM commit_targets ct LEFT JOIN targets t ON t.workspace_id = ct.workspace_id AND t.name = ct.target
    WHERE ct.workspace_id = ${workspaceId} AND ct.commit_id = ${commitId} AND state = 'applied')`;

/**
 * Recomputes the columns of a commit that are a projection of its targets, after `moveCommitTarget` in the same batch.
 * The CASE is the one place that makes the status of the reference, from whatever targets there are.
 */
export const projectCommitStatus = (at: At, commitId: string): Sql =>
  sql`UPDATE commits SET
      (status, error_target, error_message) = (SELECT CASE
          WHEN SUM(state = 'failed') > 0 THEN 'failed'
          WHEN SUM(state = 'applied') = 0 THEN 'pending'
          WHEN SUM(state = 'applied') = COUNT(*) THEN 'applied_all'
          ELSE 'applied_' || ${appliedNames(at.workspaceId, commitId)} END,
          MIN(CASE WHEN state = 'failed' THEN target END),
          MIN(CASE WHEN state = 'failed' THEN json_array(target, error) END) ->> 1
        FROM commit_targets WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId}),
      updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${commitId}`;
