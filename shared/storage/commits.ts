import * as z from "zod/mini";
import type { Approval, Commit, CommitTarget } from "../domain/commit.ts";
import { type CommitTargetState, type ReviewState, sourcesOf, stateNames } from "../domain/states.ts";
import { currentNumber } from "./counters.ts";
import { type Database, type Query, many, one } from "./database.ts";

const commitRow = z.object({
  id: z.string(),
  number: z.int(),
  message: z.string(),
  hash: z.string(),
  review: z.enum(stateNames("review")),
  status: z.string(),
  created_by: z.string(),
  created_at: z.string(),
  applied_by: z.nullable(z.string()),
  error_target: z.nullable(z.string()),
  error_message: z.nullable(z.string()),
});

const parseCommit = (row: unknown): Commit => {
  const { created_by, created_at, applied_by, error_target, error_message, ...same } = commitRow.parse(row);
  return {
    ...same,
    createdBy: created_by,
    createdAt: created_at,
    appliedBy: applied_by,
    errorTarget: error_target,
    errorMessage: error_message,
  };
};

/** How a commit is named: people type its number, rows hold its id. */
export type CommitKey = { number: number } | { id: string };

const keyColumn = (key: CommitKey): "number" | "id" => ("number" in key ? "number" : "id");
export const keyValue = (key: CommitKey): number | string => ("number" in key ? key.number : key.id);

/** SQL for the commit's id; `?1` is the workspace, `?2` the key's value. */
export const idOfCommit = (key: CommitKey): string =>
  `(SELECT id FROM commits WHERE workspace_id = ?1 AND ${keyColumn(key)} = ?2)`;

const columns = `id, number, message, hash, review, status, created_by, created_at, applied_by, error_target, error_message`;

export const commitQuery = (db: Database, workspaceId: string, key: CommitKey): Query<Commit | null> =>
  one(
    db
      .prepare(`SELECT ${columns} FROM commits WHERE workspace_id = ?1 AND ${keyColumn(key)} = ?2`)
      .bind(workspaceId, keyValue(key)),
    parseCommit,
  );

/** Newest first, without those that were dropped or reopened. */
export const commitsQuery = (db: Database, workspaceId: string, limit: number): Query<Commit[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM commits
         WHERE workspace_id = ?1 AND review NOT IN ('dropped', 'reopened') ORDER BY number DESC LIMIT ?2`,
      )
      .bind(workspaceId, limit),
    parseCommit,
  );

const commitTargetRow = z.object({
  commit_id: z.string(),
  target: z.string(),
  state: z.enum(stateNames("commit_target")),
  error: z.nullable(z.string()),
  applied_at: z.nullable(z.string()),
});

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
    (row) => {
      const { commit_id, target, state, error, applied_at } = commitTargetRow.parse(row);
      return { commitId: commit_id, target, state, error, appliedAt: applied_at };
    },
  );

const approvalRow = z.object({
  commit_id: z.string(),
  commit_hash: z.string(),
  decision: z.enum(["approved", "rejected"]),
  reason: z.nullable(z.string()),
  decided_by: z.string(),
  decided_at: z.string(),
});

export const approvalsQuery = (db: Database, workspaceId: string, key: CommitKey): Query<Approval[]> =>
  many(
    db
      .prepare(
        `SELECT commit_id, commit_hash, decision, reason, decided_by, decided_at FROM approvals
         WHERE workspace_id = ?1 AND commit_id = ${idOfCommit(key)}
         ORDER BY decided_at`,
      )
      .bind(workspaceId, keyValue(key)),
    (row) => {
      const { commit_id, commit_hash, decision, reason, decided_by, decided_at } = approvalRow.parse(row);
      return {
        commitId: commit_id,
        commitHash: commit_hash,
        decision,
        reason,
        decidedBy: decided_by,
        decidedAt: decided_at,
      };
    },
  );

/** Takes its number from the counter that the same batch has raised; returns it. */
export const insertCommit = (
  db: Database,
  workspaceId: string,
  commit: Pick<Commit, "id" | "message" | "hash" | "review" | "createdBy" | "createdAt">,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO commits (workspace_id, id, number, message, hash, review, created_by, created_at, updated_at)
       VALUES (?1, ?2, ${currentNumber("commit")}, ?3, ?4, ?5, ?6, ?7, ?7)
       RETURNING number`,
    )
    .bind(workspaceId, commit.id, commit.message, commit.hash, commit.review, commit.createdBy, commit.createdAt);

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

/** Moves a commit's review where the table allows it and the content is still `hash`. Follow with `expectChanges()`. */
export const moveReview = (
  db: Database,
  workspaceId: string,
  commit: Pick<Commit, "id" | "hash">,
  to: ReviewState,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE commits SET review = ?4, updated_at = ?5
       WHERE workspace_id = ?1 AND id = ?2 AND hash = ?3 AND review IN (SELECT value FROM json_each(?6))`,
    )
    .bind(workspaceId, commit.id, commit.hash, to, now, JSON.stringify(sourcesOf("review", to)));

/** A guard of its own: fails the batch unless the commit waits for review with this content. */
export const expectInReview = (
  db: Database,
  workspaceId: string,
  commit: Pick<Commit, "id" | "hash">,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO expectation (actual, expected)
       SELECT COUNT(*), 1 FROM commits WHERE workspace_id = ?1 AND id = ?2 AND hash = ?3 AND review = 'in_review'`,
    )
    .bind(workspaceId, commit.id, commit.hash);

/** A guard of its own: fails the batch unless the commit is approved with this content. */
export const expectApproved = (
  db: Database,
  workspaceId: string,
  commit: Pick<Commit, "id" | "hash">,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO expectation (actual, expected)
       SELECT COUNT(*), 1 FROM commits WHERE workspace_id = ?1 AND id = ?2 AND hash = ?3 AND review = 'approved'`,
    )
    .bind(workspaceId, commit.id, commit.hash);

/** Approves a commit when enough approvals stand for its content. Counted in SQL, so that two at once both count. */
export const approveWhenEnough = (
  db: Database,
  workspaceId: string,
  commit: Pick<Commit, "id" | "hash">,
  approvalsNeeded: number,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE commits SET review = 'approved', updated_at = ?5
       WHERE workspace_id = ?1 AND id = ?2 AND hash = ?3 AND review = 'in_review'
         AND (SELECT COUNT(*) FROM approvals a
              WHERE a.workspace_id = ?1 AND a.commit_id = ?2 AND a.commit_hash = ?3 AND a.decision = 'approved') >= ?4
       RETURNING number`,
    )
    .bind(workspaceId, commit.id, commit.hash, approvalsNeeded, now);

const replaceDecision = `ON CONFLICT (workspace_id, commit_id, commit_hash, decided_by) DO UPDATE
  SET decision = excluded.decision, reason = excluded.reason, decided_at = excluded.decided_at`;

/** A person decides once about a content; only to reject it may they take back that they approved it. */
export const insertApproval = (
  db: Database,
  workspaceId: string,
  approval: Approval & { id: string },
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO approvals (workspace_id, id, commit_id, commit_hash, decision, reason, decided_by, decided_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ${approval.decision === "rejected" ? replaceDecision : ""}`,
    )
    .bind(
      workspaceId,
      approval.id,
      approval.commitId,
      approval.commitHash,
      approval.decision,
      approval.reason,
      approval.decidedBy,
      approval.decidedAt,
    );

/** A target that has failed may fail with another error. Follow with `expectChanges()` where the move must happen. */
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
 * The CASE is `statusOf` of shared/domain/commit.ts; a test holds the two together.
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

export const setAppliedBy = (db: Database, workspaceId: string, commitId: string, userId: string): D1PreparedStatement =>
  db.prepare("UPDATE commits SET applied_by = ?3 WHERE workspace_id = ?1 AND id = ?2").bind(workspaceId, commitId, userId);
