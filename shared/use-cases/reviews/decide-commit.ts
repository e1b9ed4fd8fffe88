/** Approve and reject: what a reviewer says of a commit's content as it is now. */
import {
  type Approval,
  type Commit,
  appliedEverywhere,
  hasStarted,
  maxReviewReason,
} from "../../domain/commits/commit.ts";
import type { Refusal } from "../../contract/refusals.ts";
import { type NetOperation, netOperations } from "../../domain/staging/net-operations.ts";
import type { Mode } from "../../domain/workspace/settings.ts";
import { takeWritten } from "../../domain/unseen.ts";
import { type Result, fail, ok } from "../../result.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { moveReview } from "../../storage/commits/commits.ts";
import {
  assertInReview,
  assertMayApprove,
  insertApproval,
  missingAfter,
  projectReview,
  reviewAfter,
  settleReview,
} from "../../storage/commits/approvals.ts";
import { insertMember } from "../../storage/workspace/workspaces.ts";
import { type UseCaseContext, atNow, nowOf } from "../context.ts";
import { reviewersOf } from "../commits/reviewers.ts";
import { isOpenJob } from "../../domain/states.ts";
import { isWaiting } from "../../domain/pushes/push.ts";
import type { PushStep } from "../../domain/commits/checks.ts";
import { nextPush } from "./next-push.ts";
import { type CommitDetails, type LoadedCommit, loadCommit } from "../commits/load-commit.ts";
import { type NotWritten, type Session, type WriteRefusal, commitBatch, repeatable } from "../session.ts";

export interface DecideInput {
  number: number;
  /** The content that the reviewer saw; null when typed without seeing it. */
  seenHash: string | null;
}

export type DecideReason = WriteRefusal<
  | "commit_not_found"
  | "commit_changed"
  | "already_pushed"
  | "not_in_review"
  | "already_decided"
  | "already_applied"
  | "push_in_progress"
  | "self_approval"
  | "contributor_approval"
  | "already_approved"
>;

export type RejectReason = DecideReason | Refusal<"text_not_allowed" | "reason_too_long">;

export interface Decided {
  commit: Commit;
  /** How many more approvals are needed; 0 when it is approved, or rejected. */
  missing: number;
  /** What they can do with it once it is approved. */
  next: PushStep | null;
}

/** What somebody looks at who is asked once more before they approve. */
export interface Approvable {
  commit: Commit;
  /** What the commit does. */
  operations: NetOperation[];
  mode: Mode;
}

/** The commit, if the acting person may approve it as it is. */
const loadUndecided = async (ctx: UseCaseContext, input: DecideInput): Promise<Result<LoadedCommit, DecideReason>> => {
  const loaded = await loadCommit(ctx, input.number, "approve");
  if (!loaded.ok) return loaded;
  const open = checkOpen(ctx, loaded.value, input);
  if (!open.ok) return open;
  const mayDecide = checkReviewer(ctx, loaded.value.session, loaded.value);
  return mayDecide.ok ? loaded : mayDecide;
};

/** Whether the acting person may approve the commit as it is; asked before they confirm it. */
export const checkApprove = async (
  ctx: UseCaseContext,
  input: DecideInput,
): Promise<Result<Approvable, DecideReason>> => {
  const loaded = await loadUndecided(ctx, input);
  if (!loaded.ok) return loaded;
  const { commit, changes, targets, session } = loaded.value;
  const operations = netOperations(
    changes,
    targets.map(({ target }) => target),
  );
  return ok({ commit, operations, mode: session.workspace.mode });
};

/** Approves the commit's content. It is approved when as many have approved as the workspace asks for. */
export const approveCommit = repeatable(
  async (ctx: UseCaseContext, input: DecideInput): Promise<Result<Decided, DecideReason>> => {
    const loaded = await loadUndecided(ctx, input);
    if (!loaded.ok) return loaded;
    const { session, commit } = loaded.value;
    const { workspaceId } = ctx;
    const at = atNow(ctx);
    const written = await commitBatch<Decided>(
      ctx,
      {
        commit: { ...commit, review: reviewAfter(workspaceId, commit.id) },
        missing: missingAfter(workspaceId, commit.id),
        next: nextPush(ctx, { ...loaded.value, commit: { ...commit, review: "approved" } }),
      },
      [
        // The first admin has no row as long as nobody has given them one, and an approval counts by its row.
        ...(session.role === "admin" ? [insertMember(at, { userId: ctx.actor.id, role: "admin" }, "bootstrap")] : []),
        ...projectReview(at, commit.id),
        assertInReview(workspaceId, commit),
        assertMayApprove(workspaceId, commit, ctx.actor.id),
        insertApproval(workspaceId, approvalOf(ctx, commit, "approved", null)),
        settleReview(at, commit.id),
        invalidateCards(at, [commit.id]),
      ],
      { type: "commit.approved", commitId: commit.id, data: { hash: commit.hash } },
    );
    return written.ok ? written : afterLosing(ctx, input, written);
  },
);

/** Whether the acting person may reject the commit as it is at.now; asked before they write why. */
export const checkReject = async (ctx: UseCaseContext, input: DecideInput): Promise<Result<Commit, DecideReason>> => {
  const loaded = await loadCommit(ctx, input.number, "reject");
  if (!loaded.ok) return loaded;
  const open = checkOpen(ctx, loaded.value, input);
  if (!open.ok) return open;
  // What a target has already cannot be rejected any more; more approvals are needed for the others.
  return hasStarted(loaded.value.targets)
    ? fail({ code: "already_pushed", number: input.number })
    : ok(loaded.value.commit);
};

/** Rejects the commit; its changes wait until it is dropped or reopened. */
export const rejectCommit = repeatable(
  async (
    ctx: UseCaseContext,
    input: DecideInput & { reason: string | null },
  ): Promise<Result<Decided, RejectReason>> => {
    const checked = await checkReject(ctx, input);
    if (!checked.ok) return checked;
    const commit = checked.value;
    const taken = takeWritten("reason", input.reason ?? "");
    if (!taken.ok) return taken;
    const reason = taken.value || null;
    if (reason !== null && reason.length > maxReviewReason) {
      return fail({ code: "reason_too_long", length: reason.length, maxLength: maxReviewReason });
    }

    const { workspaceId } = ctx;
    const at = atNow(ctx);
    const decided: Decided = { commit: { ...commit, review: "rejected" }, missing: 0, next: null };
    const written = await commitBatch(
      ctx,
      decided,
      [
        ...projectReview(at, commit.id),
        moveReview(at, commit, "rejected"),
        insertApproval(workspaceId, approvalOf(ctx, commit, "rejected", reason)),
        invalidateCards(at, [commit.id]),
      ],
      { type: "commit.rejected", commitId: commit.id, data: { reason } },
    );
    return written.ok ? written : afterLosing(ctx, input, written);
  },
);

const approvalOf = (
  ctx: UseCaseContext,
  commit: Commit,
  decision: Approval["decision"],
  reason: string | null,
): Approval & { id: string } => ({
  id: ctx.newId(),
  commitId: commit.id,
  commitHash: commit.hash,
  decision,
  reason,
  decidedBy: ctx.actor.id,
  decidedAt: nowOf(ctx),
});

const checkOpen = (ctx: UseCaseContext, details: LoadedCommit, input: DecideInput): Result<null, DecideReason> => {
  const { commit, approvals, targets, jobs, judgement } = details;
  if (commit.review === "approved" || commit.review === "rejected") {
    // What has become of the commit says more than that it was approved.
    const running = jobs.find((job) => isOpenJob(job) && !isWaiting(job));
    if (running) {
      return fail({ code: "push_in_progress", number: commit.number, target: running.target, state: running.state });
    }
    if (commit.status === appliedEverywhere) {
      return fail({ code: "already_applied", number: commit.number, targets: targets.map(({ target }) => target) });
    }
    const rejection = approvals.findLast((approval) => approval.decision === "rejected");
    const decision = commit.review === "rejected" ? rejection : judgement.counted.at(-1);
    return fail({
      code: "already_decided",
      number: commit.number,
      review: commit.review,
      decidedBy: decision?.decidedBy ?? null,
      decidedAt: decision?.decidedAt ?? null,
      next: nextPush(ctx, details),
    });
  }
  if (commit.review !== "in_review")
    return fail({ code: "not_in_review", number: commit.number, review: commit.review });
  return input.seenHash !== null && input.seenHash !== commit.hash
    ? fail({ code: "commit_changed", number: commit.number })
    : ok(null);
};

const checkReviewer = (
  ctx: UseCaseContext,
  session: Session,
  { commit, changes, judgement }: CommitDetails,
): Result<null, DecideReason> => {
  const { number } = commit;
  if (session.workspace.mode === "team" && commit.contributors.includes(ctx.actor.id)) {
    const reviewers = reviewersOf(session, commit.contributors);
    if (commit.createdBy === ctx.actor.id) return fail({ code: "self_approval", number, reviewers });
    const theirs = changes.filter(({ contributors }) => contributors.includes(ctx.actor.id));
    return fail({ code: "contributor_approval", number, changes: theirs.map((each) => each.number), reviewers });
  }
  return judgement.counted.some(({ decidedBy }) => decidedBy === ctx.actor.id)
    ? fail({ code: "already_approved", number, missing: judgement.missing })
    : ok(null);
};

/** Somebody decided first: say what they decided rather than that we lost. */
const afterLosing = async (
  ctx: UseCaseContext,
  input: DecideInput,
  lost: { ok: false; reason: NotWritten },
): Promise<Result<Decided, DecideReason>> => {
  if (lost.reason.code === "duplicate_request") return lost;
  const again = await loadCommit(ctx, input.number, "approve");
  if (!again.ok) return again;
  const open = checkOpen(ctx, again.value, input);
  return open.ok ? lost : open;
};
