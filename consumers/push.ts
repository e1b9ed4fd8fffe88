/** The queue cv-push: a message names a job, whose request is sent to its target. */
import { atLeastAsked, backoffMs, dispatchBackoff, wholeSeconds } from "../shared/backoff.ts";
import { systemActor } from "../shared/domain/workspace/actor.ts";
import type { JobOutcome } from "../shared/domain/pushes/job-outcome.ts";
import type { Job, Push } from "../shared/domain/pushes/push.ts";
import { tooLargeCode } from "../shared/domain/pushes/retry.ts";
import { type TargetHealth, healthOf, probing, turnOf } from "../shared/domain/pushes/target-health.ts";
import type { Work } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { read } from "../shared/storage/database.ts";
import { write } from "../shared/storage/write.ts";
import { jobAloneQuery, operationsOfJobQuery } from "../shared/storage/pushes/jobs.ts";
import { countTry, postponeTry } from "../shared/storage/pushes/job-writes.ts";
import { pushMessage } from "../shared/storage/outbox.ts";
import { saveHealth } from "../shared/storage/pushes/target-health.ts";
import { type CommitHead, type TargetBinding, dispatchOfJobQuery } from "../shared/storage/pushes/targets.ts";
import type { TargetClient, TargetFailure } from "../shared/targets/client.ts";
import type { Conflict, Operations } from "../shared/targets/protocol.ts";
import { atNow, inMs } from "../shared/use-cases/context.ts";
import { type WhyNotSent, pinVersions } from "../shared/use-cases/pushes/pin-versions.ts";
import { type KnownJob, type OutcomeReason, recordOutcome } from "../shared/use-cases/pushes/record-outcome.ts";
import { askTarget } from "../shared/use-cases/pushes/settle-job.ts";
import { holdUp, recordNoAnswer } from "../shared/use-cases/pushes/target-health.ts";
import type { Handled } from "./handled.ts";

/** The maximum of tries of a job when its target answers others. Then its outcome is unknown; people can retry it. */
const maxTries = 5;

export const handlePushMessage = async (deps: Work, body: unknown): Promise<Handled> => {
  const parsed = pushMessage.safeParse(body);
  if (!parsed.success) return { malformed: "not a cv-push message" };
  const { workspaceId, jobId, attempt } = parsed.data;
  const { db } = deps;
  const [[untraced], dispatch, [operations]] = await read(
    db,
    jobAloneQuery(jobId),
    dispatchOfJobQuery(jobId),
    operationsOfJobQuery(jobId),
  );
  if (!dispatch || untraced?.workspaceId !== workspaceId) return { malformed: "there is no such job" };
  const { origin, push, commit } = dispatch;
  const job = { ...untraced, traceId: origin.traceId };
  // A duplicate, or superseded by a webhook or a retry: another message continues the job.
  if (job.state !== "pending" || job.attempt !== attempt) return { done: true };

  if (!operations) return failUnreadable(deps, job);
  const health = origin.health ?? healthOf(job.target);
  const turn = turnOf(health, deps.nowMs());
  if (turn.kind === "wait") return waitFor(deps, job, turn.until);
  const isOurs = await beginTry(deps, job, turn.kind === "probe" ? health : null);
  // Another message sends the job, or another job tests the target: this one is checked again afterwards.
  if (!isOurs) return { done: false, retryInSeconds: 1, reason: "overtaken" };

  const sent = { ...job, tries: job.tries + 1 };
  const client = deps.targets(origin.target, origin.traceId);
  const pinned = await pinVersions(deps, client, sent, operations);
  if (!pinned.ok) return notSent(deps, sent, pinned.reason, origin.traceId);
  const answer = await send(client, { ...sent, operations: pinned.value }, origin.target, { push, commit });
  if (answer.ok) {
    // What a probe says of its target is judged by what others have said meanwhile.
    await record(deps, sent, { kind: "accepted" }, turn.kind === "probe" ? null : { origin });
    return { done: true };
  }
  return afterFailure(deps, sent, answer.reason, origin.traceId);
};

/** A retry prepares the operations again. An earlier try may have reached the target: then the target is queried. */
const failUnreadable = async (deps: Work, job: Job): Promise<Handled> => {
  const error = { code: "unreadable_operations", message: "The stored operations of this push cannot be read" };
  if (job.tries > 0) return giveUp(deps, job, error);
  await record(deps, job, { kind: "failed", error, tries: 0 });
  return { done: true };
};

/** The push waits; the alarm checks the target and then queues the job again. */
const waitFor = async (deps: Work, job: Job, until: string): Promise<Handled> => {
  await write(deps, holdUp(deps, job, until));
  return { done: true };
};

/** Counts the try before the request, so that no other component takes a received request for unsent. */
const beginTry = async (deps: Work, job: Job, probed: TargetHealth | null): Promise<boolean> => {
  const { nowMs, timeouts } = deps;
  const at = atNow({ ...deps, ...job });
  const written = await write(deps, [
    countTry(at, job, inMs(deps, timeouts.dispatchMs)),
    probed ? saveHealth(at, probing(probed, job.id, nowMs(), timeouts.dispatchMs)) : [],
  ]);
  return written.written;
};

const send = (
  client: TargetClient,
  job: Job & { operations: Operations },
  { portfolioId }: TargetBinding,
  { push, commit }: { push: Push; commit: CommitHead },
) =>
  client.apply({
    type: "apply",
    jobId: job.id,
    attempt: job.attempt,
    target: job.target,
    portfolioId,
    callbackUrl: client.callbackUrl,
    actor: push.requestedBy,
    commit: { number: commit.number, hash: commit.hash, message: commit.message },
    operations: job.operations,
  });

const notSent = async (deps: Work, job: Job, why: WhyNotSent, traceId: string): Promise<Handled> => {
  switch (why.code) {
    case "overtaken":
      return { done: false, retryInSeconds: 1, reason: "overtaken" };
    case "no_answer":
      return afterFailure(deps, job, why.failure, traceId);
    case "superseded":
      return failFinally(deps, job, { code: "conflict", message: why.message });
  }
};

/** An earlier try may have been applied: then this is no outcome, and the target is queried. */
const failFinally = async (deps: Work, job: Job, error: { code: string; message: string }): Promise<Handled> =>
  (await record(deps, job, { kind: "failed", error, tries: 1 })) === "conflict"
    ? giveUp(deps, job, error)
    : { done: true };

const afterFailure = async (deps: Work, job: Job, failure: TargetFailure, traceId: string): Promise<Handled> => {
  const { workspaceId, id: jobId, attempt, tries } = job;
  log("push.refused", { traceId, workspaceId, jobId, attempt, tries, failure: failure.code });
  const message = `${job.target} ${failure.message}`;
  switch (failure.code) {
    case "conflict":
      await record(deps, job, {
        kind: "failed",
        error: { code: "conflict", message: `${message.replace(/\.$/, "")}${conflictWords(failure.conflicts)}` },
      });
      return { done: true };
    case "refused":
      // Its secrets and ours differ while they are rotated: a push waits for it, as for a target that is down.
      if (failure.status === 401)
        return afterNoAnswer(deps, job, { ...failure, code: "unavailable", retryAfterMs: null }, traceId);
      return failFinally(deps, job, { code: failure.status === 413 ? tooLargeCode : "refused", message });
    case "unreachable":
    case "unavailable":
      return afterNoAnswer(deps, job, failure, traceId);
  }
};

/** When the target answers no request, the job waits. When only this job fails, a few retries precede a query. */
const afterNoAnswer = async (
  deps: Work,
  job: Job,
  failure: Extract<TargetFailure, { code: "unreachable" | "unavailable" }>,
  traceId: string,
): Promise<Handled> => {
  const retryAfterMs = failure.code === "unavailable" ? failure.retryAfterMs : null;
  const health = await recordNoAnswer(deps, job, { message: failure.message, retryAfterMs, traceId });
  if (health.state !== "closed") return { done: true };
  const message = `${job.target} ${failure.message}`;
  if (job.tries >= maxTries) {
    return giveUp(deps, job, { code: failure.code, message: `${message} (${job.tries} tries)` });
  }
  const ownMs = backoffMs(dispatchBackoff, job.tries, deps.random());
  const retryInSeconds = wholeSeconds(atLeastAsked(ownMs, retryAfterMs));
  await postpone(deps, job, retryInSeconds);
  return { done: false, retryInSeconds, reason: message };
};

/** The outcome is unknown: the target is queried immediately, and again until it answers. */
const giveUp = async (deps: Work, job: Job, error: { code: string; message: string }): Promise<Handled> => {
  await record(deps, job, { kind: "timeout", error });
  await askTarget(deps, { ...job, state: "timeout", errorCode: error.code, errorMessage: error.message });
  return { done: true };
};

/** Prevents the sweep from sending a message that the queue will redeliver. */
const postpone = async (deps: Work, job: Job, retryInSeconds: number): Promise<void> => {
  const deadlineAt = inMs(deps, retryInSeconds * 1000 + deps.timeouts.dispatchMs);
  await write(deps, postponeTry(atNow({ ...deps, ...job }), job, deadlineAt));
};

/** @returns null when the outcome was recorded, else the reason */
const record = async (
  deps: Work,
  job: Job,
  outcome: JobOutcome,
  known: KnownJob | null = null,
): Promise<OutcomeReason["code"] | null> => {
  const input = { jobId: job.id, attempt: job.attempt, outcome, actor: systemActor("consumer"), webhook: null };
  const recorded = await recordOutcome(deps, input, known && { ...known, job });
  if (recorded.ok) return null;
  log("push.not_recorded", {
    traceId: job.traceId,
    workspaceId: job.workspaceId,
    jobId: job.id,
    outcome: outcome.kind,
    reason: recorded.reason,
  });
  return recorded.reason.code;
};

const conflictReasons: Record<Conflict["reason"], string> = {
  exists: "exists already",
  missing: "is not there any more",
  version: "was changed by somebody else",
};

const conflictWords = (conflicts: readonly Conflict[]): string => {
  if (conflicts.length === 0) return "";
  const shown = conflicts
    .slice(0, 5)
    .map(({ entityType, id, reason }) => `${entityType} ${id} ${conflictReasons[reason]}`);
  return `: ${shown.join("; ")}${conflicts.length > 5 ? ` and ${conflicts.length - 5} more` : ""}`;
};
