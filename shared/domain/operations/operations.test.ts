import { expect, test } from "vitest";
import { type Signals, alertNames, alerts, holdMs, nextState } from "./alerts.ts";
import { countedOf, inTotal, ofDuration } from "./counts.ts";
import { measure } from "./objectives.ts";

const quiet: Signals = {
  outboxOldestSeconds: 0,
  pushesUnsentSeconds: 0,
  jobsOverdueSeconds: 0,
  deliveriesOverdueSeconds: 0,
  deadLettersWaiting: 0,
  databaseFullPercent: 0,
  targetsDown: 0,
  backupAgeSeconds: 0,
};
const raisedAt = "2026-11-23T08:00:00.000Z";
const raisedMs = Date.parse(raisedAt);

test.each(alertNames)("the alert %s is raised at its threshold, and cleared only well below it and in time", (name) => {
  const { signal, raiseAt, clearAt } = alerts[name];
  const at = (value: number): Signals => ({ ...quiet, [signal]: value });
  const raised = { state: "raised" as const, raisedAt };
  expect(clearAt).toBeLessThan(raiseAt);
  expect(nextState(name, at(raiseAt - 0.5), null, raisedMs)).toBeNull();
  expect(nextState(name, at(raiseAt), null, raisedMs)).toBe("raised");
  expect(nextState(name, at(raiseAt), { state: "quiet", raisedAt }, raisedMs)).toBe("raised");
  expect(nextState(name, at(raiseAt * 2), raised, raisedMs + 2 * holdMs)).toBeNull();
  expect(nextState(name, at(clearAt + 0.5), raised, raisedMs + 2 * holdMs)).toBeNull();
  expect(nextState(name, at(clearAt), raised, raisedMs + holdMs - 1)).toBeNull();
  expect(nextState(name, at(clearAt), raised, raisedMs + holdMs)).toBe("quiet");
});

test("an objective counts what ended, and is absent where nothing did", () => {
  const counts = [
    ...["applied", "applied", "applied", "failed", "unknown", "cancelled"].map((label) => inTotal("pushes", label)),
    ofDuration("acks", 2999),
    ofDuration("acks", 3001),
  ];
  expect(measure(counts)).toMatchObject([
    { name: "acks", total: 2, ratio: 0.5 },
    { name: "pushes", total: 4, ratio: 0.75 },
    { name: "verified", total: 0, ratio: null },
  ]);
});

test("a duration counts under the first bound that it does not exceed", () => {
  expect(["0", "500", "501", "3000", "9000"].map((ms) => ofDuration("acks", Number(ms)).label)).toEqual([
    "0.5",
    "0.5",
    "1",
    "3",
    "+Inf",
  ]);
});

test("an event counts by its type, and a time only where its job has been dispatched", () => {
  expect(countedOf("job.failed", null)).toMatchObject([{ name: "pushes", label: "failed" }]);
  expect(countedOf("job.verified", 4000)).toMatchObject([{ name: "verified", label: "5", sum: 4 }]);
  expect(countedOf("job.verified", null)).toEqual([]);
  expect(countedOf("dead_letter.kept", null)).toMatchObject([{ name: "dead_letters" }]);
  expect(countedOf("change.staged", 1)).toEqual([]);
});
