/** How the service is, in a few hundred rows of each database: /metrics, the alerts and the digest read it. */
import type { Signals } from "../../domain/operations/alerts.ts";
import { type Counted, addedUp } from "../../domain/operations/counts.ts";
import { type Measured, measure, windowDays } from "../../domain/operations/objectives.ts";
import { read } from "../../storage/database.ts";
import type { Databases } from "../../storage/databases.ts";
import { type DatabaseSize, maxDatabaseBytes, sizesQuery } from "../../storage/directory.ts";
import { type AlertRow, alertsQuery } from "../../storage/operations/alerts.ts";
import { countsInAllQuery, countsOfDaysQuery, cursorQuery } from "../../storage/operations/counts.ts";
import { type LastBackup, lastBackupQuery } from "../../storage/operations/backups.ts";
import {
  type Down,
  type Waiting,
  outboxLagsQuery,
  targetsDownEverywhereQuery,
  waitingQuery,
} from "../../storage/operations/signals.ts";

export interface Operations {
  counts: Counted[];
  measured: Measured[];
  waiting: Waiting;
  /** What waits for each queue: none where nothing does. */
  lags: { queue: string; messages: number; oldestSeconds: number }[];
  down: Down[];
  alerts: AlertRow[];
  signals: Signals;
  backup: LastBackup;
  /** As cron has measured them last. */
  sizes: DatabaseSize[];
  /** Since cron has last counted events, seconds. */
  cronAgeSeconds: number;
}

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const dayMs = 86_400_000;

/** Of the days before the one of `untilMs` and this one. */
export const measuredQuery = (untilMs: number) =>
  countsOfDaysQuery(dayOf(untilMs - (windowDays - 1) * dayMs), dayOf(untilMs + dayMs));

/** One round trip to each database. */
export const readOperations = async (ctx: { databases: Databases; nowMs: () => number }): Promise<Operations> => {
  const nowMs = ctx.nowMs();
  const of = await Promise.all(
    ctx.databases.all.map(async ({ db }) => {
      const [counts, ofWindow, waiting, lags, down, alerts, cursor, backup, sizes] = await read(
        db,
        countsInAllQuery(),
        measuredQuery(nowMs),
        waitingQuery(),
        outboxLagsQuery(),
        targetsDownEverywhereQuery(),
        alertsQuery(),
        cursorQuery(),
        lastBackupQuery(),
        sizesQuery(),
      );
      return { counts, ofWindow, waiting, lags, down, alerts, cursor, backup, sizes };
    }),
  );
  // Backups and sizes are noted in the first one.
  const [{ backup, sizes }] = of as [(typeof of)[number]];
  const age = (at: string | null): number => (at === null ? 0 : Math.max(0, nowMs - Date.parse(at)) / 1000);
  const waiting = inAll(of.map((each) => each.waiting));
  const down = [
    ...Map.groupBy(
      of.flatMap((each) => each.down),
      ({ target }) => target,
    ),
  ].map(([target, same]) => ({
    target,
    workspaces: sum(same.map(({ workspaces }) => workspaces)),
  }));
  const lags = [
    ...Map.groupBy(
      of.flatMap((each) => each.lags),
      ({ destination }) => destination,
    ),
  ];
  return {
    counts: addedUp(of.flatMap((each) => each.counts)),
    measured: measure(of.flatMap((each) => each.ofWindow)),
    waiting,
    lags: lags.map(([destination, same]) => ({
      queue: destination.replace(/^queue:/, ""),
      messages: sum(same.map(({ messages }) => messages)),
      oldestSeconds: age(earliest(same.map(({ oldestAt }) => oldestAt))),
    })),
    down,
    alerts: of.flatMap((each) => each.alerts),
    signals: {
      outboxOldestSeconds: age(waiting.outboxOldestAt),
      pushesUnsentSeconds: age(waiting.pushUnsentAt),
      jobsOverdueSeconds: age(waiting.jobDeadlineAt),
      deliveriesOverdueSeconds: age(waiting.deliveryDueAt),
      deadLettersWaiting: waiting.deadLettersWaiting,
      targetsDown: down.length,
      backupAgeSeconds: age(backup.madeAt ?? backup.firstTriedAt),
      databaseFullPercent: Math.max(0, ...sizes.map(({ bytes }) => (100 * bytes) / maxDatabaseBytes)),
    },
    cronAgeSeconds: age(earliest(of.map(({ cursor }) => cursor.updatedAt))),
    backup,
    sizes,
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const earliest = (times: readonly (string | null)[]): string | null =>
  times.filter((at) => at !== null).toSorted()[0] ?? null;

const inAll = (each: readonly Waiting[]): Waiting => ({
  outboxMessages: sum(each.map(({ outboxMessages }) => outboxMessages)),
  outboxOldestAt: earliest(each.map(({ outboxOldestAt }) => outboxOldestAt)),
  deadLettersWaiting: sum(each.map(({ deadLettersWaiting }) => deadLettersWaiting)),
  pushUnsentAt: earliest(each.map(({ pushUnsentAt }) => pushUnsentAt)),
  jobDeadlineAt: earliest(each.map(({ jobDeadlineAt }) => jobDeadlineAt)),
  deliveryDueAt: earliest(each.map(({ deliveryDueAt }) => deliveryDueAt)),
});
