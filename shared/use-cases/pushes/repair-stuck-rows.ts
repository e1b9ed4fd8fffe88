/** Finds rows that nothing will move on, and moves them to what the rows beside them say. */
import { systemActor } from "../../domain/workspace/actor.ts";
import type { CommitTargetState, PushState } from "../../domain/states.ts";
import { log } from "../../log.ts";
import { invalidateCards, invalidateHomes } from "../../storage/cards.ts";
import { settleReview } from "../../storage/commits/approvals.ts";
import { invalidateOverlapping } from "../../storage/commits/overlaps.ts";
import { moveCommitTarget, projectCommitStatus } from "../../storage/commits/commit-targets.ts";
import { type Batch, mustChange, read } from "../../storage/database.ts";
import { type NewEvent, insertEvent } from "../../storage/events/events.ts";
import { movePush } from "../../storage/pushes/pushes.ts";
import {
  type StuckPush,
  type StuckTarget,
  giveDeadlines,
  stuckPushesQuery,
  stuckTargetsQuery,
} from "../../storage/pushes/stuck-rows.ts";
import type { At } from "../../storage/sql.ts";
import { write } from "../../storage/write.ts";
import { atNow, nowOf } from "../context.ts";
import type { OutcomeContext } from "./outcome-context.ts";
import { minuteMs } from "../../domain/time.ts";

/** Longer than any of it takes: two deadlines and a sweep. */
export const stuckAfterMs = 10 * minuteMs;

/** @param max of each kind. @returns the workspaces in which something was repaired */
export const repairStuckRows = async (ctx: OutcomeContext, max: number): Promise<string[]> => {
  const before = new Date(ctx.nowMs() - stuckAfterMs).toISOString();
  const [pushes, targets] = await read(ctx.db, stuckPushesQuery(before, max), stuckTargetsQuery(before, max));
  const repaired = [...(await repairJobs(ctx, max))];
  for (const push of pushes) if (await repairPush(ctx, push)) repaired.push(push.workspaceId);
  for (const target of targets) if (await repairTarget(ctx, target)) repaired.push(target.workspaceId);
  return [...new Set(repaired)];
};

const repairJobs = async (ctx: OutcomeContext, max: number): Promise<string[]> => {
  const deadlines = giveDeadlines(nowOf(ctx), max);
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
  const at = atNow({ ...ctx, workspaceId });
  log("stuck.push", { traceId: push.traceId, workspaceId, pushId, to });
  const moved = mustChange(movePush(at, pushId, to));
  return repair(ctx, at, moved, { type: "push.repaired", commitId, pushId, data: { to } }, push.traceId);
};

const stateAfter = {
  completed: "applied",
  failed: "failed",
  cancelled: "pending",
} as const satisfies Record<StuckTarget["job"]["state"], CommitTargetState>;

const repairTarget = async (ctx: OutcomeContext, stuck: StuckTarget): Promise<boolean> => {
  const { workspaceId, commitId, pushId, target, job } = stuck;
  const to = stateAfter[job.state];
  const at = atNow({ ...ctx, workspaceId });
  log("stuck.commit_target", { traceId: stuck.traceId, workspaceId, commitId, target, to });
  const moved = [
    mustChange(moveCommitTarget(at, commitId, target, to, to === "failed" ? job.error : null)),
    projectCommitStatus(at, commitId),
    settleReview(at, commitId),
  ];
  return repair(ctx, at, moved, { type: "commit.repaired", commitId, pushId, data: { target, to } }, stuck.traceId);
};

const repair = async (
  ctx: OutcomeContext,
  at: At,
  moved: Batch,
  event: NewEvent & { commitId: string; pushId: string },
  traceId: string,
): Promise<boolean> => {
  const written = await write(ctx, [
    moved,
    invalidateCards(at, [event.commitId, event.pushId]),
    invalidateOverlapping(at, [event.commitId]),
    invalidateHomes(at),
    insertEvent(at, event, systemActor("sweep"), traceId),
  ]);
  return written.written;
};
