import { expect, test } from "vitest";
import { faultKinds } from "../faults.ts";
import { mixedKinds } from "../world/versions.ts";
import { addCoverage, emptyCoverage, gapsIn, rarestIn } from "./coverage.ts";

const allFaults = new Map(faultKinds.map((kind) => [kind as string, 1]));
const allEvents = Object.fromEntries(Object.keys(emptyCoverage().events).map((type) => [type, 1]));
const covered = (intents: Record<string, [drawn: number, effective: number]>) => {
  const coverage = emptyCoverage();
  addCoverage(coverage, {
    intents: Object.fromEntries(
      Object.entries(intents).map(([kind, [drawn, effective]]) => [kind, { drawn, effective }]),
    ),
    events: allEvents,
    mixed: Object.fromEntries(mixedKinds.map((kind) => [kind, 1])),
  });
  return coverage;
};

test("a campaign in which everything took effect has no gap", () => {
  expect(gapsIn(covered({ approve: [3, 1], read: [2, 0] }), allFaults, 3000)).toEqual([]);
});

test("a campaign names intents that never took effect, or were never tried", () => {
  expect(gapsIn(covered({ "settings approvals": [40, 0], withdraw: [0, 0] }), allFaults, 3000)).toEqual([
    '"settings approvals" never took effect',
    'nobody ever tried "withdraw"',
  ]);
});

test("a campaign names faults that never struck and events that never occurred", () => {
  const coverage = covered({});
  coverage.events["member.role_set"] = 0;
  const some = new Map([...allFaults].slice(1));
  expect(gapsIn(coverage, some, 3000)).toEqual([
    `the fault "${faultKinds[0]}" never struck`,
    "the event member.role_set never occurred",
  ]);
});

test("a campaign names the Workers of which no two releases served at once", () => {
  const coverage = covered({});
  coverage.mixed["bot of the release before"] = 0;
  expect(gapsIn(coverage, allFaults, 3000)).toEqual(['while two releases served: never "bot of the release before"']);
});

test("a campaign of too few seeds is not judged by what it exercised", () => {
  expect(gapsIn(emptyCoverage(), new Map(), 60)).toEqual([]);
});

test("a campaign lists what it exercised least, and leaves out what is expected to have no effect", () => {
  const coverage = covered({ withdraw: [9, 2], read: [7, 0] });
  const often = (names: Iterable<string>) => [...names].map((name) => [name, 50] as const);
  coverage.events = { ...Object.fromEntries(often(Object.keys(allEvents))), "member.role_set": 3 };
  coverage.mixed = Object.fromEntries(often(mixedKinds));
  const struck = new Map<string, number>([...often(faultKinds), ["deployment", 1]]);
  expect(rarestIn(coverage, struck).slice(0, 4)).toEqual([
    ["deployment", 1],
    ["withdraw", 2],
    ["member.role_set", 3],
    [faultKinds[0], 50],
  ]);
});
