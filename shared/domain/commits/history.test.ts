import { describe, expect, test } from "vitest";
import type { FieldValues } from "../portfolio/entity.ts";
import {
  type AppliedChange,
  type LiveRows,
  type NewerChange,
  differencesBetween,
  differencesFromHistory,
  supersededBy,
} from "./history.ts";

const python = { entityType: "technology" as const, entityId: "python-1" };
const update = (payload: FieldValues, commitNumber: number, target = "d1cv"): AppliedChange => ({
  ...python,
  target,
  action: "UPDATE",
  payload,
  commitNumber,
});
const live = (values: FieldValues | null): LiveRows =>
  new Map([["technology", values === null ? [] : [{ id: "python-1", values: { name: "Python", ...values } }]]]);

describe("a target's rows beside its applied commits", () => {
  test("the newest applied value of a field is expected, and older ones are not", () => {
    const applied = [update({ experience_years: 8 }, 1), update({ experience_years: 5, level: "Expert" }, 2)];
    expect(differencesFromHistory("d1cv", live({ experience_years: 5, level: "Expert" }), applied)).toEqual([]);
    expect(differencesFromHistory("d1cv", live({ experience_years: 8, level: "Expert" }), applied)).toMatchObject([
      {
        ...python,
        name: "Python",
        field: "experience_years",
        expected: { value: 5 },
        live: { value: 8 },
        commitNumber: 2,
        unlike: null,
      },
    ]);
  });

  test("a row that a commit has made or deleted is expected to be there, or not", () => {
    const created: AppliedChange = { ...update({ name: "Python" }, 3), action: "CREATE" };
    const deleted: AppliedChange = { ...update({}, 4), action: "DELETE" };
    expect(differencesFromHistory("d1cv", live(null), [created])).toMatchObject([
      { field: null, expected: { row: true }, live: { row: false }, commitNumber: 3 },
    ]);
    expect(differencesFromHistory("d1cv", live(null), [created, deleted])).toEqual([]);
    expect(differencesFromHistory("d1cv", live({}), [created, deleted])).toMatchObject([
      { field: null, expected: { row: false }, live: { row: true }, commitNumber: 4 },
    ]);
  });

  test("what a commit has applied at another target only is expected nowhere else", () => {
    expect(
      differencesFromHistory("d1cv", live({ level: "Advanced" }), [update({ level: "Expert" }, 1, "ai-agent")]),
    ).toEqual([]);
  });
});

describe("newer commits beside an older one", () => {
  const newer = (payload: FieldValues, commitNumber: number, isOnItsWay: boolean, target = "d1cv"): NewerChange => ({
    ...update(payload, commitNumber, target),
    isOnItsWay,
  });
  const older = [
    {
      target: "d1cv",
      operations: [
        { ...python, action: "UPDATE" as const, values: { level: "Expert" }, base: { seen: "unknown" as const } },
      ],
    },
  ];
  const common = { target: "d1cv", ...python, fields: ["level"] };

  test("what is applied stands against it, whatever else is on its way", () => {
    expect(supersededBy(older, [newer({ level: null }, 5, true), newer({ level: "Advanced" }, 4, false)])).toEqual({
      by: [{ ...common, commitNumber: 4 }],
      isOnItsWay: false,
    });
  });

  test("what is on its way has to be waited for while nothing is applied", () => {
    expect(supersededBy(older, [newer({ level: null }, 5, true)])).toEqual({
      by: [{ ...common, commitNumber: 5 }],
      isOnItsWay: true,
    });
  });

  test("other fields, other targets and the same value stand against nothing", () => {
    const others = [
      newer({ experience_years: 9 }, 4, false),
      newer({ level: null }, 5, true, "ai-agent"),
      newer({ level: "Expert" }, 6, false),
    ];
    expect(supersededBy(older, others)).toEqual({ by: [], isOnItsWay: false });
  });
});

describe("the targets beside each other", () => {
  const both = (first: FieldValues | null, second: FieldValues | null, applied: AppliedChange[] = []) =>
    differencesBetween(
      [
        { target: "d1cv", live: live(first) },
        { target: "ai-agent", live: live(second) },
      ],
      applied,
    );

  test("equal rows do not differ, whatever is empty or left out", () => {
    expect(both({ level: null }, {})).toEqual([]);
  });

  test("a field or a row that differs is named with the target that is the measure", () => {
    expect(both({ level: "Expert" }, { level: "Advanced" })).toMatchObject([
      {
        target: "ai-agent",
        field: "level",
        expected: { value: "Expert" },
        live: { value: "Advanced" },
        unlike: "d1cv",
        commitNumber: null,
      },
    ]);
    expect(both({}, null)).toMatchObject([
      { target: "ai-agent", field: null, expected: { row: true }, live: { row: false } },
    ]);
    expect(both(null, {})).toMatchObject([
      { target: "ai-agent", field: null, expected: { row: false }, live: { row: true } },
    ]);
  });

  test("what a commit has applied at one of them is no difference between them", () => {
    expect(both({ level: "Expert" }, { level: "Advanced" }, [update({ level: "Expert" }, 1)])).toEqual([]);
  });
});
