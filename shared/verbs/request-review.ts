import type { Commit } from "../domain/commit.ts";
import { type Result, fail, ok } from "../result.ts";
import { insertCard, raiseCards } from "../storage/cards.ts";
import { moveReview } from "../storage/commits.ts";
import { expectChanges } from "../storage/database.ts";
import { may } from "../domain/roles.ts";
import { type VerbContext, nowOf } from "./context.ts";
import { reviewersOf } from "./create-commit.ts";
import { type NoSuchCommit, loadCommit } from "./load-commit.ts";
import { type Forbidden, type NotWritten, commitBatch } from "./session.ts";

export type RequestReviewReason =
  | Forbidden
  | NotWritten
  | NoSuchCommit
  | { code: "not_yours"; number: number; author: string }
  | { code: "already_decided"; number: number; review: Commit["review"] };

export interface ReviewRequested {
  commit: Commit;
  channelId: string;
  reviewers: string[];
  /** Review had been asked for before; its card was posted once more. */
  again: boolean;
}

/** Sends a draft to review; for a commit that waits for review it posts the card once more. */
export const requestReview = async (
  ctx: VerbContext,
  input: { number: number; channelId: string },
): Promise<Result<ReviewRequested, RequestReviewReason>> => {
  const loaded = await loadCommit(ctx, input.number, "requestReview");
  if (!loaded.ok) return loaded;
  const { session, commit } = loaded.value;
  if (commit.createdBy !== ctx.actor.id && !may(session.role, "changeOthers")) {
    return fail({ code: "not_yours", number: input.number, author: commit.createdBy });
  }
  const again = commit.review === "in_review";
  if (!again && commit.review !== "draft") {
    return fail({ code: "already_decided", number: input.number, review: commit.review });
  }
  const { db, workspaceId } = ctx;
  const now = nowOf(ctx);
  const channelId = session.workspace.channelId ?? input.channelId;
  const written = await commitBatch(
    ctx,
    [
      ...(again ? [] : [moveReview(db, workspaceId, commit, "in_review", now), expectChanges(db)]),
      raiseCards(db, workspaceId, [commit.id], now),
      insertCard(db, workspaceId, { id: ctx.newId(), kind: "commit", subjectId: commit.id, channelId }, now),
    ],
    { type: "commit.review_requested", commitId: commit.id, data: { again } },
  );
  if (!written.ok) return written;
  return ok({
    commit: { ...commit, review: "in_review" },
    channelId,
    reviewers: reviewersOf(session, commit.createdBy),
    again,
  });
};
