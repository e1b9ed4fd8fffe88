/** How many events a client gets in a second, and which of them make way. */
import type { ApiEvent } from "../../shared/contract/event.ts";
import { eventsPerSecond } from "./limits.ts";

const windowMs = 1000;

/** No second, wherever it begins, has more than `eventsPerSecond`. */
export class RateLimiter {
  /** When the last events were sent, oldest first, milliseconds since the epoch. */
  #sentMs: number[] = [];

  room(nowMs: number): number {
    this.#sentMs = this.#sentMs.filter((atMs) => atMs > nowMs - windowMs && atMs <= nowMs);
    return eventsPerSecond - this.#sentMs.length;
  }

  sent(nowMs: number): void {
    this.#sentMs.push(nowMs);
  }

  /** When there is room again; now when there is. */
  freeAtMs(nowMs: number): number {
    const [oldest = nowMs] = this.#sentMs;
    return this.room(nowMs) > 0 ? nowMs : oldest + windowMs + 1;
  }
}

export interface Room {
  /** Events that the client can take at all. */
  window: number;
  /** Of them, events that come now; older ones do not count. */
  pace: number;
}

export interface Choice<E> {
  send: E[];
  /** Everything up to this id is sent, or has made way; null when nothing is left over. */
  leftAfter: number | null;
}

/**
 * Of what a client is owed, oldest first, that which it gets now. Where not all of it has room, a job's progress makes way for
 * the same job's newer one; nothing else does.
 * @param liveFrom events up to this id had happened before the client asked for them
 */
export const choose = <E extends Pick<ApiEvent, "id" | "type" | "jobId">>(
  owed: readonly E[],
  liveFrom: number,
  room: Room,
): Choice<E> => {
  const older = owed.filter(({ id }) => id <= liveFrom);
  const now = owed.filter(({ id }) => id > liveFrom);
  const kept = [...older, ...(now.length > room.pace ? withoutOutdated(now) : now)];
  const count = Math.max(0, Math.min(room.window, older.length + room.pace));
  const next = kept[count];
  return { send: kept.slice(0, count), leftAfter: next === undefined ? null : next.id - 1 };
};

const withoutOutdated = <E extends Pick<ApiEvent, "id" | "type" | "jobId">>(events: readonly E[]): E[] => {
  const newest = new Map<string | null, number>();
  for (const { id, type, jobId } of events) if (type === "job.progress") newest.set(jobId, id);
  return events.filter(({ id, type, jobId }) => type !== "job.progress" || newest.get(jobId) === id);
};
