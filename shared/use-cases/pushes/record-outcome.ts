/** Records what is learnt about a job, in one batch with everything that follows from it: the next dispatch included. */
import type { Actor } from "../../domain/workspace/actor.ts";
import { type Ignored, type JobOutcome, whyIgnored } from "../../domain/pushes/job-outcome.ts";
import { type Job, isWaiting } from "../../domain/pushes/push.ts";
import type { PushState } from "../../domain/states.ts";
import { type Result, fail, ok } from "../../result.ts";
import { insertOutcomeCard, invalidateCards, invalidateHomes } from "../../storage/cards.ts";
import { moveCommitTarget, projectCommitStatus } from "../../storage/commits/commit-targets.ts";
import { assertChanges, read, write } from "../../storage/database.ts";
import { type NewEvent, insertEvent, insertEventUpTo } from "../../storage/events/events.ts";
import { insertInbox } from "../../storage/inbox.ts";
import { jobsBesideQuery } from "../../storage/pushes/jobs.ts";
import { healthOfJobQuery } from "../../storage/pushes/target-health.ts";
import {
  acceptJob,
  cancelWaitingForTarget,
  completeJob,
  dispatchJob,
  expectTries,
  progressJob,
  recordSearchable,
  recordVerified,
  stopJob,
} from "../../storage/pushes/job-writes.ts";
import { insertPushMessage } from "../../storage/outbox.ts";
import { movePush } from "../../storage/pushes/pushes.ts";
import { type TargetBinding, originOfJobQuery } from "../../storage/pushes/targets.ts";
import type { TargetHealth } from "../../domain/pushes/target-health.ts";
import { type HeardFrom, heardFrom, probeAccepted } from "./target-health.ts";
import type { OutcomeContext } from "./outcome-context.ts";

export interface OutcomeInput {
  jobId: string;
  attempt: number;
  outcome: JobOutcome;
  actor: Actor;
  /** Set for a webhook: who sent it, and the id that a repeat shares. */
  webhook: { target: string; portfolioId: string; credentials: string; inboxKey: string } | null;
}

export interface Recorded {
  workspaceId: string;
  /** When the job, or the next one, should be looked at, ISO 8601; null when nothing is awaited. */
  watchAt: string | null;
  /** A message for the next target waits in the outbox. */
  dispatched: boolean;
  /** Of the push. */
  traceId: string;
}

export type OutcomeReason =
  | { code: "job_not_found" }
  /** The job belongs to another target, portfolio or secret. */
  | { code: "not_this_target" }
  | { code: "ignored"; because: Ignored; workspaceId: string }
  | { code: "repeated" }
  | { code: "conflict" };

/** Two round trips to D1 at most, and as many again where something else was faster. Outcomes that say nothing new change nothing. */
export const recordOutcome = async (
  ctx: OutcomeContext,
  input: OutcomeInput,
): Promise<Result<Recorded, OutcomeReason>> => {
  const recorded = await recordOnce(ctx, input);
  return recorded.ok || recorded.reason.code !== "conflict" ? recorded : recordOnce(ctx, input);
};

const recordOnce = async (ctx: OutcomeContext, input: OutcomeInput): Promise<Result<Recorded, OutcomeReason>> => {
  const [jobs, origin, health] = await read(
    ctx.db,
    jobsBesideQuery(ctx.db, input.jobId),
    originOfJobQuery(ctx.db, input.jobId),
    healthOfJobQuery(ctx.db, input.jobId),
  );
  const job = jobs.find(({ id }) => id === input.jobId);
  if (!job || !origin) return fail({ code: "job_not_found" });
  if (input.webhook && !belongs(origin.target, input.webhook)) return fail({ code: "not_this_target" });
  const ignored = whyIgnored(job, input.attempt, input.outcome);
  if (ignored) return recordIgnored(ctx, job, input, ignored, origin.traceId);

  const effects = effectsOf(ctx, job, jobs, input);
  const heard = aboutTarget(ctx, job, health, input.outcome, origin.traceId);
  const now = new Date(ctx.nowMs()).toISOString();
  const written = await write(ctx.db, [
    ...(input.webhook ? [insertInbox(ctx.db, job.workspaceId, input.webhook.inboxKey, now)] : []),
    ...effects.statements,
    ...heard.statements,
    invalidateCards(ctx.db, job.workspaceId, [job.commitId, job.pushId, job.id], now),
    invalidateHomes(ctx.db, job.workspaceId, now),
    ...effects.events.map((event) => insertEvent(ctx.db, job.workspaceId, event, input.actor, origin.traceId, now)),
  ]);
  if (!written.written) return fail({ code: written.because });
  return ok({
    workspaceId: job.workspaceId,
    watchAt: earlier(effects.watchAt, heard.watchAt),
    dispatched: effects.dispatched,
    traceId: origin.traceId,
  });
};

/** Of one job; a target that repeats itself for ever is not worth more. */
const maxIgnored = 20;

/** What says nothing new is kept as such, once for each webhook: whoever looks for the cause of a contradiction finds it. */
const recordIgnored = async (
  ctx: OutcomeContext,
  job: Job,
  { attempt, outcome, actor, webhook }: OutcomeInput,
  because: Ignored,
  traceId: string,
): Promise<Result<Recorded, OutcomeReason>> => {
  if (webhook) {
    const now = later(ctx, 0);
    const error = outcome.kind === "failed" ? { error: outcome.error } : {};
    const data = { reported: outcome.kind, because, was: job.state, ...error };
    const event = eventOf(job, "webhook.ignored", attempt, data);
    const written = await write(ctx.db, [
      insertInbox(ctx.db, job.workspaceId, webhook.inboxKey, now),
      // Home tells of contradictions among what happened last.
      invalidateHomes(ctx.db, job.workspaceId, now),
      insertEventUpTo(ctx.db, job.workspaceId, { ...event, jobId: job.id }, actor, traceId, now, maxIgnored),
    ]);
    if (!written.written && written.because === "repeated") return fail({ code: "repeated" });
  }
  return fail({ code: "ignored", because, workspaceId: job.workspaceId });
};

const earlier = (left: string | null, right: string | null): string | null =>
  left && right ? (left < right ? left : right) : (left ?? right);

/** What the outcome says about the target itself. That it has accepted a job says little: it may be silent ever after. */
const aboutTarget = (
  ctx: OutcomeContext,
  job: Job,
  health: TargetHealth | null,
  outcome: JobOutcome,
  traceId: string,
): HeardFrom => {
  if (outcome.kind === "accepted")
    return { statements: probeAccepted(ctx, job, health, later(ctx, ctx.timeouts.completionMs)), watchAt: null };
  if (outcome.kind === "timeout" || (outcome.kind === "failed" && outcome.tries === 0))
    return { statements: [], watchAt: null };
  return heardFrom(ctx, job, health, traceId);
};

const belongs = (target: TargetBinding, webhook: NonNullable<OutcomeInput["webhook"]>): boolean =>
  target.name === webhook.target &&
  target.portfolioId === webhook.portfolioId &&
  target.credentials === webhook.credentials;

interface Effects {
  statements: D1PreparedStatement[];
  events: NewEvent[];
  watchAt: string | null;
  dispatched: boolean;
}

const later = (ctx: OutcomeContext, delayMs: number): string => new Date(ctx.nowMs() + delayMs).toISOString();

const eventOf = (job: Job, type: NewEvent["type"], attempt: number, data: Record<string, unknown>): NewEvent => ({
  type,
  commitId: job.commitId,
  pushId: job.pushId,
  jobId: job.id,
  attempt,
  data: { target: job.target, ...data },
});

const effectsOf = (
  ctx: OutcomeContext,
  job: Job,
  jobs: readonly Job[],
  { attempt, outcome }: OutcomeInput,
): Effects => {
  const { db } = ctx;
  const now = later(ctx, 0);
  const completionDeadline = later(ctx, ctx.timeouts.completionMs);
  const only = (statements: D1PreparedStatement[], event: NewEvent, watchAt: string | null = null): Effects => ({
    statements,
    events: [event],
    watchAt,
    dispatched: false,
  });
  switch (outcome.kind) {
    case "accepted":
      return only(
        [acceptJob(db, job, now, completionDeadline), assertChanges(db)],
        eventOf(job, "job.accepted", attempt, {}),
        completionDeadline,
      );
    case "progress":
      return only(
        [progressJob(db, job, outcome, now, completionDeadline), assertChanges(db)],
        eventOf(job, "job.progress", attempt, { stage: outcome.stage, percent: outcome.percent }),
        completionDeadline,
      );
    case "searchable":
      return only(
        [recordSearchable(db, job, now), assertChanges(db)],
        eventOf(job, "job.searchable", attempt, { vectorCount: outcome.vectorCount }),
      );
    case "verified":
      return only(
        [recordVerified(db, job, outcome.result, now), assertChanges(db)],
        eventOf(job, "job.verified", attempt, outcome.result),
      );
    case "completed":
      return completed(ctx, job, jobs, attempt, outcome);
    case "failed":
    case "timeout": {
      const watchAt = outcome.kind === "timeout" ? later(ctx, ctx.timeouts.askMs) : null;
      return only(
        [
          stopJob(db, job, outcome.kind, outcome.error, now, watchAt),
          assertChanges(db),
          ...(outcome.kind === "failed" && outcome.tries !== undefined ? [expectTries(db, job, outcome.tries)] : []),
          moveCommitTarget(db, job.workspaceId, job.commitId, job.target, "failed", outcome.error.message, now),
          projectCommitStatus(db, job.workspaceId, job.commitId, now),
          movePush(db, job.workspaceId, job.pushId, "failed", now),
          insertOutcomeCard(db, job, ctx.newId(), now),
        ],
        eventOf(job, `job.${outcome.kind}`, attempt, { error: outcome.error, final: outcome.kind === "failed" }),
        watchAt,
      );
    }
  }
};

/** The target has it: the next target's turn, or the push is done. */
const completed = (
  ctx: OutcomeContext,
  job: Job,
  jobs: readonly Job[],
  attempt: number,
  outcome: Extract<JobOutcome, { kind: "completed" }>,
): Effects => {
  const { db } = ctx;
  const { workspaceId, commitId } = job;
  const now = later(ctx, 0);
  const next = jobs.find((other) => other.id !== job.id && isWaiting(other));
  const rest = jobs.filter(({ id, state }) => id !== job.id && state !== "cancelled");
  const state: PushState | null = next
    ? "running"
    : rest.every(({ state }) => state === "completed")
      ? "completed"
      : null;
  const watchAt = next ? later(ctx, ctx.timeouts.dispatchMs) : null;
  return {
    statements: [
      completeJob(db, job, outcome.result, now),
      assertChanges(db),
      moveCommitTarget(db, workspaceId, commitId, job.target, "applied", null, now),
      // A late completion: a newer push need not bring the same to this target any more.
      cancelWaitingForTarget(db, job, now),
      ...(next && watchAt ? dispatchNext(ctx, next, watchAt) : []),
      projectCommitStatus(db, workspaceId, commitId, now),
      ...(state ? [movePush(db, workspaceId, job.pushId, state, now)] : []),
      insertOutcomeCard(db, job, ctx.newId(), now),
    ],
    events: [
      eventOf(job, "job.completed", attempt, { result: outcome.result }),
      ...(next ? [eventOf(next, "job.dispatched", next.attempt, {})] : []),
    ],
    watchAt,
    dispatched: next !== undefined,
  };
};

const dispatchNext = (ctx: OutcomeContext, next: Job, deadlineAt: string): D1PreparedStatement[] => {
  const { db } = ctx;
  const now = later(ctx, 0);
  return [
    dispatchJob(db, next, now, deadlineAt),
    assertChanges(db),
    moveCommitTarget(db, next.workspaceId, next.commitId, next.target, "in_flight", null, now),
    assertChanges(db),
    insertPushMessage(db, ctx.newId(), { workspaceId: next.workspaceId, jobId: next.id, attempt: next.attempt }, now),
  ];
};
