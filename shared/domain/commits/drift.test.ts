import { describe, expect, test } from "vitest";
import type { Change } from "../staging/change.ts";
import type { Conflict } from "./conflict.ts";
import { driftAfter, driftOf, isDrifted, knownConflicts } from "./drift.ts";
import type { AppliedChange } from "./history.ts";

const seen = { seen: "row", version: "1", values: { name: "Python", experience_years: 5 } } as const;

/** Of python-1, from 5 to 8 years. */
const change = (given: Partial<Change> = {}): Change => ({
  id: "change-1",
  number: 1,
  state: "committed",
  commitId: "commit-1",
  targets: ["d1cv", "ai-agent"],
  entityType: "technology",
  action: "UPDATE",
  entityId: "python-1",
  payload: { experience_years: 8 },
  base: { d1cv: seen, "ai-agent": seen },
  note: null,
  permalink: null,
  sourceAuthor: null,
  createdBy: "avery",
  contributors: ["avery"],
  unseenEdit: null,
  createdAt: "2031-03-03T09:00:00.000Z",
  ...given,
});
const applied = (given: Partial<AppliedChange> = {}): AppliedChange => ({
  target: "d1cv",
  entityType: "technology",
  entityId: "python-1",
  action: "UPDATE",
  payload: { experience_years: 7 },
  commitNumber: 2,
  ...given,
});
const years = (live: number | null) => ({ field: "experience_years", base: 5, live, yours: 8 });
const after = (others: AppliedChange[], before: Conflict[] = [], own = change()) =>
  driftAfter("d1cv", [own], others, driftOf(before));

describe("what other commits have applied", () => {
  test("a commit is in conflict where another one has set its field otherwise", () => {
    expect(after([applied()])).toMatchObject({ count: 1, conflicts: [{ targets: ["d1cv"], fields: [years(7)] }] });
  });

  test.each<[string, AppliedChange[]]>([
    ["another field", [applied({ payload: { level: "Expert" } })]],
    ["the same value", [applied({ payload: { experience_years: 8 } })]],
    ["another row", [applied({ entityId: "go-1" })]],
    ["another target", [applied({ target: "ai-agent" })]],
    ["its old value again in the end", [applied(), applied({ payload: { experience_years: 5 }, commitNumber: 3 })]],
  ])("a commit is in no conflict where others have applied %s", (_what, others) => {
    expect(after(others)).toBe(null);
  });

  test("a row that another commit has removed is in conflict as gone", () => {
    expect(after([applied({ action: "DELETE", payload: {} })])).toMatchObject({ conflicts: [{ kind: "gone" }] });
  });

  test("a conflict of before stays for fields that nobody has applied since, and goes for the others", () => {
    const both = change({ payload: { experience_years: 8, level: "Expert" } });
    const level = { field: "level", base: null, live: "Beginner", yours: "Expert" };
    const before: Conflict = {
      targets: ["d1cv"],
      entityType: "technology",
      entityId: "python-1",
      name: "Python",
      action: "UPDATE",
      kind: "changed",
      fields: [years(7), level],
    };
    expect(after([applied({ payload: { experience_years: 8 } })], [before], both)?.conflicts).toMatchObject([
      { fields: [level] },
    ]);
    const elsewhere = { ...before, entityId: "go-1" };
    expect(after([applied()], [elsewhere])?.count).toBe(2);
  });

  test("a row that no target has shown is in no conflict that is known", () => {
    expect(after([applied()], [], change({ base: { d1cv: { seen: "unknown" } } }))).toBe(null);
  });
});

describe("what is recorded", () => {
  const conflict = (entityId: string, kind: Conflict["kind"] = "changed"): Conflict => ({
    targets: ["d1cv"],
    entityType: "technology",
    entityId,
    name: entityId,
    action: "UPDATE",
    kind,
    fields: [years(7)],
  });

  test("a few conflicts are recorded with their values, and all are counted", () => {
    const drift = driftOf(Array.from({ length: 500 }, (_, index) => conflict(`row-${index}`)));
    expect([drift?.conflicts.length, drift?.count]).toEqual([3, 500]);
  });

  test("a row that waits for the commit which creates it is not recorded as a conflict", () => {
    expect(driftOf([conflict("python-1", "not_yet")])).toBe(null);
  });

  test("the same conflict at two targets is one, and a target that has the commit counts no more", () => {
    const drift = (target: string) => driftOf([{ ...conflict("python-1"), targets: [target] }]);
    const at = (target: string, state: "pending" | "applied") => ({ state, drift: drift(target) });
    expect(knownConflicts([at("d1cv", "pending"), at("ai-agent", "pending")])).toMatchObject({
      count: 1,
      conflicts: [{ targets: ["d1cv", "ai-agent"] }],
    });
    expect(knownConflicts([at("d1cv", "applied")])).toEqual({ conflicts: [], count: 0 });
  });

  test.each([
    ["approved", ["d1cv"], true],
    ["approved", [], false],
    ["rejected", ["d1cv"], false],
    ["dropped", ["d1cv"], false],
  ] as const)("a commit that is %s, with conflicts known at %j, is called in conflict: %s", (review, drifted, is) => {
    expect(isDrifted({ review, drifted: [...drifted] })).toBe(is);
  });
});
