/** What cron does each minute: whatever a lost message, alarm or reply has left behind. */
import { log } from "../shared/log.ts";
import { workspacesWithStaleCardsQuery } from "../shared/storage/cards.ts";
import { read, write } from "../shared/storage/database.ts";
import { pruneReplies } from "../shared/storage/workspace/api-replies.ts";
import { pruneInbox } from "../shared/storage/inbox.ts";
import { overdueJobsQuery, overdueWorkspacesQuery } from "../shared/storage/pushes/jobs.ts";
import { workspaceIdsQuery } from "../shared/storage/workspace/workspaces.ts";
import { pruneDeliveries } from "../shared/storage/webhooks/deliveries.ts";
import { forgetOldSecrets } from "../shared/storage/webhooks/webhooks.ts";
import { keptDays } from "../shared/domain/webhooks/webhook.ts";
import { repairStuckRows } from "../shared/use-cases/pushes/repair-stuck-rows.ts";
import { queueDueDeliveries } from "../shared/use-cases/webhooks/queue-due-deliveries.ts";
import { relayBatchSize, relayOutbox } from "../shared/use-cases/pushes/relay-outbox.ts";
import { settleJobs } from "../shared/use-cases/pushes/settle-job.ts";
import type { Deps } from "./env.ts";

const inboxDays = 3;
/** Bounds of one run, so that it stays below D1's 1,000 queries an invocation; what is left over is the next minute's. */
const bounds = { jobs: 15, workspaces: 100, relayBatches: 10, deliveries: 500, pruned: 5000 } as const;

type SweepDeps = Pick<
  Deps,
  "db" | "announce" | "targets" | "timeouts" | "nowMs" | "newId" | "random" | "queues" | "pending"
>;

/** A step that fails takes no other with it. The workspaces take turns in each. */
export const sweep = async (deps: SweepDeps): Promise<void> => {
  const steps: [name: string, run: () => Promise<object>][] = [
    ["deliveries", () => queueDeliveries(deps)],
    ["relay", () => relay(deps)],
    ["wake", () => wake(deps)],
    ["pending", () => wakePending(deps)],
    ["settle", () => settle(deps)],
    ["mend", () => mend(deps)],
    ["prune", () => prune(deps)],
  ];
  const done: Record<string, unknown> = {};
  for (const [name, run] of steps) {
    try {
      Object.assign(done, await run());
    } catch (error) {
      log("sweep.failed", { step: name, error: String(error) });
    }
  }
  log("sweep.done", done);
};

/** What no message in a queue wakes: attempts that are due tomorrow, and messages that were lost. */
const queueDeliveries = async (deps: SweepDeps): Promise<object> => {
  const dueDeliveries = await queueDueDeliveries(deps, bounds.deliveries);
  return dueDeliveries > 0 ? { dueDeliveries } : {};
};

const relay = async (deps: SweepDeps): Promise<object> => {
  let sent = 0;
  for (let batch = 0; batch < bounds.relayBatches; batch += 1) {
    const count = await relayOutbox(deps, deps.queues);
    sent += count;
    if (count < relayBatchSize) break;
  }
  return { sent };
};

/** Each workspace's own objects do its work; an alarm that the platform has dropped is set again by this. */
const wake = async ({ db, nowMs, announce }: SweepDeps): Promise<object> => {
  const now = new Date(nowMs()).toISOString();
  const [overdue, stale] = await read(
    db,
    overdueWorkspacesQuery(db, now, bounds.workspaces),
    workspacesWithStaleCardsQuery(db, bounds.workspaces),
  );
  for (const workspaceId of new Set([...overdue, ...stale])) {
    await announce(workspaceId, { watchAt: overdue.includes(workspaceId) ? now : null });
  }
  return { overdueWorkspaces: overdue.length, staleWorkspaces: stale.length };
};

/** What waits for an answer is known to its workspace's object alone, which has nothing but its alarm. */
const wakePending = async ({ db, pending, nowMs }: SweepDeps): Promise<object> => {
  const minute = Math.floor(nowMs() / 60_000);
  const [workspaces] = await read(db, workspaceIdsQuery(db, bounds.workspaces, minute));
  const woken = await Promise.allSettled(workspaces.map((workspaceId) => pending(workspaceId).wake()));
  return { pendingNotWoken: woken.filter(({ status }) => status === "rejected").length };
};

/** In case their objects cannot. */
const settle = async (deps: SweepDeps): Promise<object> => {
  const { db, nowMs, announce } = deps;
  const [jobs] = await read(db, overdueJobsQuery(db, new Date(nowMs()).toISOString(), bounds.jobs, null));
  await settleJobs(deps, jobs);
  for (const workspaceId of new Set(jobs.map((job) => job.workspaceId))) {
    await announce(workspaceId, { dispatched: true });
  }
  return { overdue: jobs.length };
};

/** What nothing else would ever move on. */
const mend = async (deps: SweepDeps): Promise<object> => {
  const workspaces = await repairStuckRows(deps);
  for (const workspaceId of workspaces)
    await deps.announce(workspaceId, { watchAt: new Date(deps.nowMs()).toISOString() });
  return workspaces.length > 0 ? { mended: workspaces } : {};
};

const prune = async ({ db, nowMs }: SweepDeps): Promise<object> => {
  const daysAgo = (days: number): string => new Date(nowMs() - days * 86_400_000).toISOString();
  await write(db, [
    pruneInbox(db, daysAgo(inboxDays)),
    pruneReplies(db, daysAgo(inboxDays)),
    pruneDeliveries(db, daysAgo(keptDays), bounds.pruned),
    forgetOldSecrets(db, daysAgo(0)),
  ]);
  return {};
};
