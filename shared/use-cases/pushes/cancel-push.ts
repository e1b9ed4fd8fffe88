/** Takes a push back: what was never sent here, what was sent only when its target guarantees not to apply it. */
import type { Commit } from "../../domain/commits/commit.ts";
import { type Job, isUnsent, isWaiting } from "../../domain/pushes/push.ts";
import { type Result, fail, ok } from "../../result.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { settleReview } from "../../storage/commits/approvals.ts";
import { moveCommitTarget, projectCommitStatus } from "../../storage/commits/commit-targets.ts";
import { type Batch, mustChange } from "../../storage/database.ts";
import type { At } from "../../storage/sql.ts";
import type { NewEvent } from "../../storage/events/events.ts";
import { cancelUnsentJob, assertSettled, stopJob } from "../../storage/pushes/job-writes.ts";
import { movePush } from "../../storage/pushes/pushes.ts";
import type { ApplyResult } from "../../targets/protocol.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type CommitDetails, loadCommit } from "../commits/load-commit.ts";
import { recordOutcome } from "./record-outcome.ts";
import { type NotWritten, type Session, type WriteRefusal, commitBatch, repeatable } from "../session.ts";
import { isOpenJob, isSettledJob } from "../../domain/states.ts";

export interface Cancelled {
  commit: Commit;
  /** Targets that never get it, in the order of application. */
  cancelled: string[];
  /** Targets that had applied it before they were asked. */
  applied: string[];
  /** Targets that gave no answer: their jobs stay as they are, and are asked about again. */
  unknown: string[];
}

export type CancelReason = WriteRefusal<
  "commit_not_found" | "nothing_to_cancel" | "already_applied" | "cancel_unconfirmed"
>;

/** As often as others may be faster; each round asks the targets again, which changes nothing there. */
const maxRounds = 4;

type Fenced = { job: Job } & ({ state: "cancelled" | "unknown" } | { state: "applied"; result: ApplyResult });

/**
 * Asks the targets of jobs that were sent first; what they say and what was never sent is recorded after it. What is
 * sent, or ends, at that moment is looked at anew: what a target has fenced must not stay unrecorded.
 */
export const cancelPush = repeatable(
  async (ctx: UseCaseContext, input: { number: number }): Promise<Result<Cancelled, CancelReason>> => {
    for (let round = 1; ; round += 1) {
      const cancelled = await cancelOnce(ctx, input);
      if (cancelled.ok || cancelled.reason.code !== "conflict" || round === maxRounds) return cancelled;
    }
  },
);

const cancelOnce = async (ctx: UseCaseContext, input: { number: number }): Promise<Result<Cancelled, CancelReason>> => {
  const { number } = input;
  const loaded = await loadCommit(ctx, number, "cancel");
  if (!loaded.ok) return loaded;
  const { session, commit, jobs, targets } = loaded.value;
  const open = jobs.filter(isOpenJob);
  if (open.length === 0) return fail({ code: "nothing_to_cancel", number });

  const sent = open.filter((job) => !isUnsent(job));
  const fenced = await Promise.all(sent.map((job) => fence(ctx, session, job)));
  const unsent = open.filter(isUnsent);
  const inState = (state: Fenced["state"]) => fenced.filter((each) => each.state === state).map(({ job }) => job);
  const stopped = inState("cancelled");
  const cancelled: Cancelled = {
    commit,
    cancelled: namesOf([...unsent, ...stopped]),
    applied: namesOf(inState("applied")),
    unknown: namesOf(inState("unknown")),
  };
  if (cancelled.cancelled.length > 0) {
    const written = await writeCancel(ctx, cancelled, { jobs, targets }, unsent, stopped, fenced);
    if (!written.ok) return written;
  }
  for (const each of fenced) if (each.state === "applied") await recordApplied(ctx, each.job, each.result);

  if (cancelled.cancelled.length > 0) return ok(cancelled);
  if (cancelled.unknown.length > 0) return fail({ code: "cancel_unconfirmed", number, targets: cancelled.unknown });
  return fail({ code: "already_applied", number, targets: cancelled.applied });
};

const namesOf = (jobs: readonly Job[]): string[] =>
  jobs.toSorted((left, right) => left.position - right.position).map(({ target }) => target);

/** From "cancelled" on, no attempt up to this one can be applied any more, even if its request arrives later. */
const fence = async (ctx: UseCaseContext, session: Session, job: Job): Promise<Fenced> => {
  const target = session.targets.find(({ name }) => name === job.target);
  if (!target) return { job, state: "unknown" };
  const { id: jobId, attempt } = job;
  const answer = await ctx
    .targets(target, ctx.traceId)
    .cancel({ type: "cancel", jobId, attempt, target: target.name, portfolioId: target.portfolioId });
  if (!answer.ok) return { job, state: "unknown" };
  const { state, result } = answer.value;
  if (state === "cancelled") return { job, state };
  return result ? { job, state: "applied", result } : { job, state: "unknown" };
};

const writeCancel = (
  ctx: UseCaseContext,
  cancelled: Cancelled,
  { jobs, targets }: Pick<CommitDetails, "jobs" | "targets">,
  unsent: readonly Job[],
  stopped: readonly Job[],
  fenced: readonly Fenced[],
): Promise<Result<Cancelled, NotWritten>> => {
  const { commit } = cancelled;
  const at = atNow(ctx);
  const gone = [...unsent, ...stopped];
  const pushIds = [...new Set(gone.map(({ pushId }) => pushId))];
  const ended = pushIds.filter((pushId) =>
    isEnded(
      jobs.filter((job) => job.pushId === pushId),
      fenced,
    ),
  );
  return commitBatch(
    ctx,
    cancelled,
    [
      ...pushIds.map((pushId) => {
        const settled = jobs.filter((job) => job.pushId === pushId && isSettledJob(job));
        return assertSettled(at.workspaceId, pushId, settled.length);
      }),
      ...unsent.map((job) => [
        cancelUnsentJob(at, job),
        // One whose turn had not come is not in flight.
        isWaiting(job) ? [] : backToPending(at, job, targets),
      ]),
      ...stopped.map((job) => [
        stopJob(at, job, "cancelled", { code: "cancelled", message: "Taken back before it was applied" }, null),
        backToPending(at, job, targets),
      ]),
      projectCommitStatus(at, commit.id),
      settleReview(at, commit.id),
      ...ended.map((pushId) => movePush(at, pushId, "cancelled")),
      invalidateCards(at, [commit.id, ...pushIds, ...gone.map(({ id }) => id)]),
    ],
    ...gone.map((job): NewEvent => ({
      type: "job.cancelled",
      commitId: commit.id,
      pushId: job.pushId,
      jobId: job.id,
      attempt: job.attempt,
      data: { target: job.target, sent: !isUnsent(job) },
    })),
    ...ended.map((pushId): NewEvent => ({ type: "push.cancelled", commitId: commit.id, pushId })),
  );
};

/** What a target has applied it keeps, when a push of it again is taken back. */
const backToPending = (at: At, job: Job, targets: CommitDetails["targets"]): Batch =>
  targets.some(({ target, state }) => target === job.target && state === "applied")
    ? []
    : mustChange(moveCommitTarget(at, job.commitId, job.target, "pending", null));

/**
 * Whether the cancellation is the push's end. A job that failed may be retried, and one whose target gave no answer may
 * still be applied: such a push goes on.
 */
const isEnded = (jobs: readonly Job[], fenced: readonly Fenced[]): boolean =>
  jobs.every(
    (job) => job.state !== "failed" && !fenced.some((each) => each.job.id === job.id && each.state === "unknown"),
  );

/** The target has it, so that is what is recorded; what waited for it is cancelled by now. */
const recordApplied = async (ctx: UseCaseContext, job: Job, result: ApplyResult): Promise<void> => {
  await recordOutcome(ctx, {
    jobId: job.id,
    attempt: job.attempt,
    outcome: { kind: "completed", result },
    actor: { kind: "target", id: job.target },
    webhook: null,
  });
};
