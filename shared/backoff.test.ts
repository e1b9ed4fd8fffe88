import { describe, expect, test } from "vitest";
import {
  afterErrorBackoff,
  alarmBackoff,
  atLeastAsked,
  backoffMs,
  dispatchBackoff,
  indexBackoff,
  maxRetryAfterMs,
  retryAfterMs,
  wholeSeconds,
} from "./backoff.ts";

const policies = { afterErrorBackoff, alarmBackoff, dispatchBackoff, indexBackoff };

describe("the wait before another try", () => {
  test("the wait before a retry doubles up to its cap", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((tries) => backoffMs(dispatchBackoff, tries, 0));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test.each(Object.entries(policies))("a wait of %s is random between half of it and all of it", (_name, policy) => {
    for (let tries = 1; tries <= 12; tries += 1) {
      const longest = backoffMs(policy, tries, 0);
      const shortest = backoffMs(policy, tries, 0.999_999);
      expect(longest).toBeLessThanOrEqual(policy.maxMs);
      expect(shortest).toBeGreaterThanOrEqual(Math.floor(longest / 2));
      expect(shortest).toBeLessThan(longest);
      expect(backoffMs(policy, tries, 0.5)).toBeCloseTo(longest * 0.75, -1);
    }
  });

  test("a retry waits as long as the other side asks, up to a cap", () => {
    expect(atLeastAsked(1000, null)).toBe(1000);
    expect(atLeastAsked(1000, 30_000)).toBe(30_000);
    expect(atLeastAsked(8000, 2000)).toBe(8000);
    expect(atLeastAsked(1000, 86_400_000)).toBe(maxRetryAfterMs);
  });

  test("a wait is rounded up to whole seconds, so it never ends early", () => {
    expect([1, 999, 1000, 1001].map(wholeSeconds)).toEqual([1, 1, 1, 2]);
  });
});

describe("Retry-After", () => {
  const nowMs = Date.UTC(2026, 10, 23, 8, 0, 0);

  test.each([
    ["120", 120_000],
    [" 7 ", 7000],
    ["0", 0],
    ["Mon, 23 Nov 2026 08:00:30 GMT", 30_000],
    ["Monday, 23-Nov-26 08:00:30 GMT", 30_000],
    ["Mon Nov 23 08:00:30 2026 GMT", 30_000],
    ["Mon, 23 Nov 2026 07:59:00 GMT", 0],
  ])("the Retry-After header %j is read as a wait", (header, expected) => {
    expect(retryAfterMs(header, nowMs)).toBe(expected);
  });

  test.each([null, "", "soon", "-5", "7.5", "1e9", "99999999999", "2026-11-23T08:00:30Z", "Mon, nonsense"])(
    "the Retry-After header %j counts as absent",
    (header) => {
      expect(retryAfterMs(header, nowMs)).toBeNull();
    },
  );
});
