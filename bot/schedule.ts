/** The cron job of each minute: continues work after lost messages, alarms and replies. */
import type { Effect, Effects } from "../shared/effects.ts";
import { log } from "../shared/log.ts";
import { workspacesWithStaleCardsQuery } from "../shared/storage/cards.ts";
import { read } from "../shared/storage/database.ts";
import { writeQuietly } from "../shared/storage/write.ts";
import { pruneReplies } from "../shared/storage/api-replies.ts";
import { pruneRefusalCounts } from "../shared/storage/refusal-counts.ts";
import { pruneIdempotencyRecords } from "../shared/storage/idempotency-records.ts";
import { overdueJobsQuery, overdueWorkspacesQuery } from "../shared/storage/pushes/jobs.ts";
import { pruneAddresses } from "../shared/storage/workspace/people.ts";
import { pruneLogins } from "../shared/storage/workspace/logins.ts";
import { workspaceIdsQuery } from "../shared/storage/workspace/workspaces.ts";
import { pruneDeliveries } from "../shared/storage/webhooks/deliveries.ts";
import { forgetOldSecrets } from "../shared/storage/webhooks/webhooks.ts";
import { keptDays } from "../shared/domain/webhooks/webhook.ts";
import { nowOf } from "../shared/use-cases/context.ts";
import { repairStuckRows } from "../shared/use-cases/pushes/repair-stuck-rows.ts";
import { queueDueDeliveries } from "../shared/use-cases/webhooks/queue-due-deliveries.ts";
import { relayBatchSize, relayOutbox } from "../shared/use-cases/relay-outbox.ts";
import { settleJobs } from "../shared/use-cases/pushes/settle-job.ts";
import type { Deps } from "./env.ts";
import { checkPresence } from "./slack/core/presence.ts";

const requestDays = 3;
const countDays = 90;
const nobodyDays = 1;
/** Limits of one run, which keep it below D1's 1,000 queries an invocation. The next run continues. */
const bounds = { jobs: 15, workspaces: 100, relayBatches: 10, deliveries: 500, people: 20, pruned: 5000 } as const;

type SweepDeps = Pick<
  Deps,
  | "db"
  | "withEffects"
  | "targets"
  | "timeouts"
  | "nowMs"
  | "newId"
  | "random"
  | "queues"
  | "pending"
  | "slack"
  | "installation"
  | "ownWorkspace"
  | "useCaseContext"
  | "refusals"
>;
type SweepWork = SweepDeps & { effects: Effects };

/** A failed step does not prevent the others. The workspaces take turns in each step. */
export const sweep = async (deps: SweepDeps): Promise<void> => {
  const steps: [name: string, run: (work: SweepWork) => Promise<object>][] = [
    ["installation", learnInstallation],
    ["deliveries", queueDeliveries],
    ["relay", relay],
    ["wake", wake],
    ["pending", wakePending],
    ["settle", settle],
    ["repair", repair],
    ["presence", presence],
    ["refusals", writeRefusals],
    ["prune", prune],
  ];
  const done: Record<string, unknown> = {};
  for (const [name, run] of steps) {
    try {
      Object.assign(done, await deps.withEffects((effects) => run({ ...deps, effects })));
    } catch (error) {
      log("sweep.failed", { step: name, error: String(error) });
    }
  }
  log("sweep.done", done);
};

/** Slack is asked whose the token is before the first payload comes, which has 3 s for everything. */
const learnInstallation = async ({ installation, ownWorkspace }: SweepWork): Promise<object> => {
  // Without WORKSPACES the one installation answers for every id.
  const only = installation("");
  return only && (await ownWorkspace(only)) === null ? { ownWorkspaceUnknown: true } : {};
};

/** Work without a queue message: attempts that are due after a queue's maximum delay, and lost messages. */
const queueDeliveries = async (work: SweepWork): Promise<object> => {
  const dueDeliveries = await queueDueDeliveries(work, bounds.deliveries);
  return dueDeliveries > 0 ? { dueDeliveries } : {};
};

const relay = async (work: SweepWork): Promise<object> => {
  let sent = 0;
  for (let batch = 0; batch < bounds.relayBatches; batch += 1) {
    const count = await relayOutbox(work, work.queues);
    sent += count;
    if (count < relayBatchSize) break;
  }
  return { sent };
};

/** Each workspace's own objects do its work. This step sets alarms again that the platform has dropped. */
const wake = async ({ db, nowMs, effects }: SweepWork): Promise<object> => {
  const now = nowOf({ nowMs });
  const [overdue, stale] = await read(
    db,
    overdueWorkspacesQuery(now, bounds.workspaces),
    workspacesWithStaleCardsQuery(bounds.workspaces),
  );
  effects.add([
    ...overdue.map((workspaceId): Effect => ({ kind: "watch_deadline", workspaceId, at: now })),
    ...stale.map((workspaceId): Effect => ({ kind: "wake_slack_outbox", workspaceId })),
  ]);
  return { overdueWorkspaces: overdue.length, staleWorkspaces: stale.length };
};

/** Which turn it is. */
const minuteOf = ({ nowMs }: Pick<SweepDeps, "nowMs">): number => Math.floor(nowMs() / 60_000);

/** Only the workspace's object stores which Slack calls wait for an answer, and only its alarm wakes the object. */
const wakePending = async ({ db, pending, nowMs }: SweepWork): Promise<object> => {
  const [workspaces] = await read(db, workspaceIdsQuery(bounds.workspaces, minuteOf({ nowMs })));
  const woken = await Promise.allSettled(workspaces.map((workspaceId) => pending(workspaceId).wake()));
  return { pendingNotWoken: woken.filter(({ status }) => status === "rejected").length };
};

/** For objects that fail to do this work. */
const settle = async (work: SweepWork): Promise<object> => {
  const [jobs] = await read(work.db, overdueJobsQuery(nowOf(work), bounds.jobs, null));
  await settleJobs(work, jobs);
  return { overdue: jobs.length };
};

/** Work that no other component would continue. */
const repair = async (work: SweepWork): Promise<object> => {
  const workspaces = await repairStuckRows(work);
  return workspaces.length > 0 ? { repaired: workspaces } : {};
};

/** People who have left Slack, where Slack's word of it was lost. */
const presence = async (work: SweepWork): Promise<object> => {
  const [workspaceIds] = await read(work.db, workspaceIdsQuery(bounds.workspaces, minuteOf(work)));
  const { left, unanswered } = await checkPresence(work, workspaceIds, bounds.people);
  return { ...(left > 0 ? { left } : {}), ...(unanswered > 0 ? { unanswered } : {}) };
};

/** Those that no later request of this instance would write. */
const writeRefusals = async ({ refusals }: SweepWork): Promise<object> => {
  await refusals.written();
  return {};
};

const prune = async ({ db, nowMs }: SweepWork): Promise<object> => {
  const daysAgo = (days: number): string => new Date(nowMs() - days * 86_400_000).toISOString();
  const statements = {
    idempotencyRecords: pruneIdempotencyRecords(daysAgo(requestDays), bounds.pruned),
    replies: pruneReplies(daysAgo(requestDays), bounds.pruned),
    deliveries: pruneDeliveries(daysAgo(keptDays), bounds.pruned),
    refusalCounts: pruneRefusalCounts(daysAgo(countDays).slice(0, 10), bounds.pruned),
    addresses: pruneAddresses(daysAgo(nobodyDays), bounds.pruned),
    logins: pruneLogins(daysAgo(requestDays), bounds.pruned),
    secrets: forgetOldSecrets(daysAgo(0)),
  };
  const notPruned: string[] = [];
  for (const [what, statement] of Object.entries(statements)) {
    try {
      await writeQuietly(db, [statement]);
    } catch (error) {
      // A table that cannot be pruned keeps no other from it.
      log("sweep.not_pruned", { what, error: String(error) });
      notPruned.push(what);
    }
  }
  return notPruned.length > 0 ? { notPruned } : {};
};
