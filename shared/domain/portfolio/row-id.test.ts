import { expect, test } from "vitest";
import { isRowId } from "./row-id.ts";

test.each(["python-1", "c++", "a,b", "名前/1 x", "..", "100 %", "é", "e\u0301", "0", "🦀", "x".repeat(200)])(
  "an id such as %j is an id of a row",
  (id) => {
    expect(isRowId(id)).toBe(true);
  },
);

test.each([
  "",
  " ",
  " a",
  "a ",
  "a\nb",
  "a\u0000",
  "a\u202eb",
  "a\u2066b",
  "a\u200bb",
  "a\u2028b",
  "\u3164",
  "\ud800",
  "x".repeat(201),
])("%j is no id of a row, because nobody could see or type it", (id) => {
  expect(isRowId(id)).toBe(false);
});
