import { describe, expect, test } from "vitest";
import { eventTypes } from "../events/event-types.ts";
import {
  filterProblem,
  isHopeless,
  allowedFilters,
  leastFailures,
  profiles,
  retryMs,
  withoutRepeats,
} from "./webhook.ts";

const dayMs = 86_400_000;

describe("the next attempt", () => {
  test("the next attempt of a delivery follows the webhook's profile, with jitter", () => {
    expect(retryMs("fast", 0, 0, null)).toBe(60_000);
    expect(retryMs("fast", 4, 0.999_999, null)).toBe(1_056_000);
    expect(retryMs("fast", 5, 0, null)).toBeNull();
    expect(retryMs("standard", 8, 0, null)).toBe(dayMs);
    expect(retryMs("standard", 9, 0, null)).toBeNull();
  });

  test("the retries of a delivery take three days when standard, half an hour when fast", () => {
    const sum = (each: readonly number[]): number => each.reduce((total, ms) => total + ms, 0);
    expect(sum(profiles.standard.retriesMs) / dayMs).toBeCloseTo(3.15, 2);
    expect(sum(profiles.fast.retriesMs)).toBe(31 * 60_000);
  });

  test("the next attempt of a delivery waits as Retry-After asks, for at most a day", () => {
    expect(retryMs("fast", 0, 0, 3_600_000)).toBe(3_600_000);
    expect(retryMs("fast", 0, 0, 1000)).toBe(60_000);
    expect(retryMs("fast", 0, 0, 99 * dayMs)).toBe(dayMs);
    expect(retryMs("fast", 5, 0, 3_600_000)).toBeNull();
  });
});

describe("a failing webhook", () => {
  const since = "2026-11-23T08:00:00.000Z";
  const at = (days: number): number => Date.parse(since) + days * dayMs;

  test.each([
    ["fast", leastFailures, 1, true],
    ["fast", leastFailures, 0.99, false],
    ["fast", leastFailures - 1, 30, false],
    ["standard", leastFailures, 4.99, false],
    ["standard", leastFailures, 5, true],
  ] as const)("a %s webhook with %i failures in %d days is disabled: %s", (profile, failures, days, expected) => {
    expect(isHopeless({ profile, failingSince: since }, failures, at(days))).toBe(expected);
  });

  test("a webhook that has never failed is never disabled", () => {
    expect(isHopeless({ profile: "fast", failingSince: null }, 99, at(99))).toBe(false);
  });
});

describe("a filter", () => {
  test.each(["*", "job.*", "webhook.*", ...eventTypes])("the webhook filter %s is accepted", (filter) => {
    expect(filterProblem(filter)).toBeNull();
  });

  test.each([
    ["jobs.*", "job.*"],
    ["job.complete", "job.completed"],
    ["job", null],
    ["", "*"],
    ["?ob.*", "job.*"],
    ["[a-z]*", null],
    ["**", "*"],
  ])("the webhook filter %j is refused with the suggestion %s", (typed, suggestion) => {
    expect(filterProblem(typed)).toEqual({ typed, suggestion });
  });

  test("the webhook filter for everything replaces all other filters", () => {
    expect(withoutRepeats(["job.*", "*"])).toEqual(["*"]);
    expect(withoutRepeats(["job.*", "job.*"])).toEqual(["job.*"]);
    expect(new Set(allowedFilters).size).toBe(allowedFilters.length);
  });
});
