import { describe, expect, test } from "vitest";
import { type Touch, overlapsOfChange, overlapsOfCommit } from "./overlaps.ts";

const touch = (given: Partial<Touch>): Touch => ({
  changeNumber: 1,
  commitNumber: null,
  author: "avery",
  entityType: "technology",
  entityId: "python-1",
  action: "UPDATE",
  targets: ["d1cv", "ai-agent"],
  fields: ["level"],
  ...given,
});
const avery = { number: 1, createdBy: "avery" };
const row = {
  entityType: "technology",
  entityId: "python-1",
  targets: ["d1cv", "ai-agent"],
  fields: ["level"],
  whole: false,
};

describe("what overlaps", () => {
  test("a commit overlaps with other commits and with what others have staged, commits first", () => {
    const touches = [
      touch({ changeNumber: 1, commitNumber: 1 }),
      touch({ changeNumber: 2, author: "bea" }),
      touch({ changeNumber: 3, commitNumber: 2 }),
      touch({ changeNumber: 4 }),
    ];
    expect(overlapsOfCommit(touches, avery)).toEqual([
      { commit: 2, change: null, author: "avery", rows: [row], rowCount: 1 },
      { commit: null, change: 2, author: "bea", rows: [row], rowCount: 1 },
    ]);
  });

  test("a staged change overlaps with every open commit, and not with its author's other changes", () => {
    const touches = [
      touch({ changeNumber: 1 }),
      touch({ changeNumber: 2 }),
      touch({ changeNumber: 3, commitNumber: 5 }),
      touch({ changeNumber: 4, author: "bea" }),
    ];
    expect(overlapsOfChange(touches, avery).map(({ commit, change }) => commit ?? change)).toEqual([5, 4]);
  });

  test.each<[string, Partial<Touch>]>([
    ["another row", { entityId: "go-1" }],
    ["a row of another type", { entityType: "project" }],
    ["the same row at another target", { targets: ["elsewhere"] }],
    ["a commit that all targets have applied", { targets: [] }],
  ])("nothing overlaps with %s", (_what, other) => {
    const touches = [touch({ commitNumber: 1 }), touch({ changeNumber: 2, commitNumber: 2, ...other })];
    expect(overlapsOfCommit(touches, avery)).toEqual([]);
  });

  test("fields are named only where both set them, at a target that both have in common", () => {
    const own = [
      touch({ commitNumber: 1, targets: ["d1cv"] }),
      touch({ commitNumber: 1, targets: ["ai-agent"], fields: ["name"] }),
    ];
    const other = touch({ changeNumber: 2, commitNumber: 2, targets: ["ai-agent"], fields: ["level", "name"] });
    expect(overlapsOfCommit([...own, other], avery)[0]?.rows).toEqual([
      { ...row, targets: ["ai-agent"], fields: ["name"] },
    ]);
  });

  test.each(["CREATE", "DELETE"] as const)("an overlap with a %s is about the whole row", (action) => {
    const touches = [touch({ commitNumber: 1 }), touch({ changeNumber: 2, author: "bea", action, fields: [] })];
    expect(overlapsOfCommit(touches, avery)[0]?.rows).toEqual([{ ...row, fields: [], whole: true }]);
  });

  test("an overlap of many rows names the first ten and counts all", () => {
    const touches = Array.from({ length: 500 }, (_, index) => [
      touch({ commitNumber: 1, entityId: `row-${index}` }),
      touch({ commitNumber: 2, entityId: `row-${index}` }),
    ]).flat();
    const [overlap] = overlapsOfCommit(touches, avery);
    expect([overlap?.rows.length, overlap?.rowCount]).toEqual([10, 500]);
  });
});
