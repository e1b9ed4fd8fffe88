/** Finds rows that nothing will move on, and moves them to what the rows beside them say. */
import { systemActor } from "../../domain/workspace/actor.ts";
import type { CommitTargetState, PushState } from "../../domain/states.ts";
import { log } from "../../log.ts";
import { invalidateCards, invalidateHomes } from "../../storage/cards.ts";
import { moveCommitTarget, projectCommitStatus } from "../../storage/commits/commit-targets.ts";
import { assertChanges, read } from "../../storage/database.ts";
import { type NewEvent, insertEvent } from "../../storage/events/events.ts";
import { movePush } from "../../storage/pushes/pushes.ts";
import {
  type StuckPush,
  type StuckTarget,
  giveDeadlines,
  stuckPushesQuery,
  stuckTargetsQuery,
} from "../../storage/pushes/stuck-rows.ts";
import { type Statement, write } from "../../storage/write.ts";
import { nowOf } from "../context.ts";
import type { OutcomeContext } from "./outcome-context.ts";

/** Longer than any of it takes: two deadlines and a sweep. */
export const stuckAfterMs = 10 * 60_000;
/** Of each kind in one run. */
const max = 10;

/** @returns the workspaces in which something was repaired */
export const repairStuckRows = async (ctx: OutcomeContext): Promise<string[]> => {
  const before = new Date(ctx.nowMs() - stuckAfterMs).toISOString();
  const [pushes, targets] = await read(
    ctx.db,
    stuckPushesQuery(ctx.db, before, max),
    stuckTargetsQuery(ctx.db, before, max),
  );
  const repaired = [...(await repairJobs(ctx))];
  for (const push of pushes) if (await repairPush(ctx, push)) repaired.push(push.workspaceId);
  for (const target of targets) if (await repairTarget(ctx, target)) repaired.push(target.workspaceId);
  return [...new Set(repaired)];
};

const repairJobs = async (ctx: OutcomeContext): Promise<string[]> => {
  const deadlines = giveDeadlines(ctx.db, nowOf(ctx), max);
  const written = await write(ctx, [deadlines]);
  const workspaces = written.written ? written.results.of(deadlines) : [];
  if (workspaces.length > 0) log("stuck.jobs_without_deadline", { count: workspaces.length });
  return workspaces;
};

const stateOf = ({ failed, completed }: StuckPush): PushState =>
  failed > 0 ? "failed" : completed > 0 ? "completed" : "cancelled";

const repairPush = async (ctx: OutcomeContext, push: StuckPush): Promise<boolean> => {
  const { workspaceId, commitId, id: pushId } = push;
  const to = stateOf(push);
  const now = nowOf(ctx);
  log("stuck.push", { workspaceId, pushId, to });
  return repair(ctx, push, { type: "push.repaired", commitId, pushId, data: { to } }, [
    movePush(ctx.db, workspaceId, pushId, to, now),
    assertChanges(ctx.db),
  ]);
};

const stateAfter = {
  completed: "applied",
  failed: "failed",
  cancelled: "pending",
} as const satisfies Record<StuckTarget["job"]["state"], CommitTargetState>;

const repairTarget = async (ctx: OutcomeContext, stuck: StuckTarget): Promise<boolean> => {
  const { workspaceId, commitId, pushId, target, job } = stuck;
  const to = stateAfter[job.state];
  const now = nowOf(ctx);
  log("stuck.commit_target", { workspaceId, commitId, target, to });
  return repair(ctx, stuck, { type: "commit.repaired", commitId, pushId, data: { target, to } }, [
    moveCommitTarget(ctx.db, workspaceId, commitId, target, to, to === "failed" ? job.error : null, now),
    assertChanges(ctx.db),
    projectCommitStatus(ctx.db, workspaceId, commitId, now),
  ]);
};

const repair = async (
  ctx: OutcomeContext,
  { workspaceId, traceId }: Pick<StuckPush, "workspaceId" | "traceId">,
  event: NewEvent & { commitId: string; pushId: string },
  statements: Statement[],
): Promise<boolean> => {
  const { db } = ctx;
  const now = nowOf(ctx);
  const written = await write(ctx, [
    ...statements,
    invalidateCards(db, workspaceId, [event.commitId, event.pushId], now),
    invalidateHomes(db, workspaceId, now),
    insertEvent(db, workspaceId, event, systemActor("sweep"), traceId, now),
  ]);
  return written.written;
};
