import { describe, expect, test } from "vitest";
import type { Base, Change } from "./change.ts";
import { commitHash } from "../commits/commit-hash.ts";
import { diffOf } from "./diff.ts";
import type { FieldValues } from "../portfolio/entity.ts";
import { type Operation, netEffect, targetsOf } from "./net-effect.ts";

const python: Base = {
  seen: "row",
  version: "7",
  values: { name: "Python", category: "Backend", experience_years: 5, level: null },
};
const absent: Base = { seen: "absent" };

/** "C name=Rust", "U experience_years=8 level=", "D": numbered in the order written. */
const sequence = (steps: string[], base: Base): Change[] =>
  steps.map((step, index) => {
    const [deadLetter = "", ...pairs] = step.split(" ");
    const payload: FieldValues = Object.fromEntries(
      pairs.map((pair) => {
        const [field = "", value = ""] = pair.split("=");
        return [field, value === "" ? null : /^\d+$/.test(value) ? Number(value) : value];
      }),
    );
    return change({
      number: index + 1,
      action: ({ C: "CREATE", U: "UPDATE", D: "DELETE" } as const)[deadLetter] ?? "UPDATE",
      payload,
      base: { d1cv: base },
    });
  });

const change = (overrides: Partial<Change>): Change => ({
  id: `change-${overrides.number ?? 1}`,
  number: 1,
  state: "staged",
  commitId: null,
  targets: ["d1cv"],
  entityType: "technology",
  action: "UPDATE",
  entityId: "python-1",
  payload: {},
  base: { d1cv: python },
  note: null,
  permalink: null,
  sourceAuthor: null,
  createdBy: "U",
  contributors: ["U"],
  unseenEdit: null,
  createdAt: "2026-11-23T08:00:00.000Z",
  ...overrides,
});

describe("the net effect of changes to one row", () => {
  test.each<[name: string, steps: string[], base: Base, expected: [string, FieldValues] | null]>([
    ["one update", ["U experience_years=8"], python, ["UPDATE", { experience_years: 8 }]],
    [
      "a later value wins",
      ["U experience_years=8", "U experience_years=9"],
      python,
      ["UPDATE", { experience_years: 9 }],
    ],
    [
      "different fields add up",
      ["U experience_years=8", "U level=Expert"],
      python,
      ["UPDATE", { experience_years: 8, level: "Expert" }],
    ],
    ["there and back is nothing", ["U experience_years=8", "U experience_years=5"], python, null],
    [
      "there and back of one field leaves the other",
      ["U experience_years=8 level=Expert", "U experience_years=5"],
      python,
      ["UPDATE", { level: "Expert" }],
    ],
    ["set to what it is, is nothing", ["U name=Python"], python, null],
    ["cleared though empty, is nothing", ["U level="], python, null],
    ["cleared", ["U experience_years="], python, ["UPDATE", { experience_years: null }]],
    [
      "set, then cleared",
      ["U experience_years=8", "U experience_years="],
      python,
      ["UPDATE", { experience_years: null }],
    ],
    ["create", ["C name=Rust"], absent, ["CREATE", { name: "Rust" }]],
    [
      "create, then update, is a fuller create",
      ["C name=Rust", "U experience_years=1"],
      absent,
      ["CREATE", { name: "Rust", experience_years: 1 }],
    ],
    ["create, then rename", ["C name=Rust", "U name=Ruby"], absent, ["CREATE", { name: "Ruby" }]],
    ["create, then delete, is nothing", ["C name=Rust", "D"], absent, null],
    ["create, update, delete is nothing", ["C name=Rust", "U name=Ruby", "D"], absent, null],
    ["delete", ["D"], python, ["DELETE", {}]],
    ["update, then delete, is a delete", ["U experience_years=8", "D"], python, ["DELETE", {}]],
    ["update to the same, then delete, is a delete", ["U name=Python", "D"], python, ["DELETE", {}]],
    [
      "without a base an update stands as it is",
      ["U name=Python"],
      { seen: "unknown" },
      ["UPDATE", { name: "Python" }],
    ],
  ])("the net effect of changes to one row: %s", (_name, steps, base, expected) => {
    const operations = netEffect(sequence(steps, base), "d1cv");
    expect(operations.map(({ action, values }) => [action, values])).toEqual(expected ? [expected] : []);
  });

  test("the net effect depends on the numbers of the changes, not on their order", () => {
    const changes = sequence(["U experience_years=8", "U level=Expert", "U experience_years=9"], python);
    expect(netEffect(changes.toReversed(), "d1cv")).toEqual(netEffect(changes, "d1cv"));
  });

  describe("a row that moved between two changes", () => {
    const moved: Base = {
      seen: "row",
      version: "8",
      values: { name: "Python", category: "Backend", experience_years: 9, level: "Beginner" },
    };
    const first = change({ number: 1, payload: { level: "Expert" } });

    test("a row moved between two changes: each field keeps the value its author first saw", () => {
      const [operation] = netEffect(
        [first, change({ number: 2, payload: { experience_years: 8 }, base: { d1cv: moved } })],
        "d1cv",
      );
      expect(operation?.base).toEqual({ ...moved, version: "7", values: { ...moved.values, level: null } });
    });

    test("a row moved between two changes: setting a field back is kept", () => {
      const changes = [first, change({ number: 2, payload: { experience_years: 5 }, base: { d1cv: moved } })];
      expect(netEffect(changes, "d1cv")).toMatchObject([{ values: { level: "Expert", experience_years: 5 } }]);
    });

    test("an unknown base of a row is filled by a later change that saw it", () => {
      const blind = change({ number: 1, payload: { level: "Expert" }, base: { d1cv: { seen: "unknown" } } });
      expect(netEffect([blind, change({ number: 2, action: "DELETE", base: { d1cv: moved } })], "d1cv")).toMatchObject([
        { action: "DELETE", base: moved },
      ]);
    });
  });

  test("the net effect is computed for each row and each target on its own", () => {
    const changes = [
      change({ number: 1, payload: { level: "Expert" }, targets: ["d1cv"] }),
      change({
        number: 2,
        payload: { experience_years: 8 },
        targets: ["d1cv", "ai-agent"],
        base: { d1cv: python, "ai-agent": python },
      }),
      change({
        number: 3,
        entityId: "go-1",
        payload: { level: "Expert" },
        targets: ["ai-agent"],
        base: { "ai-agent": { seen: "unknown" } },
      }),
      change({ number: 4, entityType: "project", entityId: "python-1", payload: { name: "P" } }),
    ];
    expect(
      netEffect(changes, "d1cv").map(({ entityType, entityId, values }) => [entityType, entityId, values]),
    ).toEqual([
      ["technology", "python-1", { level: "Expert", experience_years: 8 }],
      ["project", "python-1", { name: "P" }],
    ]);
    expect(netEffect(changes, "ai-agent").map(({ entityId, values }) => [entityId, values])).toEqual([
      ["python-1", { experience_years: 8 }],
      ["go-1", { level: "Expert" }],
    ]);
    expect(netEffect(changes, "elsewhere")).toEqual([]);
  });

  test("a commit is for all targets that it names, unless it changes nothing at any of them", () => {
    const both = { targets: ["ai-agent", "d1cv"], base: { d1cv: python, "ai-agent": absent } };
    expect(targetsOf([change({ ...both, payload: { level: "Expert" } })], ["d1cv", "ai-agent"])).toEqual([
      "d1cv",
      "ai-agent",
    ]);
    expect(targetsOf([change({ ...both, payload: { experience_years: 5 } })], ["d1cv", "ai-agent"])).toEqual([
      "d1cv",
      "ai-agent",
    ]);
    const same = { ...both, base: { d1cv: python, "ai-agent": python } };
    expect(targetsOf([change({ ...same, payload: { experience_years: 5 } })], ["d1cv", "ai-agent"])).toEqual([]);
    expect(targetsOf(sequence(["C name=Rust", "D"], absent), ["d1cv", "ai-agent"])).toEqual([]);
  });
});

describe("a diff", () => {
  const operation = (overrides: Partial<Operation>): Operation => ({
    entityType: "technology",
    entityId: "python-1",
    action: "UPDATE",
    values: {},
    base: python,
    ...overrides,
  });

  test("the diff of an update shows the changed fields, with null for empty ones", () => {
    expect(
      diffOf(operation({ values: { experience_years: 8, name: "Python", level: "Expert", category: null } })),
    ).toEqual([
      { field: "experience_years", before: 5, after: 8 },
      { field: "level", before: null, after: "Expert" },
      { field: "category", before: "Backend", after: null },
    ]);
  });

  test("the diff of a create shows its values, and of a delete the removed values", () => {
    expect(diffOf(operation({ action: "CREATE", base: absent, values: { name: "Rust", level: null } }))).toEqual([
      { field: "name", before: null, after: "Rust" },
    ]);
    expect(diffOf(operation({ action: "DELETE" })).map(({ field, before, after }) => [field, before, after])).toEqual([
      ["name", "Python", null],
      ["category", "Backend", null],
      ["experience_years", 5, null],
    ]);
  });

  test("the diff compares lists by their items and their order", () => {
    const base: Base = { seen: "row", version: "1", values: { technologies: ["a", "b"] } };
    expect(diffOf(operation({ entityType: "project", base, values: { technologies: ["a", "b"] } }))).toEqual([]);
    expect(diffOf(operation({ entityType: "project", base, values: { technologies: ["b", "a"] } }))).toHaveLength(1);
  });
});

describe("a commit's hash", () => {
  const targets = ["d1cv", "ai-agent"];
  const goRow: Base = { seen: "row", version: "3", values: { name: "Go", level: null } };
  const changes = [
    change({ number: 1, payload: { experience_years: 8, level: "Expert" } }),
    change({ number: 2, entityId: "go-1", payload: { level: "Beginner" }, base: { d1cv: goRow } }),
    change({ number: 3, entityId: "rust-1", action: "CREATE", payload: { name: "Rust" }, base: { d1cv: absent } }),
    change({
      number: 4,
      entityId: "jquery-1",
      action: "DELETE",
      base: { d1cv: { seen: "row", version: "1", values: { name: "jQuery" } } },
    }),
  ];
  const [first, go, rust, jquery] = changes as [Change, Change, Change, Change];
  const hashOf = (list: Change[]) => commitHash(list, targets);

  test("a commit's hash is 64 hex digits, and the same content gives the same hash", async () => {
    expect(await hashOf(changes)).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf(changes)).toBe(await hashOf(structuredClone(changes)));
  });

  test.each<[string, Change[]]>([
    ["the order of the rows", [jquery, rust, go, first].map((one, index) => ({ ...one, number: index + 1 }))],
    ["the order of the fields", [{ ...first, payload: { level: "Expert", experience_years: 8 } }, go, rust, jquery]],
    ["the versions: an identical rebase", changes.map((one) => ({ ...one, base: rebased(one.base) }))],
    [
      "fields of the row that the commit does not touch",
      [{ ...first, base: { d1cv: { ...python, values: { ...python.values, name: "Python 3" } } } }, go, rust, jquery],
    ],
    [
      "steps that cancel out",
      [
        ...changes,
        change({ number: 5, entityId: "x", action: "CREATE", base: { d1cv: absent } }),
        change({ number: 6, entityId: "x", action: "DELETE", base: { d1cv: absent } }),
      ],
    ],
    [
      "two steps for one",
      [
        { ...first, payload: { experience_years: 7, level: "Expert" } },
        go,
        rust,
        jquery,
        change({ number: 5, payload: { experience_years: 8 } }),
      ],
    ],
    [
      "who wrote it, when, and its note",
      changes.map((one) => ({ ...one, createdBy: "U2", createdAt: "later", note: "x", id: `${one.id}x` })),
    ],
  ])("a commit's hash does not depend on %s", async (_name, edited) => {
    expect(await hashOf(edited)).toBe(await hashOf(changes));
  });

  test.each<[string, Change[]]>([
    ["a value", [{ ...first, payload: { experience_years: 9, level: "Expert" } }, go, rust, jquery]],
    ["one field more", [{ ...first, payload: { ...first.payload, name: "Py" } }, go, rust, jquery]],
    ["one field less", [{ ...first, payload: { experience_years: 8 } }, go, rust, jquery]],
    ["a change more", [...changes, change({ number: 5, entityId: "x", payload: { level: "Expert" } })]],
    ["a change less", [first, go, rust]],
    ["the row", [{ ...first, entityId: "python-2" }, go, rust, jquery]],
    ["the entity", [{ ...first, entityType: "project" }, go, rust, jquery]],
    ["the target", [{ ...first, targets: ["ai-agent"], base: { "ai-agent": python } }, go, rust, jquery]],
    [
      "one target more",
      [{ ...first, targets: ["d1cv", "ai-agent"], base: { d1cv: python, "ai-agent": python } }, go, rust, jquery],
    ],
    ["the action", [{ ...first, action: "DELETE", payload: {} }, go, rust, jquery]],
    [
      "the base value of a field that it touches",
      [
        { ...first, base: { d1cv: { ...python, values: { ...python.values, experience_years: 6 } } } },
        go,
        rust,
        jquery,
      ],
    ],
    [
      "the content of a row that it deletes",
      [first, go, rust, { ...jquery, base: { d1cv: { seen: "row", version: "1", values: { name: "jQuery 4" } } } }],
    ],
    ["a number written as text", [{ ...first, payload: { experience_years: "8", level: "Expert" } }, go, rust, jquery]],
  ])("a commit's hash changes with %s", async (_name, edited) => {
    expect(await hashOf(edited)).not.toBe(await hashOf(changes));
  });
});

const rebased = (base: Record<string, Base>): Record<string, Base> =>
  Object.fromEntries(
    Object.entries(base).map(([target, seen]) => [
      target,
      seen.seen === "row" ? { ...seen, version: `${seen.version}0` } : seen,
    ]),
  );
