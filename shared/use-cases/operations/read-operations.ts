/** How the service is, in one round trip of a few hundred rows: /metrics, the alerts and the digest read it. */
import type { Signals } from "../../domain/operations/alerts.ts";
import type { Counted } from "../../domain/operations/counts.ts";
import { type Measured, measure, windowDays } from "../../domain/operations/objectives.ts";
import { type Database, read } from "../../storage/database.ts";
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
  /** Since cron has last counted events, seconds. */
  cronAgeSeconds: number;
}

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const dayMs = 86_400_000;

/** Of the days before the one of `untilMs` and this one. */
export const measuredQuery = (untilMs: number) =>
  countsOfDaysQuery(dayOf(untilMs - (windowDays - 1) * dayMs), dayOf(untilMs + dayMs));

export const readOperations = async (ctx: { db: Database; nowMs: () => number }): Promise<Operations> => {
  const nowMs = ctx.nowMs();
  const [counts, ofWindow, waiting, lags, down, alerts, cursor, backup] = await read(
    ctx.db,
    countsInAllQuery(),
    measuredQuery(nowMs),
    waitingQuery(),
    outboxLagsQuery(),
    targetsDownEverywhereQuery(),
    alertsQuery(),
    cursorQuery(),
    lastBackupQuery(),
  );
  const age = (at: string | null): number => (at === null ? 0 : Math.max(0, nowMs - Date.parse(at)) / 1000);
  return {
    counts,
    measured: measure(ofWindow),
    waiting,
    lags: lags.map(({ destination, messages, oldestAt }) => ({
      queue: destination.replace(/^queue:/, ""),
      messages,
      oldestSeconds: age(oldestAt),
    })),
    down,
    alerts,
    signals: {
      outboxOldestSeconds: age(waiting.outboxOldestAt),
      pushesUnsentSeconds: age(waiting.pushUnsentAt),
      jobsOverdueSeconds: age(waiting.jobDeadlineAt),
      deliveriesOverdueSeconds: age(waiting.deliveryDueAt),
      deadLettersWaiting: waiting.deadLettersWaiting,
      targetsDown: down.length,
      backupAgeSeconds: age(backup.madeAt ?? backup.firstTriedAt),
    },
    cronAgeSeconds: age(cursor.updatedAt),
    backup,
  };
};
