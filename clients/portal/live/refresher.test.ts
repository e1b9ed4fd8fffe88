import { expect, test } from "vitest";
import type { Key } from "../data/keys.ts";
import { createRefresher, gatherMs, maxRestMs, restMs } from "./refresher.ts";

/** Time that passes only when a test moves it. */
const setUp = () => {
  let nowMs = 0;
  let next: { run: () => void; atMs: number } | null = null;
  const read: { key: Key; atMs: number }[] = [];
  const reading = new Set<string>();
  const refresher = createRefresher(
    {
      now: () => nowMs,
      setTimeout: (run, delayMs) => {
        next = { run, atMs: nowMs + delayMs };
        return 1;
      },
      clearTimeout: () => {
        next = null;
      },
    },
    { read: (key) => read.push({ key, atMs: nowMs }), isReading: ([name]) => reading.has(String(name)) },
  );
  const pass = (ms: number): void => {
    const untilMs = nowMs + ms;
    while (next !== null && next.atMs <= untilMs) {
      const { run, atMs } = next;
      next = null;
      nowMs = atMs;
      run();
    }
    nowMs = untilMs;
  };
  return { refresher, read, reading, pass };
};

test("a refresher reads what several events invalidate once, after a short delay", () => {
  const { refresher, read, pass } = setUp();
  refresher.need([["staged"], ["commit", 1]]);
  pass(20);
  refresher.need([["commit", 1], ["actionItems"]]);
  pass(1000);
  expect(read).toEqual([
    { key: ["staged"], atMs: gatherMs },
    { key: ["commit", 1], atMs: gatherMs },
    { key: ["actionItems"], atMs: gatherMs },
  ]);
});

test("a refresher reads less often while events continue, and quickly after a rest", () => {
  const { refresher, read, pass } = setUp();
  for (let ms = 0; ms < 60_000; ms += 50) {
    refresher.need([["actionItems"]]);
    pass(50);
  }
  expect(read.length).toBeLessThan(60_000 / maxRestMs + 6);
  expect(read.length).toBeGreaterThan(60_000 / maxRestMs - 2);
  pass(30_000);
  const before = read.length;
  refresher.need([["actionItems"]]);
  pass(gatherMs);
  expect(read.length).toBe(before + 1);
  refresher.need([["actionItems"]]);
  pass(restMs * 2);
  expect(read.length).toBe(before + 2);
});

test("a refresher repeats a read when an event arrives during it", () => {
  const { refresher, read, reading, pass } = setUp();
  reading.add("commit");
  refresher.need([["commit", 1]]);
  pass(2000);
  expect(read).toEqual([]);
  reading.clear();
  pass(maxRestMs);
  expect(read).toHaveLength(1);
  pass(20_000);
  expect(read).toHaveLength(1);
});

test("a refresher that was stopped reads nothing more", () => {
  const { refresher, read, pass } = setUp();
  refresher.need([["actionItems"]]);
  refresher.stop();
  pass(5000);
  expect(read).toEqual([]);
});
