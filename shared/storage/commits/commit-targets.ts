/** Where a commit stands at each of its targets, and the columns of the commit that are a projection of it. */
import * as z from "zod/mini";
import type { CommitTarget } from "../../domain/commits/commit.ts";
import { type CommitTargetState, sourcesOf, stateNames } from "../../domain/states.ts";
import { type CommitKey, idOfCommit, isOpenCommit, keyValue } from "./commits.ts";
import { type Database, type Query, many } from "../database.ts";

const commitTargetRow = z.object({
  commit_id: z.string(),
  target: z.string(),
  state: z.enum(stateNames("commit_target")),
  error: z.nullable(z.string()),
  applied_at: z.nullable(z.string()),
});

const parseCommitTarget = (row: unknown): CommitTarget => {
  const { commit_id, target, state, error, applied_at } = commitTargetRow.parse(row);
  return { commitId: commit_id, target, state, error, appliedAt: applied_at };
};

/** Where a commit stands at each of its targets, in the order of application. */
export const commitTargetsQuery = (db: Database, workspaceId: string, key: CommitKey): Query<CommitTarget[]> =>
  many(
    db
      .prepare(
        `SELECT ct.commit_id, ct.target, ct.state, ct.error, ct.applied_at
         FROM commit_targets ct
         LEFT JOIN targets t ON t.workspace_id = ct.workspace_id AND t.name = ct.target
         WHERE ct.workspace_id = ?1
           AND ct.commit_id = ${idOfCommit(key)}
         ORDER BY t.position`,
      )
      .bind(workspaceId, keyValue(key)),
    parseCommitTarget,
  );

/** The same of all commits that are still open. */
export const targetsOfOpenCommitsQuery = (db: Database, workspaceId: string): Query<CommitTarget[]> =>
  many(
    db
      .prepare(
        `SELECT ct.commit_id, ct.target, ct.state, ct.error, ct.applied_at
         FROM commit_targets ct
         LEFT JOIN targets t ON t.workspace_id = ct.workspace_id AND t.name = ct.target
         WHERE ct.workspace_id = ?1
           AND ct.commit_id IN (SELECT id FROM commits WHERE workspace_id = ?1 AND ${isOpenCommit})
         ORDER BY t.position`,
      )
      .bind(workspaceId),
    parseCommitTarget,
  );

export const insertCommitTargets = (
  db: Database,
  workspaceId: string,
  commitId: string,
  targets: string[],
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO commit_targets (workspace_id, commit_id, target, state, updated_at)
       SELECT ?1, ?2, value, 'pending', ?4 FROM json_each(?3)`,
    )
    .bind(workspaceId, commitId, JSON.stringify(targets), now);

/** A guard of its own: fails the batch when one of the targets has the commit by now. */
export const assertNoneApplied = (
  db: Database,
  workspaceId: string,
  commitId: string,
  targets: readonly string[],
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), 0 FROM commit_targets
       WHERE workspace_id = ?1 AND commit_id = ?2 AND state = 'applied' AND target IN (SELECT value FROM json_each(?3))`,
    )
    .bind(workspaceId, commitId, JSON.stringify(targets));

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
  db
    .prepare(
      `UPDATE commit_targets
       SET state = ?4, error = ?5, updated_at = ?6, applied_at = CASE WHEN ?4 = 'applied' THEN ?6 ELSE applied_at END
       WHERE workspace_id = ?1 AND commit_id = ?2 AND target = ?3
         AND (state IN (SELECT value FROM json_each(?7)) OR (state = ?4 AND state = 'failed'))`,
    )
    .bind(workspaceId, commitId, target, to, error, now, JSON.stringify(sourcesOf("commit_target", to)));

/**
 * Recomputes the columns of a commit that are a projection of its targets, after `moveCommitTarget` in the same batch.
 * The CASE is `statusOf` of shared/domain/commits/commit.ts; a test holds the two together.
 */
export const projectCommitStatus = (
  db: Database,
  workspaceId: string,
  commitId: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE commits SET
         status = (SELECT CASE
             WHEN SUM(state = 'failed') > 0 THEN 'failed'
             WHEN SUM(state = 'applied') = 0 THEN 'pending'
             WHEN SUM(state = 'applied') = COUNT(*) THEN 'applied_all'
             ELSE 'applied_' || group_concat(CASE WHEN state = 'applied'
                THEN CASE target WHEN 'ai-agent' THEN 'ai' ELSE target END END, '_' ORDER BY t.position) END
           FROM commit_targets ct LEFT JOIN targets t ON t.workspace_id = ct.workspace_id AND t.name = ct.target
           WHERE ct.workspace_id = ?1 AND ct.commit_id = ?2),
         applied_d1cv_at = (SELECT applied_at FROM commit_targets ct
           WHERE ct.workspace_id = ?1 AND ct.commit_id = ?2 AND target = 'd1cv'),
         applied_ai_at = (SELECT applied_at FROM commit_targets ct
           WHERE ct.workspace_id = ?1 AND ct.commit_id = ?2 AND target = 'ai-agent'),
         error_target = (SELECT target FROM commit_targets ct
           WHERE ct.workspace_id = ?1 AND ct.commit_id = ?2 AND state = 'failed' LIMIT 1),
         error_message = (SELECT error FROM commit_targets ct
           WHERE ct.workspace_id = ?1 AND ct.commit_id = ?2 AND state = 'failed' LIMIT 1),
         updated_at = ?3
       WHERE workspace_id = ?1 AND id = ?2`,
    )
    .bind(workspaceId, commitId, now);
