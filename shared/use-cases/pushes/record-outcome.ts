/** Records the outcome of a job, in one batch with everything that follows from it, the next dispatch included. */
import type { Actor } from "../../domain/workspace/actor.ts";
import { type Ignored, type JobOutcome, whyIgnored } from "../../domain/pushes/job-outcome.ts";
import { type Job, isWaiting } from "../../domain/pushes/push.ts";
import type { PushState } from "../../domain/states.ts";
import { type Result, fail, ok } from "../../result.ts";
import { insertOutcomeCard, invalidateCards, invalidateHomes } from "../../storage/cards.ts";
import { moveCommitTarget, projectCommitStatus } from "../../storage/commits/commit-targets.ts";
import { assertChanges, read } from "../../storage/database.ts";
import { type NewEvent, insertEvent, insertEventUpTo } from "../../storage/events/events.ts";
import { insertIdempotencyRecord } from "../../storage/idempotency-records.ts";
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
import { type Statement, write } from "../../storage/write.ts";
import type { TargetHealth } from "../../domain/pushes/target-health.ts";
import { heardFrom, probeAccepted } from "./target-health.ts";
import type { OutcomeContext } from "./outcome-context.ts";

export interface OutcomeInput {
  jobId: string;
  attempt: number;
  outcome: JobOutcome;
  actor: Actor;
  /** Set for a webhook: who sent it, and the id that a repeat shares. */
  webhook: { target: string; portfolioId: string; credentials: string; idempotencyKey: string } | null;
}

export interface Recorded {
  workspaceId: string;
  /** When the job is looked at next, ISO 8601; null when it is not. */
  deadlineAt: string | null;
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

/** Two round trips to D1 at most, and as many again after a conflict. Nothing new changes nothing. */
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

  const moved = moveOf(ctx, job, jobs, input);
  const now = new Date(ctx.nowMs()).toISOString();
  const written = await write(ctx, [
    ...(input.webhook ? [insertIdempotencyRecord(ctx.db, job.workspaceId, input.webhook.idempotencyKey, now)] : []),
    ...moved.statements,
    ...aboutTarget(ctx, job, health, input.outcome, origin.traceId),
    invalidateCards(ctx.db, job.workspaceId, [job.commitId, job.pushId, job.id], now),
    invalidateHomes(ctx.db, job.workspaceId, now),
    ...moved.events.map((event) => insertEvent(ctx.db, job.workspaceId, event, input.actor, origin.traceId, now)),
  ]);
  if (!written.written) return fail({ code: written.because });
  return ok({
    workspaceId: job.workspaceId,
    deadlineAt: moved.deadlineAt,
    traceId: origin.traceId,
  });
};

/** Of one job; a target that repeats itself for ever is not worth more. */
const maxIgnored = 20;

/** What says nothing new is kept, once for each webhook, for whoever looks for the cause of a contradiction. */
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
    const written = await write(ctx, [
      insertIdempotencyRecord(ctx.db, job.workspaceId, webhook.idempotencyKey, now),
      // Home shows contradictions among what happened last.
      invalidateHomes(ctx.db, job.workspaceId, now),
      insertEventUpTo(ctx.db, job.workspaceId, { ...event, jobId: job.id }, actor, traceId, now, maxIgnored),
    ]);
    if (!written.written && written.because === "repeated") return fail({ code: "repeated" });
  }
  return fail({ code: "ignored", because, workspaceId: job.workspaceId });
};

/** What the outcome says about the target itself. An accepted job says little: silence may follow. */
const aboutTarget = (
  ctx: OutcomeContext,
  job: Job,
  health: TargetHealth | null,
  outcome: JobOutcome,
  traceId: string,
): Statement[] => {
  if (outcome.kind === "accepted") return probeAccepted(ctx, job, health, later(ctx, ctx.timeouts.completionMs));
  if (outcome.kind === "timeout" || (outcome.kind === "failed" && outcome.tries === 0)) return [];
  return heardFrom(ctx, job, health, traceId);
};

const belongs = (target: TargetBinding, webhook: NonNullable<OutcomeInput["webhook"]>): boolean =>
  target.name === webhook.target &&
  target.portfolioId === webhook.portfolioId &&
  target.credentials === webhook.credentials;

interface Move {
  statements: Statement[];
  events: NewEvent[];
  /** Of the job. */
  deadlineAt: string | null;
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

const moveOf = (ctx: OutcomeContext, job: Job, jobs: readonly Job[], { attempt, outcome }: OutcomeInput): Move => {
  const { db } = ctx;
  const now = later(ctx, 0);
  const completionDeadline = later(ctx, ctx.timeouts.completionMs);
  const only = (statements: Statement[], event: NewEvent, deadlineAt: string | null = null): Move => ({
    statements,
    events: [event],
    deadlineAt,
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
      const askAt = outcome.kind === "timeout" ? later(ctx, ctx.timeouts.askMs) : null;
      return only(
        [
          stopJob(db, job, outcome.kind, outcome.error, now, askAt),
          assertChanges(db),
          ...(outcome.kind === "failed" && outcome.tries !== undefined ? [expectTries(db, job, outcome.tries)] : []),
          moveCommitTarget(db, job.workspaceId, job.commitId, job.target, "failed", outcome.error.message, now),
          projectCommitStatus(db, job.workspaceId, job.commitId, now),
          movePush(db, job.workspaceId, job.pushId, "failed", now),
          insertOutcomeCard(db, job, ctx.newId(), now),
        ],
        eventOf(job, `job.${outcome.kind}`, attempt, { error: outcome.error, final: outcome.kind === "failed" }),
        askAt,
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
): Move => {
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
  return {
    statements: [
      completeJob(db, job, outcome.result, now),
      assertChanges(db),
      moveCommitTarget(db, workspaceId, commitId, job.target, "applied", null, now),
      // A late completion: a newer push need not bring the same to this target any more.
      cancelWaitingForTarget(db, job, now),
      ...(next ? dispatchNext(ctx, next) : []),
      projectCommitStatus(db, workspaceId, commitId, now),
      ...(state ? [movePush(db, workspaceId, job.pushId, state, now)] : []),
      insertOutcomeCard(db, job, ctx.newId(), now),
    ],
    events: [
      eventOf(job, "job.completed", attempt, { result: outcome.result }),
      ...(next ? [eventOf(next, "job.dispatched", next.attempt, {})] : []),
    ],
    deadlineAt: null,
  };
};

const dispatchNext = (ctx: OutcomeContext, next: Job): Statement[] => {
  const { db } = ctx;
  const now = later(ctx, 0);
  return [
    dispatchJob(db, next, now, later(ctx, ctx.timeouts.dispatchMs)),
    assertChanges(db),
    moveCommitTarget(db, next.workspaceId, next.commitId, next.target, "in_flight", null, now),
    assertChanges(db),
    insertPushMessage(db, ctx.newId(), { workspaceId: next.workspaceId, jobId: next.id, attempt: next.attempt }, now),
  ];
};
