/** The queue cv-push: a message names a job, and the job's request goes to its target. */
import { atLeastAsked, backoffMs, dispatchBackoff, wholeSeconds } from "../shared/backoff.ts";
import { systemActor } from "../shared/domain/actor.ts";
import type { JobOutcome } from "../shared/domain/job-outcome.ts";
import type { Job } from "../shared/domain/push.ts";
import type { CommonDeps } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { commitQuery } from "../shared/storage/commits.ts";
import { read, write } from "../shared/storage/database.ts";
import { jobQuery } from "../shared/storage/jobs.ts";
import { postponeJob } from "../shared/storage/job-writes.ts";
import { pushMessage } from "../shared/storage/outbox.ts";
import { pushQuery } from "../shared/storage/pushes.ts";
import { type TargetBinding, originOfJobQuery } from "../shared/storage/targets.ts";
import type { TargetFailure } from "../shared/targets/client.ts";
import type { Conflict } from "../shared/targets/protocol.ts";
import { traceparentOf } from "../shared/verbs/context.ts";
import { recordOutcome } from "../shared/verbs/record-outcome.ts";
import { askTarget } from "../shared/verbs/settle-job.ts";
import type { Handled } from "./handled.ts";

/** After this many tries a target that is down or answers 5xx ends the attempt; a person can retry it. */
const maxTries = 5;

/** @param tries how often the message was delivered, this time included */
export const handlePushMessage = async (deps: CommonDeps, body: unknown, tries: number): Promise<Handled> => {
  const parsed = pushMessage.safeParse(body);
  if (!parsed.success) return { malformed: "not a cv-push message" };
  const { workspaceId, jobId, attempt } = parsed.data;
  const { db } = deps;
  const [job, origin] = await read(db, jobQuery(db, workspaceId, jobId), originOfJobQuery(db, jobId));
  if (!job || !origin) return { malformed: "there is no such job" };
  // Sent twice, or overtaken by a webhook or a retry: somebody else's message moves the job on.
  if (job.state !== "pending" || job.attempt !== attempt) return { done: true };

  const answer = await send(deps, job, origin.target, origin.traceId);
  if (answer.ok) {
    await record(deps, job, { kind: "accepted" });
    return { done: true };
  }
  return afterFailure(deps, job, answer.reason, tries);
};

const send = async (deps: CommonDeps, job: Job, target: TargetBinding, traceId: string) => {
  const { db } = deps;
  const [push, commit] = await read(
    db,
    pushQuery(db, job.workspaceId, job.pushId),
    commitQuery(db, job.workspaceId, { id: job.commitId }),
  );
  if (!push || !commit) throw new Error(`Job ${job.id} has no push or commit`);
  const client = deps.targets(target);
  return client.apply(
    {
      type: "apply",
      jobId: job.id,
      attempt: job.attempt,
      target: job.target,
      portfolioId: target.portfolioId,
      callbackUrl: client.callbackUrl,
      actor: push.requestedBy,
      commit: { number: commit.number, hash: commit.hash, message: commit.message },
      operations: job.operations,
    },
    traceparentOf(traceId, job.id),
  );
};

const afterFailure = async (deps: CommonDeps, job: Job, failure: TargetFailure, tries: number): Promise<Handled> => {
  log("push.refused", {
    workspaceId: job.workspaceId,
    jobId: job.id,
    attempt: job.attempt,
    tries,
    failure: failure.code,
  });
  const message = `${job.target} ${failure.message}`;
  switch (failure.code) {
    case "conflict":
      await record(deps, job, {
        kind: "failed",
        error: { code: "conflict", message: `${message.replace(/\.$/, "")}${conflictWords(failure.conflicts)}` },
      });
      return { done: true };
    case "refused":
      // An earlier try may have been applied before its answer was lost: then this refusal says nothing about it.
      if (tries > 1) return giveUp(deps, job, { code: "refused", message });
      await record(deps, job, { kind: "failed", error: { code: "refused", message } });
      return { done: true };
    case "unreachable":
    case "unavailable": {
      if (tries >= maxTries) return giveUp(deps, job, { code: failure.code, message: `${message} (${tries} tries)` });
      const askedMs = failure.code === "unavailable" ? failure.retryAfterMs : null;
      const ownMs = backoffMs(dispatchBackoff, tries, deps.random());
      const retryInSeconds = wholeSeconds(atLeastAsked(ownMs, askedMs));
      await postpone(deps, job, retryInSeconds);
      return { done: false, retryInSeconds, reason: message };
    }
  }
};

/** The outcome is unknown: the target is asked at once, and again until it answers. */
const giveUp = async (deps: CommonDeps, job: Job, error: { code: string; message: string }): Promise<Handled> => {
  await record(deps, job, { kind: "timeout", error });
  await askTarget(deps, { ...job, state: "timeout", errorCode: error.code, errorMessage: error.message });
  await deps.announce(job.workspaceId, { dispatched: true });
  return { done: true };
};

/** The sweep must not send again what the queue will deliver by itself. */
const postpone = async (deps: CommonDeps, job: Job, retryInSeconds: number): Promise<void> => {
  const now = new Date(deps.nowMs()).toISOString();
  const deadlineAt = new Date(deps.nowMs() + retryInSeconds * 1000 + deps.timeouts.dispatchMs).toISOString();
  await write(deps.db, [postponeJob(deps.db, job, now, deadlineAt)]);
};

const record = async (deps: CommonDeps, job: Job, outcome: JobOutcome): Promise<void> => {
  const input = { jobId: job.id, attempt: job.attempt, outcome, actor: systemActor("consumer"), webhook: null };
  const recorded = await recordOutcome(deps, input);
  if (recorded.ok) await deps.announce(recorded.value.workspaceId, recorded.value);
  else log("push.not_recorded", { jobId: job.id, outcome: outcome.kind, reason: recorded.reason });
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
