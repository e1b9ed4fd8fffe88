import { describe, expect, test } from "vitest";
import type { AppliedChange, Difference } from "./history.ts";
import type { Operation } from "../staging/net-effect.ts";
import { lastWriterOf, operationsAgain, repairs } from "./push-again.ts";

const python = { entityType: "technology", entityId: "python-1" } as const;
const update = (years: number, of = python): Operation => ({
  ...of,
  action: "UPDATE",
  values: { experience_years: years },
  base: { seen: "unknown" },
});
const appliedBy = (commitNumber: number | null, years: number, target = "d1cv"): AppliedChange => ({
  ...python,
  target,
  action: "UPDATE",
  payload: { experience_years: years },
  commitNumber,
});
const live = (years: number | null) =>
  new Map([
    [
      python.entityType,
      years === null
        ? []
        : [{ id: python.entityId, version: "7", values: { name: "Python", experience_years: years } }],
    ],
  ]);
const facts = { target: "d1cv", commitNumber: 1, operations: [update(8)], applied: [appliedBy(1, 8)] };

describe("operations of a push again", () => {
  test("a field that is not live is sent on the row's present version, and one that is live is left out", () => {
    const sent = { entityType: "technology", id: "python-1", changes: { experience_years: 8 }, ifVersion: "7" };
    expect(operationsAgain({ ...facts, live: live(3) })).toEqual({ inserts: [], updates: [sent], deletes: [] });
    expect(operationsAgain({ ...facts, live: live(8) })).toEqual({ inserts: [], updates: [], deletes: [] });
  });

  test.each<[string, AppliedChange[]]>([
    ["a newer commit", [appliedBy(1, 8), appliedBy(2, 9)]],
    ["what was accepted as live", [appliedBy(1, 8), appliedBy(null, 3)]],
    ["nobody, as it never got there", [appliedBy(1, 8, "ai-agent")]],
  ])("nothing is sent where the last word about a field has %s", (_who, applied) => {
    expect(operationsAgain({ ...facts, applied, live: live(3) })).toBeNull();
  });

  test("a row that an update misses cannot come back, and one that the commit made can", () => {
    expect(operationsAgain({ ...facts, live: live(null) })).toBeNull();
    const made = { ...update(8), action: "CREATE" as const };
    const applied = [{ ...appliedBy(1, 8), action: "CREATE" as const }];
    expect(operationsAgain({ ...facts, operations: [made], applied, live: live(null) })?.inserts).toHaveLength(1);
    expect(operationsAgain({ ...facts, operations: [made], applied, live: live(3) })?.updates).toHaveLength(1);
  });

  test("a row that the commit removed is removed again where it is back", () => {
    const removal = { ...update(8), action: "DELETE" as const, values: {} };
    const applied = [{ ...appliedBy(1, 8), action: "DELETE" as const, payload: {} }];
    expect(operationsAgain({ ...facts, operations: [removal], applied, live: live(3) })?.deletes).toEqual([
      { entityType: "technology", id: "python-1", ifVersion: "7" },
    ]);
  });
});

test("a push again repairs a row when it covers each of its differences, and has one writer", () => {
  const difference = (overrides: Partial<Difference> = {}): Difference => ({
    ...python,
    target: "d1cv",
    name: "Python",
    field: "experience_years",
    expected: { value: 8 },
    live: { value: 3 },
    commitNumber: 1,
    unlike: null,
    ...overrides,
  });
  const again = operationsAgain({ ...facts, live: live(3) });
  expect(again && repairs(again, [difference()])).toBe(true);
  expect(again && repairs(again, [difference(), difference({ field: "level" })])).toBe(false);
  expect(again && repairs(again, [difference({ field: null, expected: { row: false } })])).toBe(false);
  expect(lastWriterOf([difference()])).toBe(1);
  expect(lastWriterOf([difference(), difference({ commitNumber: 2 })])).toBeNull();
  expect(lastWriterOf([difference({ commitNumber: null, unlike: "ai-agent" })])).toBeNull();
});
