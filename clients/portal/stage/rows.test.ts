import { expect, test } from "vitest";
import { matchingRows, rowMeant, withStaged } from "./rows.ts";

const row = (id: string, name: string, values = {}) => ({ id, name, values });
const rows = [row("go-1", "Go"), row("django-1", "Django"), row("gcp-1", "Google Cloud"), row("mongo-1", "Mongo")];

test("rows are found by the start of a name, then by any part", () => {
  expect(matchingRows(rows, " go ").map(({ id }) => id)).toEqual(["go-1", "gcp-1", "django-1", "mongo-1"]);
  expect(matchingRows(rows, "cloud").map(({ id }) => id)).toEqual(["gcp-1"]);
  expect(matchingRows(rows, "gcp").map(({ id }) => id)).toEqual(["gcp-1"]);
  expect(matchingRows(rows, "")).toHaveLength(4);
  expect(matchingRows(rows, "djagno").map(({ id }) => id)).toEqual(["django-1"]);
  expect(matchingRows(rows, "rust")).toEqual([]);
});

test("an id or an exact name selects its row, unless several rows have the name", () => {
  expect(rowMeant(rows, "GO")?.id).toBe("go-1");
  expect(rowMeant(rows, "mongo-1")?.id).toBe("mongo-1");
  expect(rowMeant(rows, "Googl")).toBeNull();
  expect(rowMeant([...rows, row("go-2", "Go")], "Go")).toBeNull();
});

test("a row is shown with its person's staged changes, and staged new rows are listed", () => {
  const own = [
    { entityType: "technology", entityId: "go-1", name: "Go", action: "UPDATE", payload: { level: "Expert" } },
    { entityType: "technology", entityId: "rust-x", name: "Rust", action: "CREATE", payload: { name: "Rust" } },
    { entityType: "project", entityId: "go-1", name: "Go", action: "UPDATE", payload: { level: "No" } },
  ] as const;
  const shown = withStaged([row("go-1", "Go", { level: "Advanced", name: "Go" })], "technology", own);
  expect(shown).toEqual([row("rust-x", "Rust", { name: "Rust" }), row("go-1", "Go", { level: "Expert", name: "Go" })]);
});
