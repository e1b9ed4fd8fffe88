/** A virtual clock: `Date` stands still in the future, so no alarm rings by itself and a test takes every wait. */
import { vi } from "vitest";

const startMs = Date.parse("2031-03-03T09:00:00Z");

export const clock = {
  start: (): void => {
    vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  },
  nowMs: (): number => Date.now(),
  /** Never goes back. */
  to: (atMs: number): void => {
    vi.setSystemTime(Math.max(atMs, Date.now()));
  },
  advance: (ms: number): void => {
    vi.setSystemTime(Date.now() + ms);
  },
  iso: (offsetMs = 0): string => new Date(Date.now() + offsetMs).toISOString(),
};
