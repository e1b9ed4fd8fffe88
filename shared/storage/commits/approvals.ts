import * as z from "zod/mini";
import { type Approval, type Commit, approvalSchema, commitSchema } from "../../domain/commits/commit.ts";
import { type CommitKey, idOfCommit, isOpenCommit } from "./commits.ts";
import { type Query, assertCount, many } from "../database.ts";
import type { ReviewState } from "../../domain/states.ts";
import { FromBatch } from "../from-batch.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, row, sql } from "../sql.ts";

const approvalRow = rowOf(approvalSchema, { table: "approvals" });

export const approvalsQuery = (workspaceId: string, key: CommitKey): Query<Approval[]> =>
  many(approvalRow)`SELECT ${approvalRow.columns} FROM approvals
    WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)}
    ORDER BY decided_at`;

/** The decisions about all commits that are still open, oldest first. */
export const approvalsOfOpenCommitsQuery = (workspaceId: string): Query<Approval[]> =>
  many(approvalRow)`SELECT ${approvalRow.columns} FROM approvals
    WHERE workspace_id = ${workspaceId}
      AND commit_id IN (SELECT id FROM commits WHERE workspace_id = ${workspaceId} AND ${isOpenCommit})
    ORDER BY decided_at`;

/** Fails the batch unless the commit is in review with this content. */
export const assertInReview = (workspaceId: string, commit: Pick<Commit, "id" | "hash">): Sql =>
  assertCount(1)`commits
    WHERE workspace_id = ${workspaceId} AND id = ${commit.id} AND hash = ${commit.hash} AND review = 'in_review'`;

/** SQL: how many approvals stand for the content of a row of `commits`; `validApprovals` of the domain. */
const validApprovals = sql`(SELECT COUNT(*) FROM approvals a
  WHERE a.workspace_id = commits.workspace_id AND a.commit_id = commits.id AND a.commit_hash = commits.hash
    AND a.decision = 'approved')`;

const needed = (workspaceId: string): Sql =>
  sql`(SELECT approvals_needed FROM workspaces WHERE workspace_id = ${workspaceId})`;

/**
 * Approves a commit when enough approvals stand for its content: as many as its approver saw that the workspace needs,
 * or as many as it needs now, should that be less. Counted in SQL, so that two at once both count.
 */
export const approveWhenEnough = (at: At, commit: Pick<Commit, "id" | "hash">, approvalsNeeded: number): Sql =>
  sql`UPDATE commits SET review = 'approved', updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${commit.id} AND hash = ${commit.hash} AND review = 'in_review'
      AND ${validApprovals} >= MIN(${approvalsNeeded}, ${needed(at.workspaceId)})`;

const review = (workspaceId: string, commitId: string): Sql =>
  sql`(SELECT review FROM commits WHERE workspace_id = ${workspaceId} AND id = ${commitId})`;

/** The review that the batch leads to. */
export const reviewAfter = (workspaceId: string, commitId: string): FromBatch<ReviewState> =>
  new FromBatch(review(workspaceId, commitId), commitSchema.shape.review);

/** How many approvals are missing after the batch: none where it has approved the commit, otherwise `missing`. */
export const missingAfter = (workspaceId: string, commitId: string, missing: number): FromBatch<number> =>
  new FromBatch(sql`iif(${review(workspaceId, commitId)} = 'approved', 0, ${missing})`, z.int());

const approvedRow = rowOf(z.pick(commitSchema, { id: true, number: true, hash: true }));

/** Commits in review for whose content at least `approvals` stand, oldest first. */
export const commitsWithApprovalsQuery = (
  workspaceId: string,
  approvals: number,
): Query<Pick<Commit, "id" | "number" | "hash">[]> =>
  many(approvedRow)`SELECT ${approvedRow.columns} FROM commits
    WHERE workspace_id = ${workspaceId} AND review = 'in_review' AND ${validApprovals} >= ${approvals}
    ORDER BY number`;

/** Fails the batch when a commit in review has as many approvals as the workspace needs. */
export const assertNoneApproved = (workspaceId: string): Sql =>
  assertCount(0)`commits
    WHERE workspace_id = ${workspaceId} AND review = 'in_review'
      AND ${validApprovals} >= ${needed(workspaceId)}`;

const replaceDecision = sql`ON CONFLICT (workspace_id, commit_id, commit_hash, decided_by) DO UPDATE
  SET decision = excluded.decision, reason = excluded.reason, decided_at = excluded.decided_at`;

/** A person decides once about a content; only to reject it may they take back that they approved it. */
export const insertApproval = (workspaceId: string, approval: Approval & { id: string }): Sql =>
  sql`INSERT INTO approvals ${row({ workspaceId, id: approval.id, ...approvalRow.of(approval) })}
    ${approval.decision === "rejected" ? replaceDecision : sql``}`;
