import type { Result } from "../../result.ts";
import { insertEventAfterGap } from "../../storage/events/events.ts";
import { leftOut, raiseNumbers } from "../../storage/pushes/reconciled.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import { write } from "../../storage/write.ts";
import { chooseTargets } from "../choose-targets.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type Session, type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import { type JobsCompared, compareJobs } from "./list-applied-jobs.ts";
import { type ReadBack, readBackJobs } from "./read-back-jobs.ts";
import { type Sent, sendLostJobs } from "./send-lost-jobs.ts";

/** What was done about one target. */
export interface ReconciledTarget extends Sent, ReadBack {
  target: string;
  /** Its index is rebuilt, because vectors are not put back with a database. */
  isReindexed: boolean;
}

export interface Reconciled {
  /** In the order of application. */
  targets: ReconciledTarget[];
  /** So many numbers of each kind were left out, so that none is given twice; null where the bot lacks nothing. */
  numbersLeftOut: number | null;
}

export interface ReconcileInput {
  /** Null: all. */
  target: string | null;
  /** Leaves numbers out even where no target has anything that the bot lacks. */
  skipNumbers: boolean;
}

export type ReconcileReason = WriteRefusal<"unknown_target">;

const nothing = { sent: [], left: [], recorded: [], forgotten: [], accepted: 0, more: 0, isReindexed: false };

/**
 * After a database was put back in time: sends each target again what it lacks, and records what it has applied and the
 * bot lacks. What nothing was lost of stays as it is, so it may be asked at any time.
 */
export const reconcileTargets = repeatable(
  async (ctx: UseCaseContext, input: ReconcileInput): Promise<Result<Reconciled, ReconcileReason>> => {
    const [session] = await openSession(ctx);
    const allowed = permit(session, "targets");
    if (!allowed.ok) return allowed;
    const chosen = chooseTargets(session.targets, input.target === null ? [] : [input.target]);
    if (!chosen.ok) return chosen;
    const compared = await Promise.all(
      chosen.value.map(async (target) => ({
        target,
        jobs: await compareJobs(ctx, ctx.targets(target, ctx.traceId), target),
      })),
    );
    const lost = compared.flatMap(({ jobs }) => (jobs.ok && jobs.value ? jobs.value.lostByBot : []));
    const isRaised = input.skipNumbers || lost.length > 0;
    if (isRaised) await leaveOut(ctx, Math.max(0, ...lost.map(({ commit }) => commit?.number ?? 0)));
    const targets: ReconciledTarget[] = [];
    for (const { target, jobs } of compared) {
      if (!jobs.ok) targets.push({ ...nothing, target: target.name, problem: jobs.reason.message });
      else if (!jobs.value) targets.push({ ...nothing, target: target.name, problem: "does not list its jobs" });
      else targets.push(await reconcile(ctx, session, target, jobs.value));
    }
    const outcome: Reconciled = { targets, numbersLeftOut: isRaised ? leftOut.numbers : null };
    const done = targets.filter((each) => each.sent.length + each.recorded.length + each.forgotten.length > 0);
    return commitBatch(
      ctx,
      outcome,
      [],
      ...done.map(({ target, sent, left, recorded, forgotten }) => ({
        type: "target.reconciled" as const,
        data: { target, sent, left, recorded, forgotten: forgotten.flatMap((number) => number ?? []) },
      })),
    );
  },
);

const reconcile = async (
  ctx: UseCaseContext,
  session: Session,
  target: TargetBinding,
  jobs: JobsCompared,
): Promise<ReconciledTarget> => {
  const client = ctx.targets(target, ctx.traceId);
  const sent = await sendLostJobs(ctx, client, target, jobs);
  const both = { ...nothing, ...sent, target: target.name };
  // What the target has not again is no reason to accept that it has lost it.
  if (sent.more > 0) return both;
  const readBack = await readBackJobs(ctx, session, client, target, jobs);
  const isReindexed = sent.sent.length > 0 && (await reindex(ctx, client, target));
  return { ...both, ...readBack, isReindexed };
};

const reindex = async (
  ctx: UseCaseContext,
  client: ReturnType<UseCaseContext["targets"]>,
  { name, portfolioId }: TargetBinding,
): Promise<boolean> => {
  const answer = await client.reindex({ type: "reindex", requestId: ctx.newId(), target: name, portfolioId });
  return answer.ok && answer.value !== null;
};

/** Before anything else gets a number. */
const leaveOut = async (ctx: UseCaseContext, highestCommit: number): Promise<void> => {
  const data = { numbers: leftOut.numbers, events: leftOut.events };
  await write(ctx, [
    ...raiseNumbers(ctx.workspaceId, highestCommit),
    insertEventAfterGap(
      atNow(ctx),
      { type: "workspace.numbers_left_out", data },
      ctx.actor,
      ctx.traceId,
      leftOut.events,
    ),
  ]);
};
