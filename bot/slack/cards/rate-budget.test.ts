import { describe, expect, test } from "vitest";
import { RateBudget } from "./rate-budget.ts";

/** Writes as fast as the budget lets it. @returns the virtual moments of the writes, in milliseconds */
const writeAll = (budget: RateBudget, kind: "update" | `post:${string}`, count: number, startMs = 0): number[] => {
  const moments: number[] = [];
  let nowMs = startMs;
  for (let index = 0; index < count; index += 1) {
    for (
      let waitMs = budget.take(kind, `${kind}-${index}`, nowMs);
      waitMs > 0;
      waitMs = budget.take(kind, `${kind}-${index}`, nowMs)
    )
      nowMs += waitMs;
    moments.push(nowMs);
  }
  return moments;
};

/** The maximum of writes within any window. */
const busiest = (moments: number[], windowMs: number): number =>
  Math.max(...moments.map((start) => moments.filter((each) => each >= start && each < start + windowMs).length));

describe("the rate budget", () => {
  test("the rate budget posts a short burst, then one a second in each channel", () => {
    const moments = writeAll(new RateBudget(), "post:C1", 20);
    expect(busiest(moments, 1000)).toBeLessThanOrEqual(5);
    expect(moments.at(-1)).toBe(16_000);
  });

  test("the rate budget counts each channel separately", () => {
    const budget = new RateBudget();
    writeAll(budget, "post:C1", 4);
    expect(budget.take("post:C1", "next", 0)).toBe(1000);
    expect(budget.take("post:C2", "other", 0)).toBe(0);
  });

  test("the rate budget keeps updates under Slack's 50 a minute after a burst", () => {
    const moments = writeAll(new RateBudget(), "update", 200);
    expect(busiest(moments.slice(20), 60_000)).toBeLessThanOrEqual(46);
    expect(busiest(moments, 60_000)).toBeLessThanOrEqual(65);
  });

  test("the rate budget writes the same message at most every 700 ms", () => {
    const budget = new RateBudget();
    expect(budget.take("update", "card", 0)).toBe(0);
    expect(budget.take("update", "card", 100)).toBe(600);
    expect(budget.take("update", "card", 699)).toBe(1);
    expect(budget.take("update", "card", 700)).toBe(0);
  });

  test("the rate budget does not count a write that it delays", () => {
    const budget = new RateBudget();
    budget.take("post:C1", "card", 0);
    for (let asked = 0; asked < 10; asked += 1) budget.take("post:C1", "card", 1);
    expect(writeAll(budget, "post:C1", 3, 2)).toEqual([2, 2, 2]);
  });

  test("the rate budget writes nothing while Slack asks to wait", () => {
    const budget = new RateBudget();
    budget.pause(30_000);
    budget.pause(10_000);
    expect(budget.take("update", "a", 0)).toBe(30_000);
    expect(budget.take("post:C1", "b", 29_999)).toBe(1);
    expect(budget.take("update", "a", 30_000)).toBe(0);
  });

  test("the rate budget never saves more than a burst", () => {
    const budget = new RateBudget();
    writeAll(budget, "post:C1", 4);
    const moments = writeAll(budget, "post:C1", 10, 3_600_000).map((atMs) => atMs - 3_600_000);
    expect(moments.filter((atMs) => atMs === 0)).toHaveLength(4);
  });

  test("the rate budget waits no longer than necessary", () => {
    const budget = new RateBudget();
    for (let index = 0; index < 1000; index += 1) {
      const waitMs = budget.take("update", `card-${index}`, index * 10);
      expect(waitMs).toBeLessThanOrEqual(Math.ceil(60_000 / 45));
    }
  });
});
