import { expect, test } from "vitest";
import { changedRows, type Row } from "./portfolio-data.ts";

const row = (id: string, version: string, deletedAt: string | null = null): Row => ({
  id,
  version,
  deletedAt,
  values: {},
});

test("the portfolio page marks rows that are new, different or deleted", () => {
  const before = { rows: [row("same", "1"), row("updated", "1"), row("deleted", "1")], changed: new Set<string>() };
  const after = [row("same", "1"), row("updated", "2"), row("deleted", "1", "2026-11-23T00:00:00Z"), row("new", "1")];
  expect([...changedRows(before, after)]).toEqual(["updated", "deleted", "new"]);
});

test("the portfolio page marks nothing on the first load and after an error", () => {
  expect(changedRows(undefined, [row("a", "1")]).size).toBe(0);
  expect(changedRows({ error: "down" }, [row("a", "1")]).size).toBe(0);
});
