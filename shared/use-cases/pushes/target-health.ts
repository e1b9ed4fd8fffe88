/** Records whether a target answers: pushes to it wait, one of them is tried, and all go on when it is back. */
import { systemActor } from "../../domain/workspace/actor.ts";
import type { Job } from "../../domain/pushes/push.ts";
import { type TargetHealth, afterNoAnswer, healthOf, provenBy } from "../../domain/pushes/target-health.ts";
import { insertOutageCard, invalidateBlockedCards, invalidateCards, invalidateHomes } from "../../storage/cards.ts";
import { type Batch, read } from "../../storage/database.ts";
import type { At } from "../../storage/sql.ts";
import { insertEvent } from "../../storage/events/events.ts";
import { holdUpJob, postponeBlocked, releaseBlocked } from "../../storage/pushes/blocked-jobs.ts";
import {
  closeHealth,
  extendProbe,
  forgetFailures,
  healthOfJobQuery,
  saveHealth,
} from "../../storage/pushes/target-health.ts";
import { write } from "../../storage/write.ts";
import { atNow, nowOf } from "../context.ts";
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
    const [stored] = await read(ctx.db, healthOfJobQuery(job.id));
    before = stored ?? healthOf(job.target);
    const after = afterNoAnswer(before, {
      ...failure,
      jobId: job.id,
      nowMs: ctx.nowMs(),
      random: ctx.random(),
      outageId: ctx.newId(),
    });
    const batch = [savedAs(ctx, job, before, after, failure.traceId), blockedUntilProbe(ctx, job, after)];
    if ((await write(ctx, batch)).written) return after;
  }
  return before;
};

const savedAs = (ctx: OutcomeContext, job: Job, before: TargetHealth, after: TargetHealth, traceId: string): Batch => {
  if (after === before) return [];
  const at = atNow({ ...ctx, ...job });
  const { target } = job;
  const saved = saveHealth(at, after);
  if (after.state !== "open") return saved;
  if (before.state === "half_open") {
    const isOtherwise = after.error !== before.error;
    return [
      saved,
      postponeBlocked(at, target, after.probeAt ?? at.now),
      // The notice and every Home say why it does not answer.
      isOtherwise ? invalidateHomes(at) : [],
      isOtherwise && after.outageId ? invalidateCards(at, [after.outageId]) : [],
    ];
  }
  const event = { type: "target.down" as const, pushId: job.pushId, commitId: job.commitId };
  const data = { target, since: after.failingSince, error: after.error };
  return [
    saved,
    after.outageId ? insertOutageCard(at, job, { id: ctx.newId(), outageId: after.outageId }) : [],
    invalidateHomes(at),
    insertEvent(at, { ...event, data }, systemActor("consumer"), traceId),
  ];
};

const blockedUntilProbe = (ctx: OutcomeContext, job: Job, { state, probeAt }: TargetHealth): Batch =>
  state === "closed" || job.state !== "pending" ? [] : holdUp(ctx, job, probeAt ?? nowOf(ctx));

/** The job waits until then for its target to answer again. */
export const holdUp = (ctx: OutcomeContext, job: Job, until: string): Batch => {
  const at = atNow({ ...ctx, ...job });
  return [holdUpJob(at, job, until), job.waitingSince === null ? invalidateCards(at, [job.commitId, job.pushId]) : []];
};

/** What follows, in the batch that records it, from the target's having said something about the job. */
export const targetAnswered = (at: At, job: Job, health: TargetHealth | null, traceId: string): Batch => {
  const proof = health ? provenBy(health, job.id) : "nothing";
  if (!health || proof === "nothing") return [];
  const { target } = job;
  if (proof === "well") return forgetFailures(at, target);
  const event = { type: "target.back" as const, data: { target, since: health.failingSince } };
  return [
    invalidateBlockedCards(at, target),
    releaseBlocked(at, target, releaseSpacingMs),
    closeHealth(at, target),
    health.outageId ? invalidateCards(at, [health.outageId]) : [],
    insertEvent(at, event, { kind: "target", id: target }, traceId),
  ];
};

/** The job that is tried was accepted: the end of the job shows whether the target is back. */
export const probeAccepted = (job: Job, health: TargetHealth | null, until: string): Batch =>
  health?.state === "half_open" && health.probeJobId === job.id ? extendProbe(job.workspaceId, job, until) : [];
