/** Drop and reopen: the two ways in which a commit ends without being pushed. */
import { type Commit, hasStarted } from "../../domain/commits/commit.ts";
import { isUnreadableChange } from "../../domain/unreadable-row.ts";
import { canMove, isOpenJob } from "../../domain/states.ts";
import { type Result, fail } from "../../result.ts";
import { invalidateCards, invalidatePushesOfCommit } from "../../storage/cards.ts";
import { onLive } from "../../domain/commits/resolve.ts";
import type { Change } from "../../domain/staging/change.ts";
import { readLive } from "../pushes/read-rows.ts";
import { discardCommitted, rebaseStaged, restageCommitted } from "../../storage/staging/changes.ts";
import { assertNoneApplied } from "../../storage/commits/commit-targets.ts";
import { invalidateOverlapping } from "../../storage/commits/overlaps.ts";
import { moveReview } from "../../storage/commits/commits.ts";
import { mustChange } from "../../storage/database.ts";
import { cancelWaitingJobs, assertNoRunningJob } from "../../storage/pushes/job-writes.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { loadCommit } from "./load-commit.ts";
import { type Session, type WriteRefusal, allows, commitBatch, repeatable } from "../session.ts";

export type CloseReason = WriteRefusal<"commit_not_found" | "not_author" | "already_pushed" | "already_closed">;

interface Closed {
  commit: Commit;
  changeCount: number;
}

const close = async (
  ctx: UseCaseContext,
  number: number,
  to: "dropped" | "reopened",
): Promise<Result<Closed, CloseReason>> => {
  const content = to === "dropped" ? "as far as it can be read" : "whole";
  const loaded = await loadCommit(ctx, number, "dropOwn", content);
  if (!loaded.ok) return loaded;
  const { session, commit, changes, targets, jobs } = loaded.value;
  if (commit.createdBy !== ctx.actor.id && !allows(session, "changeOthers")) {
    return fail({ code: "not_author", number, author: commit.createdBy });
  }
  if (!canMove("review", commit.review, to)) return fail({ code: "already_closed", number, review: commit.review });
  const underWay = jobs.some((job) => job.dispatchedAt !== null && isOpenJob(job));
  if (hasStarted(targets) || underWay) return fail({ code: "already_pushed", number });

  const { workspaceId } = ctx;
  const at = atNow(ctx);
  const ids = [...changes, ...session.unreadable.filter(isUnreadableChange)].map(({ id }) => id);
  const closed: Closed = { commit: { ...commit, review: to }, changeCount: ids.length };
  const rebased = to === "dropped" ? [] : await rebasedOnLive(ctx, session, changes);
  const move = to === "dropped" ? discardCommitted : restageCommitted;
  return commitBatch(
    ctx,
    closed,
    [
      assertNoRunningJob(workspaceId, commit.id),
      // A push can begin and end between the look and the batch.
      assertNoneApplied(
        workspaceId,
        commit.id,
        targets.map(({ target }) => target),
      ),
      cancelWaitingJobs(at, commit.id),
      moveReview(at, commit, to),
      mustChange(move(at, commit.id), ids.length),
      rebased.length > 0 ? rebaseStaged(at, rebased) : [],
      invalidatePushesOfCommit(at, commit.id),
      invalidateCards(at, [commit.id, ...ids]),
      invalidateOverlapping(at, ids),
    ],
    { type: to === "dropped" ? "commit.dropped" : "commit.reopened", commitId: commit.id },
  );
};

/** Changes that are staged again stand on what is live: what the commit was refused for is not met again. */
const rebasedOnLive = async (
  ctx: UseCaseContext,
  session: Session,
  changes: readonly Change[],
): Promise<Pick<Change, "id" | "base">[]> => {
  const existing = changes.filter(({ action }) => action !== "CREATE");
  const targets = session.targets.filter(({ name }) => existing.some((change) => change.targets.includes(name)));
  const { liveOf } = await readLive(ctx, targets, existing);
  return existing.map((change) => ({ id: change.id, base: onLive(change, liveOf) }));
};

/** Discards a commit and its changes. Refused once it is applied, or on its way, anywhere. */
export const dropCommit = repeatable((ctx: UseCaseContext, number: number) => close(ctx, number, "dropped"));

/** Takes a commit apart: its changes are staged again. Refused once it is applied, or on its way, anywhere. */
export const reopenCommit = repeatable((ctx: UseCaseContext, number: number) => close(ctx, number, "reopened"));
