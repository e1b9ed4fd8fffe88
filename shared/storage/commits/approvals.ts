import * as z from "zod/mini";
import type { Approval, Commit } from "../../domain/commits/commit.ts";
import { type CommitKey, idOfCommit, isOpenCommit, keyValue } from "./commits.ts";
import { type Database, type Query, many } from "../database.ts";
import { FromBatch } from "../from-batch.ts";
import { type ReviewState, stateNames } from "../../domain/states.ts";

const approvalRow = z.object({
  commit_id: z.string(),
  commit_hash: z.string(),
  decision: z.enum(["approved", "rejected"]),
  reason: z.nullable(z.string()),
  decided_by: z.string(),
  decided_at: z.string(),
});

const parseApproval = (row: unknown): Approval => {
  const { commit_id, commit_hash, decision, reason, decided_by, decided_at } = approvalRow.parse(row);
  return {
    commitId: commit_id,
    commitHash: commit_hash,
    decision,
    reason,
    decidedBy: decided_by,
    decidedAt: decided_at,
  };
};

export const approvalsQuery = (db: Database, workspaceId: string, key: CommitKey): Query<Approval[]> =>
  many(
    db
      .prepare(
        `SELECT commit_id, commit_hash, decision, reason, decided_by, decided_at FROM approvals
         WHERE workspace_id = ?1 AND commit_id = ${idOfCommit(key)}
         ORDER BY decided_at`,
      )
      .bind(workspaceId, keyValue(key)),
    parseApproval,
  );

/** The decisions about all commits that are still open, oldest first. */
export const approvalsOfOpenCommitsQuery = (db: Database, workspaceId: string): Query<Approval[]> =>
  many(
    db
      .prepare(
        `SELECT commit_id, commit_hash, decision, reason, decided_by, decided_at FROM approvals
         WHERE workspace_id = ?1 AND commit_id IN (SELECT id FROM commits WHERE workspace_id = ?1 AND ${isOpenCommit})
         ORDER BY decided_at`,
      )
      .bind(workspaceId),
    parseApproval,
  );

/** A guard of its own: fails the batch unless the commit waits for review with this content. */
export const assertInReview = (
  db: Database,
  workspaceId: string,
  commit: Pick<Commit, "id" | "hash">,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), 1 FROM commits WHERE workspace_id = ?1 AND id = ?2 AND hash = ?3 AND review = 'in_review'`,
    )
    .bind(workspaceId, commit.id, commit.hash);

/**
 * Approves a commit when enough approvals stand for its content: as many as its approver saw that the workspace needs,
 * or as many as it needs now, should that be less. Counted in SQL, so that two at once both count.
 */
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
              WHERE a.workspace_id = ?1 AND a.commit_id = ?2 AND a.commit_hash = ?3 AND a.decision = 'approved')
           >= MIN(?4, (SELECT approvals_needed FROM workspaces WHERE workspace_id = ?1))`,
    )
    .bind(workspaceId, commit.id, commit.hash, approvalsNeeded, now);

const review = "(SELECT review FROM commits WHERE workspace_id = ?1 AND id = ?2)";

/** The review that the batch leads to. */
export const reviewAfter = (workspaceId: string, commitId: string): FromBatch<ReviewState> =>
  new FromBatch(review, [workspaceId, commitId], z.enum(stateNames("review")));

/** How many approvals are missing after the batch: none where it has approved the commit, otherwise `missing`. */
export const missingAfter = (workspaceId: string, commitId: string, missing: number): FromBatch<number> =>
  new FromBatch(`iif(${review} = 'approved', 0, ?3)`, [workspaceId, commitId, missing], z.int());

const approvalsOfRow = `(SELECT COUNT(*) FROM approvals a
  WHERE a.workspace_id = c.workspace_id AND a.commit_id = c.id AND a.commit_hash = c.hash AND a.decision = 'approved')`;

const approvedRow = z.object({ id: z.string(), number: z.int(), hash: z.string() });

/** Commits in review for whose content at least `approvals` stand, oldest first. */
export const commitsWithApprovalsQuery = (
  db: Database,
  workspaceId: string,
  approvals: number,
): Query<Pick<Commit, "id" | "number" | "hash">[]> =>
  many(
    db
      .prepare(
        `SELECT c.id, c.number, c.hash FROM commits c
         WHERE c.workspace_id = ?1 AND c.review = 'in_review' AND ${approvalsOfRow} >= ?2 ORDER BY c.number`,
      )
      .bind(workspaceId, approvals),
    (row) => approvedRow.parse(row),
  );

/** A guard of its own: fails the batch when a commit in review has as many approvals as the workspace needs. */
export const assertNoneApproved = (db: Database, workspaceId: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), 0 FROM commits c
       WHERE c.workspace_id = ?1 AND c.review = 'in_review'
         AND ${approvalsOfRow} >= (SELECT approvals_needed FROM workspaces WHERE workspace_id = ?1)`,
    )
    .bind(workspaceId);

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
