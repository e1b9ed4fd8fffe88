/** Each line of the threat model names a test; the test is there. */
import { expect, test } from "vitest";
import { namedTests, readPage } from "./support/named-tests.ts";

const path = "docs/explanation/threat-model.md";

/** Rows of its tables, without their heads. */
const rows = readPage(path)
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| somebody |"));

test("every line of the threat model names a test that is there", () => {
  expect(rows.length).toBeGreaterThan(30);
  const missing = rows.filter((row) => {
    const [named] = namedTests(path, row.replace(/ \|$/, ""));
    return named?.isThere !== true;
  });
  expect(missing).toEqual([]);
});
