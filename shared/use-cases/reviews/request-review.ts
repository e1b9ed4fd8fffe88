import type { Commit } from "../../domain/commits/commit.ts";
import { type Result, fail } from "../../result.ts";
import { insertCard, invalidateCards } from "../../storage/cards.ts";
import { setContent } from "../../storage/commits/commits.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { nextPush } from "./next-push.ts";
import { cardPlaces, reviewersOf } from "../commits/reviewers.ts";
import { loadCommit } from "../commits/load-commit.ts";
import { type WriteRefusal, allows, commitBatch, repeatable } from "../session.ts";

export type RequestReviewReason = WriteRefusal<
  "commit_not_found" | "not_author" | "invalid_reviewers" | "already_decided"
>;

export interface ReviewInput {
  number: number;
  /** Where its card goes, unless the workspace has a channel for cards; null: to everybody who may approve it. */
  channelId: string | null;
  /** User ids of those who get its card as a direct message. */
  reviewers: readonly string[];
}

export interface ReviewRequested {
  commit: Commit;
  /** Channel of the card; null when only the reviewers got one. */
  channelId: string | null;
  /** Who got its card as a direct message. */
  asked: string[];
  /** Who may approve it. */
  reviewers: string[];
  /** Review had been asked for before; its card was posted once more. */
  again: boolean;
}

/** Sends a draft to review; for a commit in review it posts the card once more, or only to those who are named. */
export const requestReview = repeatable(
  async (ctx: UseCaseContext, input: ReviewInput): Promise<Result<ReviewRequested, RequestReviewReason>> => {
    const loaded = await loadCommit(ctx, input.number, "requestReview");
    if (!loaded.ok) return loaded;
    const { session, commit } = loaded.value;
    if (commit.createdBy !== ctx.actor.id && !allows(session, "changeOthers")) {
      return fail({ code: "not_author", number: input.number, author: commit.createdBy });
    }
    const again = commit.review === "in_review";
    if (!again && commit.review !== "draft") {
      return fail({
        code: "already_decided",
        number: input.number,
        review: commit.review,
        next: nextPush(ctx, loaded.value),
      });
    }
    const reviewers = reviewersOf(session, commit.contributors);
    const asked = [...new Set(input.reviewers)];
    const unable = asked.filter((userId) => !reviewers.includes(userId));
    if (unable.length > 0) return fail({ code: "invalid_reviewers", number: input.number, userIds: unable, reviewers });

    const at = atNow(ctx);
    const onlyAsked = again && asked.length > 0;
    const channelId = onlyAsked ? null : (session.workspace.channelId ?? input.channelId);
    const places = new Set([...(onlyAsked ? [] : cardPlaces(ctx, channelId, reviewers)), ...asked]);
    const requested: ReviewRequested = {
      commit: { ...commit, review: "in_review" },
      channelId,
      asked,
      reviewers,
      again,
    };
    return commitBatch(
      ctx,
      requested,
      [
        // Nobody takes back an approval that was given meanwhile.
        again ? [] : setContent(at, commit, { ...commit, review: "in_review" }),
        invalidateCards(at, [commit.id]),
        ...[...places].map((place) =>
          insertCard(at, { id: ctx.newId(), kind: "commit", subjectId: commit.id, channelId: place }),
        ),
      ],
      { type: "commit.review_requested", commitId: commit.id, data: { again, reviewers: asked } },
    );
  },
);
