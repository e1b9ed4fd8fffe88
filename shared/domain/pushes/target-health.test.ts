import { describe, expect, test } from "vitest";
import { maxRetryAfterMs } from "../../backoff.ts";
import { type TargetHealthState, canMove, stateNames } from "../states.ts";
import {
  type NoAnswer,
  type TargetHealth,
  afterNoAnswer,
  failuresToOpen,
  healthOf,
  probing,
  provenBy,
  turnOf,
} from "./target-health.ts";

const nowMs = Date.parse("2026-11-23T12:03:00.000Z");
const at = (seconds: number): string => new Date(nowMs + seconds * 1000).toISOString();
const failure: NoAnswer = {
  jobId: "mine",
  message: "could not be reached",
  retryAfterMs: null,
  nowMs,
  random: 0,
  outageId: "outage-1",
};
const inState = (state: TargetHealthState, overrides: Partial<TargetHealth> = {}): TargetHealth => ({
  ...healthOf("d1cv"),
  ...(state === "closed"
    ? {}
    : {
        state,
        failures: failuresToOpen,
        failingSince: at(-60),
        error: "answered 500",
        outageId: "outage-0",
        openedAt: at(-30),
        probeAt: at(10),
        probeJobId: state === "half_open" ? "mine" : null,
      }),
  ...overrides,
});

describe("a target that has never failed", () => {
  test("a circuit breaker opens after enough failures in a row, and records since when", () => {
    let health = healthOf("d1cv");
    for (let count = 1; count < failuresToOpen; count += 1) {
      health = afterNoAnswer(health, { ...failure, nowMs: nowMs + count * 1000 });
      expect(health).toMatchObject({ state: "closed", failures: count, failingSince: at(1), outageId: null });
    }
    expect(afterNoAnswer(health, { ...failure, nowMs: nowMs + 9000 })).toEqual({
      ...healthOf("d1cv"),
      state: "open",
      failures: failuresToOpen,
      failingSince: at(1),
      error: "could not be reached",
      outageId: "outage-1",
      openedAt: at(9),
      probeAt: at(19),
    });
  });

  test("a circuit breaker stays closed when the target answers between failures", () => {
    const twice = afterNoAnswer(afterNoAnswer(healthOf("d1cv"), failure), failure);
    expect(provenBy(twice, "any")).toBe("well");
    expect(afterNoAnswer(healthOf("d1cv"), failure).state).toBe("closed");
  });
});

describe("the time of the next probe", () => {
  test("the wait before a probe doubles with each failure, up to a minute", () => {
    let health = inState("half_open");
    const waits: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      const opened = afterNoAnswer(health, failure);
      waits.push((Date.parse(opened.probeAt ?? "") - nowMs) / 1000);
      health = probing(opened, "mine", nowMs, 20_000);
    }
    expect(waits).toEqual([20, 40, 60, 60, 60]);
  });

  test("a probe comes up to half earlier at random, and not before Retry-After", () => {
    expect(afterNoAnswer(inState("half_open"), { ...failure, random: 0.999 }).probeAt).toBe("2026-11-23T12:03:10.010Z");
    expect(afterNoAnswer(inState("half_open"), { ...failure, retryAfterMs: 90_000 }).probeAt).toBe(at(90));
    expect(afterNoAnswer(inState("half_open"), { ...failure, retryAfterMs: 3_600_000 }).probeAt).toBe(
      at(maxRetryAfterMs / 1000),
    );
  });
});

/** state × whose failure it is → the next state; null where it says nothing new. */
const failures: [TargetHealthState, "the job that is tried" | "another job", TargetHealthState | null][] = [
  ["closed", "the job that is tried", "closed"],
  ["closed", "another job", "closed"],
  ["open", "the job that is tried", null],
  ["open", "another job", null],
  ["half_open", "the job that is tried", "open"],
  ["half_open", "another job", null],
];

const proofs: [TargetHealthState, "the job that is tried" | "another job", ReturnType<typeof provenBy>][] = [
  ["closed", "the job that is tried", "nothing"],
  ["closed", "another job", "nothing"],
  ["open", "the job that is tried", "back"],
  ["open", "another job", "nothing"],
  ["half_open", "the job that is tried", "back"],
  ["half_open", "another job", "nothing"],
];

const turns: [TargetHealthState, "before" | "at", ReturnType<typeof turnOf>["kind"]][] = [
  ["closed", "before", "send"],
  ["closed", "at", "send"],
  ["open", "before", "wait"],
  ["open", "at", "probe"],
  ["half_open", "before", "wait"],
  ["half_open", "at", "probe"],
];

describe("every state of a circuit breaker", () => {
  test("every state of a circuit breaker is in the tables of its tests", () => {
    for (const table of [failures, proofs, turns]) {
      expect([...new Set(table.map(([state]) => state))]).toEqual(stateNames("target_health"));
    }
  });

  test.each(failures)("a circuit breaker that is %s, with no answer about %s, becomes %s", (state, whose, next) => {
    const before = inState(state);
    const after = afterNoAnswer(before, { ...failure, jobId: whose === "another job" ? "other" : "mine" });
    if (next === null) expect(after).toBe(before);
    else expect(after.state).toBe(next);
    expect(after.state === state || canMove("target_health", state, after.state)).toBe(true);
  });

  test.each(proofs)("a circuit breaker that is %s: a report about %s proves %s", (state, whose, proof) => {
    const health = inState(state, { probeJobId: state === "closed" ? null : "mine" });
    expect(provenBy(health, whose === "another job" ? "other" : "mine")).toBe(proof);
  });

  test.each(turns)("a circuit breaker that is %s, %s the time of the next probe, decides: %s", (state, when, kind) => {
    expect(turnOf(inState(state), nowMs + (when === "at" ? 10_000 : 9_999)).kind).toBe(kind);
  });

  test("a failed probe keeps the outage, its beginning and its notice", () => {
    expect(afterNoAnswer(inState("half_open"), failure)).toMatchObject({
      failingSince: at(-60),
      openedAt: at(-30),
      outageId: "outage-0",
      error: "could not be reached",
    });
  });
});
