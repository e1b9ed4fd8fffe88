/** Asks again for what events have made out of date: soon, together, and not too often. */
import type { Key } from "../data/keys.ts";

export interface Clock {
  now: () => number;
  setTimeout: (run: () => void, delayMs: number) => unknown;
  clearTimeout: (handle: unknown) => void;
}

interface Reads {
  read: (key: Key) => void;
  /** A read is under way that may not know of the newest events: it is followed by another. */
  isReading: (key: Key) => boolean;
}

/** Events of one request come within so long of each other. */
export const gatherMs = 60;
/** Between two rounds of reads. It doubles while events keep coming, as all pages of a person share the server's limits. */
export const restMs = 400;
export const maxRestMs = 3200;

export interface Refresher {
  need: (keys: readonly Key[]) => void;
  stop: () => void;
}

export const createRefresher = (clock: Clock, { read, isReading }: Reads): Refresher => {
  const needed = new Map<string, Key>();
  let timer: unknown = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  let currentRestMs = restMs;
  const schedule = (): void => {
    if (needed.size > 0) timer ??= clock.setTimeout(flush, Math.max(gatherMs, lastMs + currentRestMs - clock.now()));
  };
  const flush = (): void => {
    timer = null;
    const sinceMs = clock.now() - lastMs;
    currentRestMs = sinceMs > 2 * currentRestMs ? restMs : Math.min(maxRestMs, 2 * currentRestMs);
    lastMs = clock.now();
    for (const [name, key] of needed) {
      if (isReading(key)) continue;
      needed.delete(name);
      read(key);
    }
    schedule();
  };
  return {
    need: (keys) => {
      for (const key of keys) needed.set(JSON.stringify(key), key);
      schedule();
    },
    stop: () => {
      if (timer !== null) clock.clearTimeout(timer);
      timer = null;
      needed.clear();
    },
  };
};
