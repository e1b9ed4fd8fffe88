/**
 * What an installation costs a month on Cloudflare, and when its database is full: measured use times published
 * prices. Prices were read on 2026-11-30 at developers.cloudflare.com, on the pages that each of them names.
 */
import { cronJobs } from "../../../shared/schedules.ts";
import { archivedNumbers, eventDays } from "../../../shared/domain/events/archive.ts";

interface Price {
  /** Of Workers Paid, a month. */
  included: number;
  /** Dollars for each of them beyond. */
  each: number;
  page: string;
}

const million = 1_000_000;
const price = (included: number, perMillion: number, page: string): Price => ({
  included,
  each: perMillion / million,
  page,
});

/** Dollars a month, of the plan. */
const plan = 5;

export const prices = {
  requests: price(10 * million, 0.3, "workers/platform/pricing"),
  rowsRead: price(25_000 * million, 0.001, "d1/platform/pricing"),
  rowsWritten: price(50 * million, 1, "d1/platform/pricing"),
  storedGb: { included: 5, each: 0.75, page: "d1/platform/pricing" },
  objectRequests: price(million, 0.15, "durable-objects/platform/pricing"),
  queueOperations: price(million, 0.4, "queues/platform/pricing"),
  kvReads: price(10 * million, 0.5, "kv/platform/pricing"),
  kvWrites: price(million, 5, "kv/platform/pricing"),
  r2Writes: price(million, 4.5, "r2/pricing"),
  r2Gb: { included: 10, each: 0.015, page: "r2/pricing" },
} as const satisfies Record<string, Price>;
type Priced = keyof typeof prices;
export type Use = Record<Priced, number>;

/** Of three changes, from the first command to the last card. A test compares what it measures. */
export const usePerPush = {
  requests: 10,
  rowsRead: 1400,
  rowsWritten: 560,
  events: 20,
  objectRequests: 41,
  queueMessages: 3,
  kvReads: 0,
  kvWrites: 2,
};

/** Of a minute's cron in all Workers, where nothing is to be done. */
export const usePerMinute = { requests: 3, rowsRead: 350, rowsWritten: 50 };

/** Bytes that a push of one change leaves; a test compares them, too. */
export const bytesPerPush = {
  /** In the bot's database, with events and without them. */
  withEvents: 13_000,
  withoutEvents: 6500,
  /** In the two targets' databases. */
  targets: 7200,
};

/** Of the rows of events: gzip of their JSON. */
const archivedShare = 0.15;
/** Its deletion, and a share of what notes the archive: `bot/archived-events.test.ts` measures it. */
const rowsPerMovedEvent = 1.1;
const daysPerMonth = 30;
const pushesPerDay = 5;
const gb = 1e9;
const minutesPerMonth = daysPerMonth * 24 * 60;
/** A message is written, read and deleted. */
const operationsPerMessage = 3;

/** Bytes in the bot's database after so many days. */
const storedAfter = (pushes: number, days: number): number => {
  const { withEvents, withoutEvents } = bytesPerPush;
  const recent = Math.min(days, eventDays);
  return pushes * (recent * withEvents + (days - recent) * withoutEvents);
};

/** A month's use a year after the beginning. */
export const useOf = (workspaces: number): Use => {
  const daily = workspaces * pushesPerDay;
  const pushes = daily * daysPerMonth;
  const old = 365 - eventDays;
  const { withEvents, withoutEvents, targets } = bytesPerPush;
  // Cron wakes what waits for an answer in each workspace, so many a minute.
  const woken = Math.min(workspaces, cronJobs.pending.max) * minutesPerMonth;
  return {
    requests: pushes * usePerPush.requests + minutesPerMonth * usePerMinute.requests,
    rowsRead: pushes * usePerPush.rowsRead + minutesPerMonth * (usePerMinute.rowsRead + workspaces),
    rowsWritten:
      pushes * (usePerPush.rowsWritten + usePerPush.events * rowsPerMovedEvent) +
      minutesPerMonth * usePerMinute.rowsWritten,
    storedGb: (storedAfter(daily, 365) + daily * 365 * targets) / gb,
    objectRequests: pushes * usePerPush.objectRequests + woken,
    queueOperations: pushes * usePerPush.queueMessages * operationsPerMessage,
    kvReads: pushes * usePerPush.kvReads,
    kvWrites: pushes * usePerPush.kvWrites,
    r2Writes: (pushes * usePerPush.events) / archivedNumbers,
    r2Gb: (daily * old * (withEvents - withoutEvents) * archivedShare) / gb,
  };
};

/** Dollars a month, by what is paid for, and in all. */
export const costOf = (workspaces: number): Record<Priced | "plan" | "all", number> => {
  const use = useOf(workspaces);
  const names = Object.keys(prices) as Priced[];
  const paid = Object.fromEntries(
    names.map((name) => [name, Math.max(0, use[name] - prices[name].included) * prices[name].each]),
  ) as Record<Priced, number>;
  return { ...paid, plan, all: plan + names.reduce((sum, name) => sum + paid[name], 0) };
};

/** Days until the bot's database holds 10 GB. */
export const daysUntilFull = (workspaces: number, isArchiving: boolean): number => {
  const daily = workspaces * pushesPerDay;
  const { withEvents, withoutEvents } = bytesPerPush;
  const full = 10 * gb;
  const unmoved = full / (daily * withEvents);
  if (!isArchiving || unmoved <= eventDays) return unmoved;
  return eventDays + (full - daily * eventDays * withEvents) / (daily * withoutEvents);
};
