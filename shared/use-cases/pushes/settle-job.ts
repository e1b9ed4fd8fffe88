/** Looks after a job whose deadline has passed: sends it again, or asks the target what became of it. Never guesses. */
import { atLeastAsked, jittered } from "../../backoff.ts";
import type { OutcomeContext } from "./outcome-context.ts";
import { systemActor } from "../../domain/workspace/actor.ts";
import type { JobOutcome } from "../../domain/pushes/job-outcome.ts";
import { type Job, isBlocked, isUnsent } from "../../domain/pushes/push.ts";
import { longestWaitMs } from "../../domain/pushes/target-health.ts";
import { inTrace, log } from "../../log.ts";
import type { Result } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { postponeBlocked } from "../../storage/pushes/blocked-jobs.ts";
import { postponeJob } from "../../storage/pushes/job-writes.ts";
import { insertPushMessage } from "../../storage/outbox.ts";
import { originOfJobQuery } from "../../storage/pushes/targets.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import { write } from "../../storage/write.ts";
import type { TargetFailure } from "../../targets/client.ts";
import type { TargetDirectory } from "../../targets/directory.ts";
import type { JobReport } from "../../targets/protocol.ts";
import { atNow, inMs } from "../context.ts";
import { type OutcomeReason, type Recorded, recordOutcome } from "./record-outcome.ts";
import { recordNoAnswer } from "./target-health.ts";
import { hourMs, minuteMs } from "../../domain/time.ts";

export interface SettleContext extends OutcomeContext {
  targets: TargetDirectory;
}

/** For how long a message that no consumer reports on is sent again before the outcome counts as unknown. */
const resendForMs = 10 * minuteMs;

/** After that, how often. */
const resendSlowlyMs = 10 * minuteMs;

export type Settled = "resent" | "recorded" | "waiting";

/** A target without an answer takes 15 s, and must not delay the others. A Worker has six connections. */
const jobsAtOnce = 5;

/** One step for each overdue job. One that throws is looked at again later, and takes no other with it. */
export const settleJobs = async (ctx: SettleContext, jobs: readonly Job[]): Promise<void> => {
  for (let start = 0; start < jobs.length; start += jobsAtOnce) {
    await Promise.all(
      jobs.slice(start, start + jobsAtOnce).map((job) => inTrace(job.traceId, () => settleOrPostpone(ctx, job))),
    );
  }
};

const settleOrPostpone = async (ctx: SettleContext, job: Job): Promise<void> => {
  const about = { traceId: job.traceId, workspaceId: job.workspaceId, jobId: job.id, was: job.state };
  try {
    log("job.settled", { ...about, settled: await settleJob(ctx, job) });
  } catch (error) {
    log("job.settle_failed", { ...about, error: String(error) });
    await postpone(ctx, job);
  }
};

/** One step for one overdue job. Two workers at once do it once: every write is guarded. */
export const settleJob = async (ctx: SettleContext, job: Job): Promise<Settled> => {
  if (isBlocked(job)) return settleBlocked(ctx, job);
  if (isUnsent(job)) return settleUnsent(ctx, job);
  const sentMs = job.dispatchedAt ? Date.parse(job.dispatchedAt) : ctx.nowMs();
  if (job.state === "pending" && ctx.nowMs() - sentMs < resendForMs) return resend(ctx, job);
  if (job.state === "timeout") return askTarget(ctx, job);
  const minutes = Math.round(ctx.timeouts.completionMs / 6000) / 10;
  const message =
    job.state === "pending"
      ? `${job.target} could not be reached`
      : `Timeout: ${job.target} accepted the push but did not report back within ${minutes} min`;
  const recorded = await record(ctx, job, { kind: "timeout", error: { code: "timeout", message } });
  if (!recorded.ok) return "waiting";
  if (job.state === "processing") await countSilence(ctx, job);
  const { deadlineAt } = recorded.value;
  return askTarget(ctx, { ...job, state: "timeout", errorCode: "timeout", errorMessage: message, deadlineAt });
};

/** No consumer has taken it, as when its queue is paused: it waits, and the message is there. */
const settleUnsent = async (ctx: SettleContext, job: Job): Promise<Settled> => {
  const waitedMs = ctx.nowMs() - Date.parse(job.dispatchedAt ?? job.createdAt);
  // A message that was lost is soon replaced, and a queue that is paused is not filled.
  if (waitedMs < resendForMs) return resend(ctx, job);
  if (waitedMs < longestWaitMs) return resend(ctx, job, { afterMs: resendSlowlyMs });
  const error = { code: "unsent", message: `The push was not sent within ${longestWaitMs / hourMs} h` };
  return (await record(ctx, job, { kind: "failed", error, tries: 0 })).ok ? "recorded" : "waiting";
};

/** A target that accepts and does not report is as good as away. */
const countSilence = async (ctx: SettleContext, job: Job): Promise<void> => {
  const [origin] = await read(ctx.db, originOfJobQuery(job.id));
  const message = "accepts pushes but does not report on them";
  if (origin) await recordNoAnswer(ctx, job, { message, retryAfterMs: null, traceId: origin.traceId });
};

/** Queues it again, where it is tried when that is due; the others that wait for the target go on waiting. */
const settleBlocked = async (ctx: SettleContext, job: Job): Promise<Settled> => {
  const waitedMs = ctx.nowMs() - Date.parse(job.waitingSince ?? job.createdAt);
  if (waitedMs < longestWaitMs) return resend(ctx, job, { othersWait: true });
  const code = "unreachable";
  const message = `${job.target} did not answer for ${longestWaitMs / hourMs} h`;
  if (isUnsent(job)) {
    const error = { code, message: `${message}, and the push was never sent` };
    return (await record(ctx, job, { kind: "failed", error, tries: 0 })).ok ? "recorded" : "waiting";
  }
  const recorded = await record(ctx, job, { kind: "timeout", error: { code, message } });
  return recorded.ok ? askTarget(ctx, { ...job, state: "timeout", errorCode: code, errorMessage: message }) : "waiting";
};

const record = (ctx: SettleContext, job: Job, outcome: JobOutcome): Promise<Result<Recorded, OutcomeReason>> =>
  recordOutcome(ctx, {
    jobId: job.id,
    attempt: job.attempt,
    outcome,
    actor: systemActor("orchestrator"),
    webhook: null,
  });

const resend = async (
  ctx: SettleContext,
  job: Job,
  { afterMs = ctx.timeouts.dispatchMs, othersWait = false } = {},
): Promise<Settled> => {
  const at = atNow({ ...ctx, ...job });
  const deadlineAt = inMs(ctx, afterMs);
  const written = await write(ctx, [
    postponeJob(at, job, deadlineAt),
    othersWait ? postponeBlocked(at, job.target, deadlineAt) : [],
    insertPushMessage(at, ctx.newId(), { jobId: job.id, attempt: job.attempt }),
  ]);
  return written.written ? "resent" : "waiting";
};

/** Asks what became of a job whose outcome is unknown; without a job at the target, its key is fenced first. */
export const askTarget = async (ctx: SettleContext, job: Job): Promise<Settled> => {
  const [origin] = await read(ctx.db, originOfJobQuery(job.id));
  const report = origin ? await reportOf(ctx, job, origin) : nothingYet;
  if ("outcome" in report && (await record(ctx, job, report.outcome)).ok) return "recorded";
  const askedMs = "outcome" in report ? null : report.retryAfterMs;
  await postpone(ctx, job, askedMs);
  return "waiting";
};

/** @param askedMs what the target asks for */
const postpone = async (ctx: SettleContext, job: Job, askedMs: number | null = null): Promise<void> => {
  const askAgainAt = inMs(ctx, atLeastAsked(jittered(ctx.timeouts.askMs, ctx.random()), askedMs));
  await write(ctx, postponeJob(atNow({ ...ctx, ...job }), job, askAgainAt));
};

/** The outcome, or when the target wants to be asked again; null when it does not say. */
type Report = { outcome: JobOutcome } | { retryAfterMs: number | null };
const nothingYet: Report = { retryAfterMs: null };

const refusedFor = (failure: TargetFailure): Report =>
  failure.code === "unavailable" ? { retryAfterMs: failure.retryAfterMs } : nothingYet;

const reportOf = async (
  ctx: SettleContext,
  job: Job,
  { target, traceId }: { target: TargetBinding; traceId: string },
): Promise<Report> => {
  const client = ctx.targets(target, traceId);
  const answer = await client.job(job.id);
  if (!answer.ok) return refusedFor(answer.reason);
  const reported = outcomeOf(job, answer.value);
  if (reported) return { outcome: reported };
  if (answer.value?.state === "in_progress") return nothingYet;
  const { portfolioId } = target;
  const fenced = await client.cancel({
    type: "cancel",
    jobId: job.id,
    attempt: job.attempt,
    target: target.name,
    portfolioId,
  });
  if (!fenced.ok) return refusedFor(fenced.reason);
  if (fenced.value.state === "cancelled") return { outcome: { kind: "failed", error: notApplied(job) } };
  return fenced.value.result ? { outcome: { kind: "completed", result: fenced.value.result } } : nothingYet;
};

const outcomeOf = (job: Job, report: JobReport | null): JobOutcome | null => {
  if (report?.state === "applied" && report.result) return { kind: "completed", result: report.result };
  if (report?.state === "failed" && report.attempt >= job.attempt) {
    return { kind: "failed", error: report.error ?? notApplied(job) };
  }
  return null;
};

const notApplied = (job: Job): { code: string; message: string } => ({
  code: job.errorCode ?? "not_applied",
  message: `${job.errorMessage ?? `${job.target} did not get the push`}; nothing was applied there`,
});
