/** How many events a client gets in a second, and which of them are left out. */
import type { ApiEvent } from "../../shared/contract/event.ts";
import { eventsPerSecond } from "./limits.ts";

const windowMs = 1000;

/** No second, wherever it begins, has more than `eventsPerSecond`. */
export class RateLimiter {
  /** When the last events were sent, oldest first, milliseconds since the epoch. */
  #sentMs: number[] = [];

  capacity(nowMs: number): number {
    this.#sentMs = this.#sentMs.filter((atMs) => atMs > nowMs - windowMs && atMs <= nowMs);
    return eventsPerSecond - this.#sentMs.length;
  }

  sent(nowMs: number): void {
    this.#sentMs.push(nowMs);
  }

  /** When there is capacity again; now when there is some. */
  freeAtMs(nowMs: number): number {
    const [oldest = nowMs] = this.#sentMs;
    return this.capacity(nowMs) > 0 ? nowMs : oldest + windowMs + 1;
  }
}

export interface Capacity {
  window: number;
  /** New events among them; missed events are not limited. */
  rate: number;
}

export interface Choice<E> {
  send: E[];
  /** Everything up to this id is sent or left out; null when nothing is left over. */
  leftAfter: number | null;
}

/**
 * Chooses from the undelivered events, oldest first, those that a client gets now. Over the capacity, the progress of a
 * job is left out when a newer progress of the same job follows; nothing else is left out.
 * @param liveFrom events up to this id had happened before the client asked for them
 */
export const choose = <E extends Pick<ApiEvent, "id" | "type" | "jobId">>(
  undelivered: readonly E[],
  liveFrom: number,
  capacity: Capacity,
): Choice<E> => {
  const older = undelivered.filter(({ id }) => id <= liveFrom);
  const now = undelivered.filter(({ id }) => id > liveFrom);
  const kept = [...older, ...(now.length > capacity.rate ? withoutOutdated(now) : now)];
  const count = Math.max(0, Math.min(capacity.window, older.length + capacity.rate));
  const next = kept[count];
  return { send: kept.slice(0, count), leftAfter: next === undefined ? null : next.id - 1 };
};

const withoutOutdated = <E extends Pick<ApiEvent, "id" | "type" | "jobId">>(events: readonly E[]): E[] => {
  const newest = new Map<string | null, number>();
  for (const { id, type, jobId } of events) if (type === "job.progress") newest.set(jobId, id);
  return events.filter(({ id, type, jobId }) => type !== "job.progress" || newest.get(jobId) === id);
};
