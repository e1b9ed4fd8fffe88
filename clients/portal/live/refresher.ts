/** Refreshes invalidated queries: soon, in groups, and at a limited rate. */
import type { Surroundings } from "../../sdk/surroundings.ts";
import type { Key } from "../data/keys.ts";

type Clock = Pick<Surroundings, "now" | "setTimeout" | "clearTimeout">;

interface Reads {
  read: (key: Key) => void;
  /** A read is running that may miss the newest events, so another one follows. */
  isReading: (key: Key) => boolean;
}

/** Events of one request arrive within this time, milliseconds. */
export const gatherMs = 60;
/** Delay between two rounds of reads. It doubles while events keep coming: a person's pages share the rate limit. */
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
