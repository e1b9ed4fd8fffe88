import * as z from "zod/mini";
import { type Approval, type Commit, approvalSchema, commitSchema } from "../../domain/commits/commit.ts";
import { invalidatePushesOfCommit } from "../cards.ts";
import { type CommitKey, hasInput, idOfCommit, isOpenCommit } from "./commits.ts";
import { type Batch, type Query, assertCount, many, mustChange } from "../database.ts";
import { approves } from "../workspace/workspaces.ts";
import type { ReviewState } from "../../domain/states.ts";
import { FromBatch } from "../from-batch.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, row, sql, verbatim } from "../sql.ts";

const approvalRow = rowOf(approvalSchema, { table: "approvals" });

export const approvalsQuery = (workspaceId: string, key: CommitKey): Query<Approval[]> =>
  many(approvalRow)`SELECT ${approvalRow.columns} FROM approvals
    WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)}
    ORDER BY decided_at`;

/** The same of the commits of a page. */
export const approvalsOfCommitsQuery = (workspaceId: string, commitIds: readonly string[]): Query<Approval[]> =>
  many(approvalRow)`SELECT ${approvalRow.columns} FROM approvals
    WHERE workspace_id = ${workspaceId} AND commit_id ${among(commitIds)}
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

/** SQL: how many approvals count for a row of `commits`, with the members, the roles and the mode of now; `judge`. */
const counted = sql`(SELECT COUNT(*) FROM approvals a
  JOIN members m ON m.workspace_id = a.workspace_id AND m.user_id = a.decided_by AND m.role ${approves}
  WHERE a.workspace_id = commits.workspace_id AND a.commit_id = commits.id AND a.commit_hash = commits.hash
    AND a.decision = 'approved'
    AND ((SELECT mode FROM workspaces w WHERE w.workspace_id = commits.workspace_id) = 'solo'
      OR NOT ${hasInput(verbatim("a.decided_by"))}))`;

/** SQL: how many approvals a row of `commits` needs. */
const needed = sql`(SELECT approvals_needed FROM workspaces w WHERE w.workspace_id = commits.workspace_id)`;

/** Fails the batch unless the commit is approved with this content, judged now. */
export const assertApproved = (workspaceId: string, commit: Pick<Commit, "id" | "hash">): Sql =>
  assertCount(1)`commits
    WHERE workspace_id = ${workspaceId} AND id = ${commit.id} AND hash = ${commit.hash}
      AND review IN ('in_review', 'approved') AND ${counted} >= ${needed}`;

/** Fails the batch unless the person may approve the commit, judged now. */
export const assertMayApprove = (workspaceId: string, commit: Pick<Commit, "id">, userId: string): Sql =>
  assertCount(1)`commits JOIN workspaces w ON w.workspace_id = commits.workspace_id
    JOIN members m ON m.workspace_id = commits.workspace_id AND m.user_id = ${userId} AND m.role ${approves}
    WHERE commits.workspace_id = ${workspaceId} AND commits.id = ${commit.id}
      AND (w.mode = 'solo' OR NOT ${hasInput(sql`${userId}`)})`;

/** Nothing is done with the answer of its review: what is on its way finishes. */
const isOpenQuestion = sql`${isOpenCommit} AND NOT EXISTS (SELECT 1 FROM commit_targets ct
  WHERE ct.workspace_id = commits.workspace_id AND ct.commit_id = commits.id AND ct.state = 'in_flight')`;

const move = (at: At, commitId: string | null, from: ReviewState, to: ReviewState, isSo: Sql): Sql =>
  sql`UPDATE commits SET review = ${to}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} ${commitId === null ? sql`` : sql`AND id = ${commitId}`}
      AND review = ${from} AND ${isOpenQuestion} AND ${isSo}`;

const approve = (at: At, commitId: string | null): Sql =>
  move(at, commitId, "in_review", "approved", sql`${counted} >= ${needed}`);

const returnToReview = (at: At, commitId: string | null): Sql =>
  move(at, commitId, "approved", "in_review", sql`${counted} < ${needed}`);

/** Writes where a commit's review stands as `judge` says it, after what that depends on was written. */
export const projectReview = (at: At, commitId: string): Sql[] => [approve(at, commitId), returnToReview(at, commitId)];

/** The same after `assertApproved`, by which nothing returns to review. */
export const settleApproved = (at: At, commitId: string): Batch => [
  approve(at, commitId),
  invalidatePushesOfCommit(at, commitId),
];

/** The same, and wants the cards of the commit's pushes rewritten: they offer a retry while it is approved. */
export const settleReview = (at: At, commitId: string): Batch => [
  ...projectReview(at, commitId),
  invalidatePushesOfCommit(at, commitId),
];

/** The same of all open commits; fails the batch unless exactly so many are approved by it and return to review. */
export const projectReviews = (at: At, { approved, returned }: { approved: number; returned: number }): Batch => [
  mustChange(approve(at, null), approved),
  mustChange(returnToReview(at, null), returned),
];

const review = (workspaceId: string, commitId: string): Sql =>
  sql`(SELECT review FROM commits WHERE workspace_id = ${workspaceId} AND id = ${commitId})`;

/** The review that the batch leads to. */
export const reviewAfter = (workspaceId: string, commitId: string): FromBatch<ReviewState> =>
  new FromBatch(review(workspaceId, commitId), commitSchema.shape.review);

/** How many approvals are missing after the batch. */
export const missingAfter = (workspaceId: string, commitId: string): FromBatch<number> =>
  new FromBatch(
    sql`(SELECT MAX(${needed} - ${counted}, 0) FROM commits WHERE workspace_id = ${workspaceId} AND id = ${commitId})`,
    z.int(),
  );

/**
 * A person decides once about a content. To reject it they may take back that they approved it, and what they have
 * withdrawn they may approve again.
 */
export const insertApproval = (workspaceId: string, approval: Approval & { id: string }): Batch => {
  const replaces = approval.decision === "rejected" ? sql`` : sql`WHERE approvals.decision = 'withdrawn'`;
  return mustChange(sql`INSERT INTO approvals ${row({ workspaceId, id: approval.id, ...approvalRow.of(approval) })}
    ON CONFLICT (workspace_id, commit_id, commit_hash, decided_by) DO UPDATE
      SET decision = excluded.decision, reason = excluded.reason, decided_at = excluded.decided_at ${replaces}`);
};

/** Takes back what somebody has approved and no push has used yet. */
export const takeApprovalsBack = (at: At, userId: string): Sql =>
  sql`UPDATE approvals SET decision = 'withdrawn', decided_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND decided_by = ${userId} AND decision = 'approved'
      AND commit_id IN (SELECT id FROM commits WHERE workspace_id = ${at.workspaceId} AND ${isOpenQuestion})`;

/** Takes back somebody's approval of this content. */
export const takeApprovalBack = (at: At, commit: Pick<Commit, "id" | "hash">, userId: string): Batch =>
  mustChange(sql`UPDATE approvals SET decision = 'withdrawn', decided_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commit.id} AND commit_hash = ${commit.hash}
      AND decided_by = ${userId} AND decision = 'approved'`);
