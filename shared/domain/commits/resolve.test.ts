import { describe, expect, test } from "vitest";
import type { Base, Change } from "../staging/change.ts";
import { netEffect } from "../staging/net-effect.ts";
import type { FieldValues } from "../portfolio/entity.ts";
import { commitHash, contentOf } from "./commit-hash.ts";
import { type LiveRow, type Take, groupConflicts, shownConflicts } from "./conflict.ts";
import { type Choice, type OpenTargets, conflictsOf, resolveChanges } from "./resolve.ts";

const python = { name: "Python", category: "Backend", experience_years: 5, level: "Advanced" };
const row = (values: FieldValues, version = "v1"): Base => ({ seen: "row", version, values });
const both = ["d1cv", "ai-agent"];

const change = (more: Partial<Change> = {}): Change => ({
  id: `c${more.number ?? 1}`,
  number: 1,
  state: "committed",
  commitId: "commit",
  targets: both,
  entityType: "technology",
  action: "UPDATE",
  entityId: "python-1",
  payload: { experience_years: 8 },
  base: Object.fromEntries((more.targets ?? both).map((target) => [target, row(python)])),
  note: null,
  permalink: null,
  sourceAuthor: null,
  createdBy: "author",
  contributors: ["author"],
  unseenEdit: null,
  createdAt: "2031-03-03T09:00:00.000Z",
  ...more,
});

/** By target; null: the row is gone there. */
const openAt = (live: Record<string, FieldValues | null>): OpenTargets => ({
  targets: Object.keys(live),
  liveOf: (target): LiveRow | null => {
    const values = live[target];
    return values ? { version: "v2", values } : null;
  },
});

const seven = { ...python, experience_years: 7 };
const all = (take: Take): Choice => ({ row: null, field: null, target: null, take });
const of = (field: string, take: Take, target: string | null = null): Choice => ({
  row: { entityType: "technology", entityId: "python-1" },
  field,
  target,
  take,
});
let ids = 0;
const resolve = (changes: Change[], open: OpenTargets, ...choices: Choice[]) =>
  resolveChanges(changes, open, choices, { userId: "resolver", newId: () => `new${(ids += 1)}` });
/** What a target would be asked, with the value that was there before. */
const effectAt = (changes: readonly Change[], target: string) =>
  netEffect(changes, target).map(({ action, values, base }) => ({
    action,
    values,
    before: base.seen === "row" ? Object.keys(values).map((field) => base.values[field] ?? null) : null,
  }));

describe("conflicts", () => {
  test("a conflict has the values when staged, live now and asked for, once where targets agree", () => {
    const found = conflictsOf([change()], openAt({ d1cv: seven, "ai-agent": seven }));
    expect(groupConflicts(found)).toEqual([
      {
        targets: both,
        entityType: "technology",
        entityId: "python-1",
        name: "Python",
        action: "UPDATE",
        kind: "changed",
        fields: [{ field: "experience_years", base: 5, live: 7, yours: 8 }],
      },
    ]);
  });

  test.each<[string, Change, FieldValues | null, object[]]>([
    ["a field that the commit leaves alone", change(), { ...python, level: "Expert" }, []],
    ["a value that somebody else has set as it is asked for", change(), { ...python, experience_years: 8 }, []],
    ["a row that is gone", change(), null, [{ kind: "gone", fields: [{ base: 5, live: null, yours: 8 }] }]],
    [
      "a row that another commit creates",
      change({ base: { d1cv: row({}, "") } }),
      null,
      [{ kind: "not_yet", fields: [] }],
    ],
    [
      "a row that is to be deleted, and was changed",
      change({ action: "DELETE", payload: {} }),
      seven,
      [{ kind: "changed", action: "DELETE", fields: [{ field: "experience_years", base: 5, live: 7, yours: null }] }],
    ],
    [
      "a row that is to be deleted, and is gone",
      change({ action: "DELETE", payload: {} }),
      null,
      [{ kind: "gone", fields: [] }],
    ],
    ["a row that no target could show", change({ base: { d1cv: { seen: "unknown" } } }), seven, []],
    ["a new row", change({ action: "CREATE", base: { d1cv: { seen: "absent" } } }), null, []],
  ])("what is in conflict with a target: %s", (_what, staged, live, expected) => {
    expect(conflictsOf([staged], openAt({ d1cv: live }))).toMatchObject(expected);
  });

  test("a refusal carries the first rows in conflict and counts the others", () => {
    const changes = Array.from({ length: 12 }, (_, index) => change({ number: index + 1, entityId: `row-${index}` }));
    const shown = shownConflicts(conflictsOf(changes, openAt({ d1cv: seven })));
    expect(shown.count).toBe(12);
    expect(shown.conflicts).toHaveLength(10);
    const long = change({ payload: { summary: "x".repeat(40_000) } });
    const two = [long, { ...long, id: "c2", number: 2, entityId: "row-2" }];
    const texts = shownConflicts(conflictsOf(two, openAt({ d1cv: { ...python, summary: "y".repeat(20_000) } })));
    expect([texts.count, texts.conflicts.length]).toEqual([2, 1]);
  });
});

describe("keeping one's own", () => {
  test("keeping one's values stands on what is live and asks for the same", async () => {
    const before = [change()];
    const open = openAt({ d1cv: seven, "ai-agent": python });
    const { changes, updated, discarded, added, decided } = resolve(before, open, all("mine"));
    expect([updated.length, discarded, added, decided]).toEqual([1, [], [], 1]);
    expect(changes[0]?.contributors).toEqual(["author", "resolver"]);
    expect(effectAt(changes, "d1cv")).toEqual([{ action: "UPDATE", values: { experience_years: 8 }, before: [7] }]);
    expect(effectAt(changes, "ai-agent")).toEqual([{ action: "UPDATE", values: { experience_years: 8 }, before: [5] }]);
    expect(conflictsOf(changes, open)).toEqual([]);
    expect((await contentOf(changes, both)).summary).toBe(
      "Python: experience_years 7 → 8 at d1cv; Python: experience_years 5 → 8 at ai-agent",
    );
    expect(await commitHash(changes, both)).not.toBe(await commitHash(before, both));
  });

  test("a deletion that is kept deletes the row as it is now", () => {
    const open = openAt({ d1cv: seven });
    const { changes } = resolve([change({ action: "DELETE", payload: {}, targets: ["d1cv"] })], open, all("mine"));
    expect(changes).toMatchObject([{ action: "DELETE", base: { d1cv: { version: "v2", values: seven } } }]);
    expect(conflictsOf(changes, open)).toEqual([]);
  });

  test("keeping one's values of a row that is gone creates it again, with its id", () => {
    const open = openAt({ d1cv: null, "ai-agent": python });
    const { changes, added, updated } = resolve([change()], open, all("mine"));
    expect(effectAt(changes, "d1cv")).toEqual([
      { action: "CREATE", values: { ...python, experience_years: 8 }, before: null },
    ]);
    expect(effectAt(changes, "ai-agent")).toEqual([{ action: "UPDATE", values: { experience_years: 8 }, before: [5] }]);
    expect([updated.length, added.length]).toEqual([1, 1]);
    expect(changes.every(({ entityId }) => entityId === "python-1")).toBe(true);
  });

  test("a field that is still open keeps its old base and the old version", () => {
    const staged = change({ targets: ["d1cv"], payload: { experience_years: 8, level: "Expert" } });
    const open = openAt({ d1cv: { ...seven, level: "Beginner" } });
    const { changes } = resolve([staged], open, of("experience_years", "mine"));
    expect(changes[0]?.base["d1cv"]).toMatchObject({
      version: "v1",
      values: { experience_years: 7, level: "Advanced" },
    });
    expect(conflictsOf(changes, open)).toMatchObject([{ fields: [{ field: "level", live: "Beginner" }] }]);
  });
});

describe("taking theirs", () => {
  test("taking theirs drops the field from the commit at every open target", () => {
    const staged = change({ payload: { experience_years: 8, level: "Expert" } });
    const { changes } = resolve(
      [staged],
      openAt({ d1cv: seven, "ai-agent": python }),
      of("experience_years", "theirs"),
    );
    expect(changes.map(({ payload }) => payload)).toEqual([{ level: "Expert" }]);
    expect(effectAt(changes, "d1cv")).toEqual([
      { action: "UPDATE", values: { level: "Expert" }, before: ["Advanced"] },
    ]);
  });

  test("theirs at one target leaves one's own at the other, as two changes", () => {
    const open = openAt({ d1cv: seven, "ai-agent": { ...python, experience_years: 6 } });
    const choices = [all("mine"), of("experience_years", "theirs", "d1cv")];
    const { changes } = resolve([change()], open, ...choices);
    expect(effectAt(changes, "d1cv")).toEqual([]);
    expect(effectAt(changes, "ai-agent")).toEqual([{ action: "UPDATE", values: { experience_years: 8 }, before: [6] }]);
  });

  test("a change of which nothing is left is discarded, and the others stay", () => {
    const other = change({ number: 2, entityId: "go-1", payload: { level: "Expert" } });
    const open: OpenTargets = {
      targets: ["d1cv"],
      liveOf: (_target, { entityId }) => ({ version: "v2", values: entityId === "go-1" ? python : seven }),
    };
    const { changes, discarded, joined } = resolve([change({ targets: ["d1cv"] }), other], open, all("theirs"));
    expect(discarded.map(({ number }) => number)).toEqual([1]);
    // A resolution makes the commit another one.
    expect(changes).toEqual([{ ...other, contributors: [...other.contributors, "resolver"] }]);
    expect(joined).toEqual(changes[0]);
  });

  test.each<[string, Change, FieldValues | null]>([
    ["a deletion that is taken back", change({ action: "DELETE", payload: {} }), seven],
    ["a change to a row that is gone", change(), null],
    ["a change to a row that another commit creates", change({ base: { d1cv: row({}, "") } }), null],
  ])("taking theirs leaves nothing of %s", (_what, staged, live) => {
    const { changes, discarded } = resolve([{ ...staged, targets: ["d1cv"] }], openAt({ d1cv: live }), all("theirs"));
    expect([changes, discarded.length]).toEqual([[], 1]);
  });
});

describe("another value", () => {
  test("another value is asked of every open target, also of one that has it", () => {
    const open = openAt({ d1cv: seven, "ai-agent": python });
    const { changes } = resolve([change()], open, of("experience_years", { value: 7 }));
    expect(effectAt(changes, "d1cv")).toEqual([{ action: "UPDATE", values: { experience_years: 7 }, before: [7] }]);
    expect(effectAt(changes, "ai-agent")).toEqual([{ action: "UPDATE", values: { experience_years: 7 }, before: [5] }]);
    expect(changes).toHaveLength(1);
  });

  test("the last choice about a field counts", () => {
    const choices = [all("theirs"), of("experience_years", { value: 9 })];
    const { changes } = resolve([change({ targets: ["d1cv"] })], openAt({ d1cv: seven }), ...choices);
    expect(changes[0]?.payload).toEqual({ experience_years: 9 });
  });
});

describe("several changes and targets", () => {
  test("two changes to a row become one with both of their values", () => {
    const second = change({ number: 2, payload: { level: "Expert" } });
    const open = openAt({ d1cv: seven, "ai-agent": seven });
    const { changes, discarded } = resolve([change(), second], open, all("mine"));
    expect(changes).toMatchObject([{ number: 1, payload: { experience_years: 8, level: "Expert" } }]);
    expect(discarded).toMatchObject([{ number: 2 }]);
  });

  test("what a target has applied stays there as it was, and the other target gets what was chosen", () => {
    const before = [change()];
    const open = openAt({ "ai-agent": seven });
    const { changes, updated, added } = resolve(before, open, of("experience_years", { value: 9 }));
    expect(netEffect(changes, "d1cv")).toEqual(netEffect(before, "d1cv"));
    expect(effectAt(changes, "ai-agent")).toEqual([{ action: "UPDATE", values: { experience_years: 9 }, before: [7] }]);
    expect(updated).toMatchObject([{ number: 1, targets: ["d1cv"] }]);
    expect(added).toMatchObject([{ targets: ["ai-agent"], createdBy: "author" }]);
  });

  test("theirs at the only target that is left leaves the commit to the targets that have it", () => {
    const { changes, added } = resolve([change()], openAt({ "ai-agent": seven }), all("theirs"));
    expect(changes).toMatchObject([{ targets: ["d1cv"], payload: { experience_years: 8 } }]);
    expect(added).toEqual([]);
  });

  test("keeping one's own where nothing of the row is in conflict changes nothing", () => {
    const before = [change()];
    const { changes, updated, decided } = resolve(before, openAt({ d1cv: python }), all("mine"));
    expect([changes, updated, decided]).toEqual([before, [], 0]);
  });
});
