/** What cron runs in the bot: mostly each minute, to continue work after lost messages, alarms and replies. */
import { joinBackups } from "../shared/backups/join-backups.ts";
import { takeBackup } from "../shared/backups/take-backup.ts";
import type { Effect, Effects } from "../shared/effects.ts";
import { archiveEvents } from "../shared/history/archive-events.ts";
import { eraseArchives } from "../shared/history/erase-archives.ts";
import { log } from "../shared/log.ts";
import { type CronJobOf, cronJobs, cronJobsAt, schedules } from "../shared/schedules.ts";
import { workspacesWithStaleCardsQuery } from "../shared/storage/cards.ts";
import { type Database, read } from "../shared/storage/database.ts";
import type { NamedDatabase } from "../shared/storage/databases.ts";
import { writeQuietly } from "../shared/storage/write.ts";
import { pruneReplies } from "../shared/storage/api-replies.ts";
import { pruneRefusalCounts } from "../shared/storage/refusal-counts.ts";
import { pruneIdempotencyRecords } from "../shared/storage/idempotency-records.ts";
import { overdueJobsQuery, overdueWorkspacesQuery } from "../shared/storage/pushes/jobs.ts";
import { pruneAddresses } from "../shared/storage/workspace/people.ts";
import { pruneInstallStates } from "../shared/storage/workspace/installations.ts";
import { pruneLogins } from "../shared/storage/workspace/logins.ts";
import { pruneAttempts, pruneSignIns } from "../shared/storage/workspace/sign-ins.ts";
import { workspaceIdsQuery } from "../shared/storage/workspace/workspaces.ts";
import { pruneDeliveries } from "../shared/storage/webhooks/deliveries.ts";
import { forgetOldSecrets } from "../shared/storage/webhooks/webhooks.ts";
import { keptDays } from "../shared/domain/webhooks/webhook.ts";
import { nowOf } from "../shared/use-cases/context.ts";
import { repairStuckRows } from "../shared/use-cases/pushes/repair-stuck-rows.ts";
import { encryptSecrets } from "../shared/use-cases/operations/encrypt-secrets.ts";
import { countEvents } from "../shared/use-cases/operations/count-events.ts";
import { measureDatabases } from "../shared/use-cases/operations/measure-databases.ts";
import { postDigest, watchOperations } from "../shared/use-cases/operations/watch.ts";
import { type Imported, importWorkspaces } from "../shared/use-cases/workspace/import-workspaces.ts";
import { pruneOperatorPasses } from "../shared/storage/operations/operator-passes.ts";
import {
  type BackupOutcome,
  movedBetweenQuery,
  pruneBackups,
  recordBackup,
  secretColumns,
} from "../shared/storage/operations/backups.ts";
import { pruneCounts } from "../shared/storage/operations/counts.ts";
import { queueDueDeliveries } from "../shared/use-cases/webhooks/queue-due-deliveries.ts";
import { relayBatchSize } from "../shared/storage/outbox.ts";
import { relayOutbox } from "../shared/use-cases/relay-outbox.ts";
import { settleJobs } from "../shared/use-cases/pushes/settle-job.ts";
import type { Deps } from "./env.ts";
import { checkPresence } from "./slack/core/presence.ts";
import { checkTokens } from "./slack/core/check-tokens.ts";

const requestDays = 3;
const countDays = 90;
const nobodyDays = 1;
const backupDays = 400;

type SweepDeps = Pick<
  Deps,
  | "databases"
  | "encryption"
  | "installations"
  | "bootstrapOf"
  | "named"
  | "oauth"
  | "ownToken"
  | "credentials"
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
  | "counts"
  | "operators"
  | "backups"
  | "history"
  | "backupDatabases"
  | "version"
>;

/** In one of the databases: in the first, where it is the service's. */
type SweepWork = SweepDeps & { db: Database; effects: Effects };

/** Does at most `max` of its work; what it returns is in the log. */
type Handler = (work: SweepWork, max: number) => Promise<object>;

/** A failed step does not prevent the others, nor a database those of another. The workspaces take turns in each. */
export const runSchedule = async (deps: SweepDeps, cron: string): Promise<void> => {
  const names = cronJobsAt("bot", cron);
  if (names.length === 0) log("sweep.nothing_to_do", { cron });
  const { all } = deps.databases;
  // At the same time: one that hangs holds up no other.
  const [ofFirst, ...ofOthers] = await Promise.all(all.map((database) => runSteps(deps, names, database)));
  const others = all.slice(1).map(({ name }, index): [string, object] => [name, ofOthers[index] ?? {}]);
  log("sweep.done", { cron, ...ofFirst, ...Object.fromEntries(others) });
};

/** The first database has the service's own steps too. @returns what they have done */
const runSteps = async (
  deps: SweepDeps,
  steps: readonly CronJobOf<"bot">[],
  { name: database, db }: NamedDatabase,
): Promise<object> => {
  const { first, all } = deps.databases;
  const done = {};
  for (const step of steps) {
    const { max, per } = cronJobs[step];
    if (per === "service" && db !== first) continue;
    const share = per === "service" ? max : Math.ceil(max / all.length);
    try {
      const run = handlers[step];
      Object.assign(done, await deps.withEffects((effects) => run({ ...deps, db, effects }, share)));
    } catch (error) {
      log("sweep.failed", { step, database, error: String(error) });
    }
  }
  return done;
};

/** What runs each minute. */
export const sweep = (deps: SweepDeps): Promise<void> => runSchedule(deps, schedules.minute);

const importedMessage = ({ imported, failed }: Imported): object => ({
  ...(imported > 0 ? { imported } : {}),
  ...(failed > 0 ? { notImported: failed } : {}),
});

/** Slack is asked whose the token is before the first payload comes, which has 3 s for everything. */
const importOwn: Handler = async (work, max) => {
  const { ownToken: botToken, bootstrapOf } = work;
  if (botToken === null) return {};
  const own = await work.ownWorkspace({ botToken });
  if (own === null) return { ownWorkspaceUnknown: true };
  const { admin, targets } = bootstrapOf(own.id);
  const named = [{ workspaceId: own.id, botToken, admin: admin ?? "", targets }];
  return importedMessage(await importWorkspaces(work, named, { isWhole: false, max }));
};

/** Until the operator has deleted the variable; doctor asks for it. */
const importNamed: Handler = async (work, max) => {
  const { named, ownToken, oauth } = work;
  if (named === null) return {};
  const isWhole = ownToken === null && oauth === null;
  return { stillSet: "WORKSPACES", ...importedMessage(await importWorkspaces(work, named, { isWhole, max })) };
};

const encrypt: Handler = async (work, max) => {
  const { sealed, failed } = await encryptSecrets(work, max);
  return { ...(sealed > 0 ? { sealed } : {}), ...(failed > 0 ? { notSealed: failed } : {}) };
};

const refresh: Handler = async ({ installations }, max) => {
  const refreshed = await installations.refreshEnding(max);
  return refreshed > 0 ? { refreshed } : {};
};

/** Work without a queue message: attempts that are due after a queue's maximum delay, and lost messages. */
const queueDeliveries: Handler = async (work, max) => {
  const dueDeliveries = await queueDueDeliveries(work, max);
  return dueDeliveries > 0 ? { dueDeliveries } : {};
};

const relay: Handler = async (work, max) => {
  let sent = 0;
  for (let batch = 0; batch < max; batch += 1) {
    const count = await relayOutbox(work, work.queues);
    sent += count;
    if (count < relayBatchSize) break;
  }
  return { sent };
};

/** Each workspace's own objects do its work. This step sets alarms again that the platform has dropped. */
const wake: Handler = async ({ db, nowMs, effects }, max) => {
  const now = nowOf({ nowMs });
  const [overdue, stale] = await read(db, overdueWorkspacesQuery(now, max), workspacesWithStaleCardsQuery(max));
  effects.add([
    ...overdue.map((workspaceId): Effect => ({ kind: "watch_deadline", workspaceId, at: now })),
    ...stale.map((workspaceId): Effect => ({ kind: "wake_slack_outbox", workspaceId })),
  ]);
  return { overdueWorkspaces: overdue.length, staleWorkspaces: stale.length };
};

/** Which turn it is. */
const minuteOf = ({ nowMs }: Pick<SweepDeps, "nowMs">): number => Math.floor(nowMs() / 60_000);

/** Only the workspace's object stores which Slack calls wait for an answer, and only its alarm wakes the object. */
const wakePending: Handler = async ({ db, pending, nowMs }, max) => {
  const [workspaces] = await read(db, workspaceIdsQuery(max, minuteOf({ nowMs })));
  const woken = await Promise.allSettled(workspaces.map((workspaceId) => pending(workspaceId).wake()));
  return { pendingNotWoken: woken.filter(({ status }) => status === "rejected").length };
};

/** For objects that fail to do this work. */
const settle: Handler = async (work, max) => {
  const [jobs] = await read(work.db, overdueJobsQuery(nowOf(work), max, null));
  await settleJobs(work, jobs);
  return { overdue: jobs.length };
};

/** Work that no other component would continue. */
const repair: Handler = async (work, max) => {
  const workspaces = await repairStuckRows(work, max);
  return workspaces.length > 0 ? { repaired: workspaces } : {};
};

/** People who have left Slack, where Slack's word of it was lost. */
const presence: Handler = async (work, max) => {
  const [workspaceIds] = await read(work.db, workspaceIdsQuery(cronJobs.pending.max, minuteOf(work)));
  const { left, unanswered } = await checkPresence(work, workspaceIds, max);
  return { ...(left > 0 ? { left } : {}), ...(unanswered > 0 ? { unanswered } : {}) };
};

/** Those that no later request of this instance would write. */
const writeRefusals: Handler = async ({ refusals, counts }) => {
  await Promise.all([refusals.written(), counts.written()]);
  return {};
};

const count: Handler = async (work, max) => {
  const counted = await countEvents(work, max);
  return counted > 0 ? { counted } : {};
};

const measure: Handler = async (work) => {
  await measureDatabases(work);
  return {};
};

const watch: Handler = async (work) => {
  const alerts = await watchOperations(work);
  return alerts.length > 0 ? { alerts } : {};
};

const digest: Handler = async (work) => ({ digest: await postDigest(work) });

const backup: Handler = async ({ backups: bucket, databases, db, nowMs, version }) => {
  const name = databases.all.find((each) => each.db === db)?.name ?? "";
  const database = backupName(name);
  const made = bucket && (await takeBackup({ db, bucket, database, version, nowMs, secrets: secretColumns }));
  return made ? { backup: made.tables } : {};
};

/** What is missing is noted, so that the age of the last one can be an alert. */
const joinToday: Handler = async ({ backups: bucket, backupDatabases, databases, db, nowMs }) => {
  if (bucket === null) return {};
  const hasMoved = async (from: string, to: string): Promise<boolean> =>
    (await databases.find(movedBetweenQuery(from, to))) !== null;
  const own = databases.all.map(({ name }) => backupName(name));
  const joined = await joinBackups({
    bucket,
    databases: [...new Set([...backupDatabases, ...own])],
    nowMs,
    hasMoved,
  });
  if (joined === null) return {};
  const day = joined.backup;
  const outcome: BackupOutcome =
    joined.state === "complete"
      ? { day, problem: null, isOneMoment: joined.isOneMoment, bytes: joined.bytes, rows: joined.rows }
      : { day, problem: `no copy of ${joined.missing.join(", ")}`, isOneMoment: false, bytes: 0, rows: 0 };
  await writeQuietly(db, [recordBackup(outcome, joined.madeAt)]);
  return { joined };
};

/** Without a bucket all stays in D1. */
const archive: Handler = async ({ db, history, nowMs }, max) => {
  if (history === null) return {};
  const { archives, events } = await archiveEvents({ db, history, nowMs }, max);
  return archives > 0 ? { archives, archivedEvents: events } : {};
};

const eraseArchived: Handler = async ({ db, history, nowMs }, max) => {
  const erasedArchives = history && (await eraseArchives({ db, history, nowMs }, max));
  return erasedArchives ? { erasedArchives } : {};
};

/** Workspaces whose token Slack has ended, where its event was lost. Each has its turn, a day after the other. */
const tokens: Handler = async (work, max) => {
  const [workspaceIds] = await read(work.db, workspaceIdsQuery(max, Math.floor(work.nowMs() / 86_400_000)));
  return checkTokens(work, workspaceIds);
};

const prune: Handler = async ({ db, nowMs }, max) => {
  const daysAgo = (days: number): string => new Date(nowMs() - days * 86_400_000).toISOString();
  const statements = {
    idempotencyRecords: pruneIdempotencyRecords(daysAgo(requestDays), max),
    replies: pruneReplies(daysAgo(requestDays), max),
    deliveries: pruneDeliveries(daysAgo(keptDays), max),
    refusalCounts: pruneRefusalCounts(daysAgo(countDays).slice(0, 10), max),
    operationCounts: pruneCounts(daysAgo(countDays).slice(0, 10), max),
    addresses: pruneAddresses(daysAgo(nobodyDays), max),
    logins: pruneLogins(daysAgo(requestDays), max),
    signIns: pruneSignIns(daysAgo(nobodyDays), max),
    signInAttempts: pruneAttempts(daysAgo(nobodyDays), max),
    operatorPasses: pruneOperatorPasses(daysAgo(nobodyDays)),
    installStates: pruneInstallStates(daysAgo(0)),
    secrets: forgetOldSecrets(daysAgo(0)),
    backups: pruneBackups(daysAgo(backupDays).slice(0, 10)),
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

/** Under which its copies stand in R2: `bot`, `bot-2`, … */
const backupName = (database: string): string => database.replace(/^DB_?/, "bot-").replace(/-$/, "");

/** By the names of shared/schedules.ts. */
export const handlers = {
  installation: importOwn,
  workspaces: importNamed,
  encrypt,
  refresh,
  deliveries: queueDeliveries,
  relay,
  wake,
  pending: wakePending,
  settle,
  repair,
  presence,
  measure,
  refusals: writeRefusals,
  count,
  watch,
  prune,
  backup,
  backups: joinToday,
  archive,
  eraseArchived,
  tokens,
  digest,
} satisfies Record<CronJobOf<"bot">, Handler>;
