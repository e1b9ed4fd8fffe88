/** Records the outcome of a job, in one batch with everything that follows from it, the next dispatch included. */
import { driftAfter, isSameDrift } from "../../domain/commits/drift.ts";
import type { Change } from "../../domain/staging/change.ts";
import { type OpenOnRow, changesBesideJobQuery, targetsBesideJobQuery } from "../../storage/commits/history.ts";
import { driftedEvent, invalidateCommit } from "../commits/record-drift.ts";
import { type Actor, systemActor } from "../../domain/workspace/actor.ts";
import { type Ignored, type JobOutcome, whyIgnored } from "../../domain/pushes/job-outcome.ts";
import { type Job, isWaiting } from "../../domain/pushes/push.ts";
import { type Result, fail, ok } from "../../result.ts";
import {
  insertOutcomeCard,
  invalidateCardsOf,
  invalidateCommitCards,
  invalidateHomes,
  invalidateOtherPushes,
} from "../../storage/cards.ts";
import { projectReview } from "../../storage/commits/approvals.ts";
import { invalidateOverlappingCommit } from "../../storage/commits/overlaps.ts";
import { moveCommitTarget, projectCommitStatus, setDrift } from "../../storage/commits/commit-targets.ts";
import { type Batch, mustChange, read } from "../../storage/database.ts";
import type { At } from "../../storage/sql.ts";
import { type NewEvent, insertEvent, insertEventUpTo } from "../../storage/events/events.ts";
import { insertIdempotencyRecord } from "../../storage/idempotency-records.ts";
import { jobAloneQuery, jobsBesideQuery } from "../../storage/pushes/jobs.ts";
import {
  acceptJob,
  cancelWaitingForTarget,
  completeJob,
  dispatchJob,
  assertTries,
  progressJob,
  recordSearchable,
  recordVerified,
  stopJob,
} from "../../storage/pushes/job-writes.ts";
import { insertPushMessage } from "../../storage/outbox.ts";
import { movePush } from "../../storage/pushes/pushes.ts";
import {
  type JobOrigin,
  type TargetBinding,
  originOfJobQuery,
  targetsOfPortfolioQuery,
} from "../../storage/pushes/targets.ts";
import { write } from "../../storage/write.ts";
import type { TargetHealth } from "../../domain/pushes/target-health.ts";
import { targetAnswered, probeAccepted } from "./target-health.ts";
import { atNow, inMs } from "../context.ts";
import type { ApplyResult } from "../../targets/protocol.ts";
import type { OutcomeContext } from "./outcome-context.ts";

export interface OutcomeInput {
  jobId: string;
  attempt: number;
  outcome: JobOutcome;
  actor: Actor;
  /** Set for a webhook. */
  webhook: SignedReport | null;
}

/** What a webhook says of itself, the id that a repeat shares, and how its signature is checked. */
export interface SignedReport {
  target: string;
  portfolioId: string;
  idempotencyKey: string;
  /** Whose secret has signed it; null where it is nobody's of these. */
  signerAmong: (candidates: readonly TargetBinding[]) => Promise<TargetBinding | null>;
}

export interface Recorded {
  workspaceId: string;
  /** When the job is looked at next, ISO 8601; null when it is not. */
  deadlineAt: string | null;
  /** Of the push. */
  traceId: string;
}

export type OutcomeReason =
  /** No target of this portfolio and name has signed it. */
  | { code: "unauthorized" }
  | { code: "job_not_found" }
  /** The job belongs to another target, portfolio or secret. */
  | { code: "not_this_target" }
  | { code: "ignored"; because: Ignored; workspaceId: string }
  | { code: "repeated" }
  | { code: "conflict" };

/** After these the job is not on its way any more. */
const ends: ReadonlySet<JobOutcome["kind"]> = new Set(["completed", "failed", "timeout"]);

/** What the caller has read of the job just now. */
export interface KnownJob {
  origin: JobOrigin;
}

/**
 * Two round trips to D1 at most, and as many again after a conflict; one more where another target
 * reports than the job's own, or another open commit touches its rows. Nothing new changes nothing.
 * @param job saves the first of them, for an outcome that concerns no other job: the batch is guarded all the same
 */
export const recordOutcome = async (
  ctx: OutcomeContext,
  input: OutcomeInput,
  job: (KnownJob & { job: Job }) | null = null,
): Promise<Result<Recorded, OutcomeReason>> => {
  const recorded = job
    ? await recordRead(ctx, input, { ...job, jobs: [job.job], changes: [], others: [] })
    : await recordOnce(ctx, input);
  return recorded.ok || recorded.reason.code !== "conflict" ? recorded : recordOnce(ctx, input);
};

const recordOnce = async (ctx: OutcomeContext, input: OutcomeInput): Promise<Result<Recorded, OutcomeReason>> => {
  const { webhook, jobId } = input;
  // Only what is applied concerns other jobs, and can stand against other commits.
  const isCompletion = input.outcome.kind === "completed";
  const [origin, jobs, others] = await read(
    ctx.db,
    originOfJobQuery(jobId),
    isCompletion ? jobsBesideQuery(jobId) : jobAloneQuery(jobId),
    // No job has an empty id.
    targetsBesideJobQuery(isCompletion ? jobId : ""),
  );
  const signer = webhook && (await webhook.signerAmong(await candidatesOf(ctx, webhook, jobId, origin)));
  if (webhook && !signer) return fail({ code: "unauthorized" });
  const found = jobs.find(({ id }) => id === jobId);
  if (!found || !origin) return fail({ code: "job_not_found" });
  if (signer && !isSame(origin.target, signer)) return fail({ code: "not_this_target" });
  const job = { ...found, traceId: origin.traceId };
  const [changes] = others.length === 0 ? [[]] : await read(ctx.db, changesBesideJobQuery(jobId));
  return recordRead(ctx, input, { job, jobs, origin, changes, others });
};

/** Whose report it may be; read by itself only where it is not simply the job's own target that reports. */
const candidatesOf = async (
  { db }: OutcomeContext,
  { portfolioId, target: name }: SignedReport,
  jobId: string,
  origin: JobOrigin | null,
): Promise<TargetBinding[]> => {
  if (origin?.target.name === name && origin.target.portfolioId === portfolioId) return [origin.target];
  const [candidates] = await read(db, targetsOfPortfolioQuery({ portfolioId, name, jobId }));
  return candidates;
};

interface ReadJob extends KnownJob {
  job: Job;
  /** Of its push, itself included. */
  jobs: readonly Job[];
  changes: readonly Change[];
  others: readonly OpenOnRow[];
}

const recordRead = async (
  ctx: OutcomeContext,
  input: OutcomeInput,
  { job, jobs, origin, changes, others }: ReadJob,
): Promise<Result<Recorded, OutcomeReason>> => {
  const ignored = whyIgnored(job, input.attempt, input.outcome);
  if (ignored) return recordIgnored(ctx, job, input, ignored, origin.traceId);

  const at = atNow({ ...ctx, ...job });
  const moved = moveOf(ctx, at, job, jobs, input);
  const written = await write(ctx, [
    input.webhook ? insertIdempotencyRecord(at, input.webhook.idempotencyKey) : [],
    moved.batch,
    aboutTarget(ctx, at, job, origin.health, input.outcome, origin.traceId),
    invalidateCardsOf(at, job.pushId),
    invalidateCardsOf(at, job.id),
    // Where the commit stands at its targets has changed, which its card, those of its changes and other pushes say.
    ends.has(input.outcome.kind) ? [invalidateCommitCards(at, job.commitId), invalidateOtherPushes(at, job)] : [],
    // What a target has is no overlap there any more.
    input.outcome.kind === "completed" ? invalidateOverlappingCommit(at, job.commitId) : [],
    driftOfOthers(at, job, changes, others, origin.traceId),
    invalidateHomes(at),
    ...moved.events.map((event) => insertEvent(at, event, input.actor, origin.traceId)),
  ]);
  if (!written.written) return fail({ code: written.because });
  return ok({ workspaceId: job.workspaceId, deadlineAt: moved.deadlineAt, traceId: origin.traceId });
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
    const at = atNow({ ...ctx, ...job });
    const error = outcome.kind === "failed" ? { error: outcome.error } : {};
    const data = { reported: outcome.kind, because, was: job.state, ...error };
    const event = eventOf(job, "webhook.ignored", attempt, data);
    const written = await write(ctx, [
      insertIdempotencyRecord(at, webhook.idempotencyKey),
      // Home shows contradictions among what happened last.
      invalidateHomes(at),
      insertEventUpTo(at, { ...event, jobId: job.id }, actor, traceId, maxIgnored),
    ]);
    if (!written.written && written.because === "repeated") return fail({ code: "repeated" });
  }
  return fail({ code: "ignored", because, workspaceId: job.workspaceId });
};

/** What the outcome says about the target itself. An accepted job says little: silence may follow. */
const aboutTarget = (
  ctx: OutcomeContext,
  at: At,
  job: Job,
  health: TargetHealth | null,
  outcome: JobOutcome,
  traceId: string,
): Batch => {
  if (outcome.kind === "accepted") return probeAccepted(job, health, inMs(ctx, ctx.timeouts.completionMs));
  if (outcome.kind === "timeout" || (outcome.kind === "failed" && outcome.tries === 0)) return [];
  return targetAnswered(at, job, health, traceId);
};

/** Other commits whose fields the applied one has set: that they are in conflict follows without asking the target. */
const driftOfOthers = (
  at: At,
  { commitId, target }: Job,
  changes: readonly Change[],
  others: readonly OpenOnRow[],
  traceId: string,
): Batch => {
  const applied = changes
    .filter((change) => change.commitId === commitId && change.targets.includes(target))
    .map((change) => ({ ...change, target, commitNumber: null }));
  return others.flatMap(({ commitId: id, hash, drift: before }): Batch[] => {
    const drift = driftAfter(
      target,
      changes.filter((change) => change.commitId === id),
      applied,
      before,
    );
    if (isSameDrift(before, drift)) return [];
    const event = driftedEvent({ id }, [{ target, drift }]);
    return [
      setDrift(at, { id, hash }, target, drift),
      invalidateCommit(at, { id }),
      insertEvent(at, event, systemActor("drift"), traceId),
    ];
  });
};

const isSame = (one: TargetBinding, other: TargetBinding): boolean =>
  one.workspaceId === other.workspaceId && one.name === other.name && one.portfolioId === other.portfolioId;

interface Move {
  batch: Batch;
  events: NewEvent[];
  /** Of the job. */
  deadlineAt: string | null;
}

const eventOf = (job: Job, type: NewEvent["type"], attempt: number, data: Record<string, unknown>): NewEvent => ({
  type,
  commitId: job.commitId,
  pushId: job.pushId,
  jobId: job.id,
  attempt,
  data: { target: job.target, ...data },
});

const moveOf = (
  ctx: OutcomeContext,
  at: At,
  job: Job,
  jobs: readonly Job[],
  { attempt, outcome }: OutcomeInput,
): Move => {
  const reportedBy = inMs(ctx, ctx.timeouts.completionMs);
  const moved = (batch: Batch, data: Record<string, unknown>, deadlineAt: string | null = null): Move => ({
    batch,
    events: [eventOf(job, `job.${outcome.kind}`, attempt, data)],
    deadlineAt,
  });
  switch (outcome.kind) {
    case "accepted":
      return moved(acceptJob(at, job, reportedBy), {}, reportedBy);
    case "progress": {
      const { stage, percent } = outcome;
      return moved(progressJob(at, job, outcome, reportedBy), { stage, percent }, reportedBy);
    }
    case "searchable":
      return moved(recordSearchable(at, job), { vectorCount: outcome.vectorCount });
    case "verified":
      return moved(recordVerified(at, job, outcome.result), outcome.result);
    case "completed": {
      const next = jobs.find((other) => other.id !== job.id && isWaiting(other));
      const { batch, events } = moved(completed(ctx, at, job, jobs, next, outcome.result), { result: outcome.result });
      const dispatched = next ? [eventOf(next, "job.dispatched", next.attempt, {})] : [];
      return { batch, events: [...events, ...dispatched], deadlineAt: null };
    }
    case "failed":
    case "timeout": {
      const isFinal = outcome.kind === "failed";
      const askAt = isFinal ? null : inMs(ctx, ctx.timeouts.askMs);
      const batch = [
        stopJob(at, job, outcome.kind, outcome.error, askAt),
        isFinal && outcome.tries !== undefined ? assertTries(at, job, outcome.tries) : [],
        moveCommitTarget(at, job.commitId, job.target, "failed", outcome.error.message),
        projectCommitStatus(at, job.commitId),
        ...projectReview(at, job.commitId),
        movePush(at, job.pushId, "failed"),
        insertOutcomeCard(at, job, ctx.newId()),
      ];
      return moved(batch, { error: outcome.error, final: isFinal }, askAt);
    }
  }
};

/** The target has it: the next target's turn, or the push is done. */
const completed = (
  ctx: OutcomeContext,
  at: At,
  job: Job,
  jobs: readonly Job[],
  next: Job | undefined,
  result: ApplyResult,
): Batch => {
  const { commitId } = job;
  const rest = jobs.filter(({ id, state }) => id !== job.id && state !== "cancelled");
  const isOver = rest.every(({ state }) => state === "completed");
  return [
    completeJob(at, job, result),
    moveCommitTarget(at, commitId, job.target, "applied", null),
    // A late completion: a newer push need not bring the same to this target any more.
    cancelWaitingForTarget(at, job),
    next ? dispatchNext(ctx, at, next, job.traceId) : [],
    projectCommitStatus(at, commitId),
    ...projectReview(at, commitId),
    next || isOver ? movePush(at, job.pushId, next ? "running" : "completed") : [],
    insertOutcomeCard(at, job, ctx.newId()),
  ];
};

/** @param traceId of the push */
const dispatchNext = (ctx: OutcomeContext, at: At, next: Job, traceId: string | null): Batch => [
  dispatchJob(at, next, inMs(ctx, ctx.timeouts.dispatchMs)),
  mustChange(moveCommitTarget(at, next.commitId, next.target, "in_flight", null)),
  insertPushMessage(at, ctx.newId(), {
    jobId: next.id,
    attempt: next.attempt,
    ...(traceId !== null && { traceId }),
  }),
];
