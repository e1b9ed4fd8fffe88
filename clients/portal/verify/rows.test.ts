import { expect, test } from "vitest";
import { type Difference, expectedBy, liveAt, rowsAt, sideText } from "./rows.ts";

const difference = (overrides: Partial<Difference> = {}): Difference => ({
  target: "d1cv",
  entityType: "technology",
  entityId: "python-1",
  name: "Python",
  field: "experience_years",
  expected: { value: 8 },
  live: { value: 3 },
  commitNumber: 4,
  unlike: null,
  elsewhere: [{ target: "ai-agent", live: { value: 8 } }],
  pushAgain: 4,
  ...overrides,
});

test("differences are listed by row, for one target, with what can be done about the row", () => {
  const all = [
    difference(),
    difference({ target: "ai-agent" }),
    difference({ field: "level", expected: { value: "Expert" }, live: { value: null } }),
    difference({ entityId: "go-1", field: null, expected: { row: true }, live: { row: false }, pushAgain: null }),
  ];
  expect(rowsAt(all, "d1cv")).toMatchObject([
    { entityId: "python-1", canFix: true, pushAgain: 4, otherTargets: ["ai-agent"], fields: [{}, {}] },
    { entityId: "go-1", canFix: false, pushAgain: null },
  ]);
});

test("a difference says what is expected and why, and what is live here and elsewhere", () => {
  expect(expectedBy(difference())).toBe("by commit #4");
  expect(expectedBy(difference({ commitNumber: null, unlike: "ai-agent" }))).toBe("as at ai-agent");
  expect(expectedBy(difference({ commitNumber: null }))).toBe("as it was accepted");
  expect([
    sideText({ value: 3 }),
    sideText({ value: null }),
    sideText({ row: true }),
    sideText({ row: false }),
  ]).toEqual(["3", "–", "the row is there", "no row"]);
  expect([liveAt(difference(), "ai-agent"), liveAt(difference(), "another")]).toEqual(["8", "unknown"]);
});
