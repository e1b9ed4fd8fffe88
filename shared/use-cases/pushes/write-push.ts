/** Begins a push: one batch with its jobs, its thread, and the message of the first of them. */
import type { Commit } from "../../domain/commits/commit.ts";
import type { Result } from "../../result.ts";
import { insertCard, invalidateCommitCards } from "../../storage/cards.ts";
import { assertApproved, settleApproved } from "../../storage/commits/approvals.ts";
import { assertNoneNewer } from "../../storage/commits/history.ts";
import { assertNoneApplied, moveCommitTarget, projectCommitStatus } from "../../storage/commits/commit-targets.ts";
import { setAppliedBy } from "../../storage/commits/commits.ts";
import { takeNumber, takenNumber } from "../../storage/counters.ts";
import { mustChange } from "../../storage/database.ts";
import { insertPushMessage } from "../../storage/outbox.ts";
import { type NewJob, cancelWaitingJobs, insertJob } from "../../storage/pushes/job-writes.ts";
import { insertPush } from "../../storage/pushes/pushes.ts";
import type { LoadedCommit } from "../commits/load-commit.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type NotWritten, commitBatch } from "../session.ts";

export interface PushStarted {
  commit: Commit;
  pushNumber: number;
  targets: string[];
  channelId: string;
}

interface NewPush {
  id: string;
  commitId: string;
  scope: string;
  channelId: string;
  /** Its target has applied the commit, and keeps that state whatever becomes of the job. */
  isAgain: boolean;
}

export const writePush = async (
  ctx: UseCaseContext,
  { commit, newer }: Pick<LoadedCommit, "commit" | "newer">,
  jobs: NewJob[],
  { isAgain, ...push }: NewPush,
): Promise<Result<PushStarted, NotWritten>> => {
  const { workspaceId, traceId } = ctx;
  const at = atNow(ctx);
  const [first] = jobs;
  if (!first) throw new Error("A push needs a target");
  const { channelId } = push;
  const pushCard = { id: ctx.newId(), kind: "push" as const, subjectId: push.id, channelId };
  const planCard = { ...pushCard, id: ctx.newId(), kind: "push_plan" as const, parentCardId: pushCard.id };
  const targets = jobs.map(({ target }) => target);
  return commitBatch<PushStarted>(
    ctx,
    { commit, pushNumber: takenNumber(workspaceId, "push"), targets, channelId },
    [
      takeNumber(workspaceId, "push"),
      insertPush(workspaceId, { ...push, requestedBy: ctx.actor.id, traceId, createdAt: at.now }),
      assertApproved(workspaceId, commit),
      settleApproved(at, commit.id),
      assertNoneNewer(workspaceId, commit.id, targets, newer),
      // A job that waits for a target which another push has reached meanwhile could never be sent.
      isAgain ? [] : [assertNoneApplied(workspaceId, commit.id, targets), cancelWaitingJobs(at, commit.id)],
      ...jobs.map((job) => insertJob(at, job)),
      isAgain
        ? []
        : [
            mustChange(moveCommitTarget(at, commit.id, first.target, "in_flight", null)),
            projectCommitStatus(at, commit.id),
            setAppliedBy(workspaceId, commit.id, ctx.actor.id),
          ],
      insertPushMessage(at, ctx.newId(), { jobId: first.id, attempt: 1, traceId }),
      insertCard(at, pushCard),
      insertCard(at, planCard),
      invalidateCommitCards(at, commit.id),
    ],
    {
      type: "push.started",
      commitId: commit.id,
      pushId: push.id,
      data: { targets, ...(isAgain ? { again: true } : {}) },
    },
    {
      type: "job.dispatched",
      commitId: commit.id,
      pushId: push.id,
      jobId: first.id,
      attempt: 1,
      data: { target: first.target },
    },
  );
};
