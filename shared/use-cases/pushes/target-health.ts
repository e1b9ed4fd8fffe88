/** Records whether a target answers: pushes to it wait, one of them is tried, and all go on when it is back. */
import { systemActor } from "../../domain/workspace/actor.ts";
import type { Job } from "../../domain/pushes/push.ts";
import { type TargetHealth, afterNoAnswer, healthOf, provenBy } from "../../domain/pushes/target-health.ts";
import { insertOutageCard, invalidateBlockedCards, invalidateCards, invalidateHomes } from "../../storage/cards.ts";
import { assertChanges, read } from "../../storage/database.ts";
import { insertEvent } from "../../storage/events/events.ts";
import { holdUpJob, postponeBlocked, releaseBlocked } from "../../storage/pushes/blocked-jobs.ts";
import {
  closeHealth,
  extendProbe,
  forgetFailures,
  healthOfJobQuery,
  saveHealth,
} from "../../storage/pushes/target-health.ts";
import { type Statement, write } from "../../storage/write.ts";
import { nowOf } from "../context.ts";
import type { OutcomeContext } from "./outcome-context.ts";

/** Five pushes a second go on when a target is back. */
const releaseSpacingMs = 200;
/** How often a count is tried again that somebody else's has overtaken. Beyond that others have counted enough. */
const maxRounds = 4;

export interface Unanswered {
  message: string;
  retryAfterMs: number | null;
  traceId: string;
}

/** The target has not answered about the job. When pushes wait for it by now, so does the job. */
export const recordNoAnswer = async (ctx: OutcomeContext, job: Job, failure: Unanswered): Promise<TargetHealth> => {
  let before = healthOf(job.target);
  for (let round = 0; round < maxRounds; round += 1) {
    const [stored] = await read(ctx.db, healthOfJobQuery(ctx.db, job.id));
    before = stored ?? healthOf(job.target);
    const after = afterNoAnswer(before, {
      ...failure,
      jobId: job.id,
      nowMs: ctx.nowMs(),
      random: ctx.random(),
      outageId: ctx.newId(),
    });
    const statements = [...savedAs(ctx, job, before, after, failure.traceId), ...heldUp(ctx, job, after)];
    if (statements.length === 0 || (await write(ctx, statements)).written) return after;
  }
  return before;
};

const savedAs = (
  ctx: OutcomeContext,
  job: Job,
  before: TargetHealth,
  after: TargetHealth,
  traceId: string,
): Statement[] => {
  if (after === before) return [];
  const { db } = ctx;
  const now = nowOf(ctx);
  const { workspaceId, target } = job;
  const saved = [saveHealth(db, workspaceId, after, now), assertChanges(db)];
  if (after.state !== "open") return saved;
  if (before.state === "half_open") {
    const isOtherwise = after.error !== before.error;
    return [
      ...saved,
      postponeBlocked(db, job, after.probeAt ?? now),
      // The notice and every Home say why it does not answer.
      ...(isOtherwise ? [invalidateHomes(db, workspaceId, now)] : []),
      ...(isOtherwise && after.outageId ? [invalidateCards(db, workspaceId, [after.outageId], now)] : []),
    ];
  }
  const event = { type: "target.down" as const, pushId: job.pushId, commitId: job.commitId };
  const data = { target, since: after.failingSince, error: after.error };
  return [
    ...saved,
    ...(after.outageId ? [insertOutageCard(db, job, { id: ctx.newId(), outageId: after.outageId }, now)] : []),
    invalidateHomes(db, workspaceId, now),
    insertEvent(db, workspaceId, { ...event, data }, systemActor("consumer"), traceId, now),
  ];
};

const heldUp = (ctx: OutcomeContext, job: Job, { state, probeAt }: TargetHealth): Statement[] =>
  state === "closed" || job.state !== "pending" ? [] : holdUp(ctx, job, probeAt ?? nowOf(ctx));

/** The job waits until then for its target to answer again. */
export const holdUp = (ctx: OutcomeContext, job: Job, until: string): Statement[] => {
  const now = nowOf(ctx);
  return [
    holdUpJob(ctx.db, job, now, until),
    ...(job.waitingSince === null ? [invalidateCards(ctx.db, job.workspaceId, [job.commitId, job.pushId], now)] : []),
  ];
};

/** What follows, in the batch that records it, from the target's having said something about the job. */
export const heardFrom = (ctx: OutcomeContext, job: Job, health: TargetHealth | null, traceId: string): Statement[] => {
  const proof = health ? provenBy(health, job.id) : "nothing";
  if (!health || proof === "nothing") return [];
  const { db } = ctx;
  const { workspaceId, target } = job;
  const now = nowOf(ctx);
  if (proof === "well") return [forgetFailures(db, workspaceId, target, now)];
  const event = { type: "target.back" as const, data: { target, since: health.failingSince } };
  return [
    invalidateBlockedCards(db, job, now),
    releaseBlocked(db, job, now, releaseSpacingMs),
    closeHealth(db, workspaceId, target, now),
    ...(health.outageId ? [invalidateCards(db, workspaceId, [health.outageId], now)] : []),
    insertEvent(db, workspaceId, event, { kind: "target", id: target }, traceId, now),
  ];
};

/** The job that is tried was accepted: the end of the job shows whether the target is back. */
export const probeAccepted = (ctx: OutcomeContext, job: Job, health: TargetHealth | null, until: string): Statement[] =>
  health?.state === "half_open" && health.probeJobId === job.id ? [extendProbe(ctx.db, job, until)] : [];
