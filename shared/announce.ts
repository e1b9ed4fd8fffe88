/**
 * What follows a batch: messages leave, cards are rewritten, deadlines are watched; all of that is repeated by cron. Whoever
 * follows the workspace is told, and would otherwise be told with the next event.
 */
import { type Database, read } from "./storage/database.ts";
import { deliveriesWaitQuery } from "./storage/outbox.ts";
import { type OutboxQueues, relayOutbox } from "./use-cases/pushes/relay-outbox.ts";
import { log } from "./log.ts";

export interface Announcement {
  /** The job to look at, ISO 8601; null when nothing new is awaited. */
  watchAt?: string | null;
  /** A message waits in the outbox. */
  dispatched?: boolean;
}

export interface AnnounceBindings {
  db: Database;
  nowMs: () => number;
  queues: OutboxQueues;
  wakeSlackOutbox: (workspaceId: string) => Promise<void>;
  notifyFollowers: (workspaceId: string) => Promise<void>;
  watchDeadline: (workspaceId: string, atMs: number) => Promise<void>;
}

export type Announce = (workspaceId: string, announcement?: Announcement) => Promise<void>;

/** The same where it must not be waited for. */
export type AnnounceLater = (workspaceId: string, announcement?: Announcement) => void;

/** Never throws: what fails here is in D1, and the sweep finds it within a minute. */
export const createAnnounce =
  (bindings: AnnounceBindings): Announce =>
  async (workspaceId, { watchAt = null, dispatched = false } = {}) => {
    const steps: [name: string, step: Promise<unknown>][] = [
      ["notify_followers", bindings.notifyFollowers(workspaceId)],
      ["wake_slack_outbox", bindings.wakeSlackOutbox(workspaceId)],
      ["relay_outbox", relay(bindings, workspaceId, dispatched)],
      ...(watchAt
        ? [["watch_deadline", bindings.watchDeadline(workspaceId, Date.parse(watchAt))] as [string, Promise<unknown>]]
        : []),
    ];
    const outcomes = await Promise.allSettled(steps.map(([, step]) => step));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === "rejected") {
        log("announce.failed", { workspaceId, step: steps[index]?.[0], error: String(outcome.reason) });
      }
    }
  };

/** Where somebody is told of events over HTTP, every event has left a message, also when they are told no more by now. */
const relay = async (bindings: AnnounceBindings, workspaceId: string, dispatched: boolean): Promise<void> => {
  const [waits] = dispatched ? [true] : await read(bindings.db, deliveriesWaitQuery(bindings.db, workspaceId));
  if (waits) await relayOutbox(bindings, bindings.queues);
};
