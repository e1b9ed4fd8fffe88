import { type Commit, hasBegun } from "../../domain/commits/commit.ts";
import { isClosedCommit } from "../../domain/states.ts";
import { type Result, fail } from "../../result.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { missingAfter, reviewAfter, settleReview, takeApprovalBack } from "../../storage/commits/approvals.ts";
import { assertNoneApplied } from "../../storage/commits/commit-targets.ts";
import { assertNoRunningJob } from "../../storage/pushes/job-writes.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { loadCommit } from "../commits/load-commit.ts";
import { type WriteRefusal, commitBatch, repeatable } from "../session.ts";

export type WithdrawReason = WriteRefusal<"commit_not_found" | "already_pushed" | "not_in_review" | "no_approval">;

export interface Withdrawn {
  commit: Commit;
  /** How many approvals are needed now. */
  missing: number;
}

/** Takes back the acting person's approval of a commit, until a push of it has begun. */
export const withdrawApproval = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Withdrawn, WithdrawReason>> => {
    const loaded = await loadCommit(ctx, number, "approve");
    if (!loaded.ok) return loaded;
    const { commit, approvals, targets, jobs } = loaded.value;
    if (isClosedCommit(commit) || commit.review === "rejected") {
      return fail({ code: "not_in_review", number, review: commit.review });
    }
    if (hasBegun({ targets, jobs })) return fail({ code: "already_pushed", number });
    const own = approvals.some(
      ({ decidedBy, decision, commitHash }) =>
        decidedBy === ctx.actor.id && decision === "approved" && commitHash === commit.hash,
    );
    if (!own) return fail({ code: "no_approval", number });

    const { workspaceId } = ctx;
    const at = atNow(ctx);
    return commitBatch<Withdrawn>(
      ctx,
      {
        commit: { ...commit, review: reviewAfter(workspaceId, commit.id) },
        missing: missingAfter(workspaceId, commit.id),
      },
      [
        assertNoRunningJob(workspaceId, commit.id),
        assertNoneApplied(
          workspaceId,
          commit.id,
          targets.map(({ target }) => target),
        ),
        takeApprovalBack(at, commit, ctx.actor.id),
        settleReview(at, commit.id),
        invalidateCards(at, [commit.id]),
      ],
      { type: "approval.withdrawn", commitId: commit.id, data: { hash: commit.hash } },
    );
  },
);
