/** Each line of the threat model names a test; the test is there. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const page = join(import.meta.dirname, "../docs/explanation/threat-model.md");
const text = readFileSync(page, "utf8");

/** Rows of its tables, without their heads. */
const rows = text.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| somebody |"));

test("every line of the threat model names a test that is there", () => {
  expect(rows.length).toBeGreaterThan(30);
  const missing = rows.filter((row) => {
    const [, file, title] = /\[[^\]]+\]\(([^)]+)\): "([^"]+)" \|$/.exec(row) ?? [];
    if (file === undefined || title === undefined) return true;
    return !readFileSync(join(dirname(page), file), "utf8").includes(title);
  });
  expect(missing).toEqual([]);
});
