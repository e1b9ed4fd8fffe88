/** Each runbook says how to notice, what to type and how to see that it is well, and names a test that performs it. */
import { expect, test } from "vitest";
import { namedTests, readPage } from "./support/named-tests.ts";

const path = "docs/guides/runbooks.md";
const runbooks = readPage(path).split(/^## /m).slice(1);
const titleOf = (runbook: string): string => runbook.split("\n")[0] ?? "";

test("every runbook says how to notice, what to type and when it is well", () => {
  expect(runbooks.length).toBeGreaterThanOrEqual(8);
  const parts = ["**Notice.**", "**Type.**", "**Well.**"];
  expect(runbooks.filter((runbook) => !parts.every((part) => runbook.includes(part))).map(titleOf)).toEqual([]);
});

test("every runbook names tests that are there", () => {
  const unperformed = runbooks.filter((runbook) => {
    const named = namedTests(path, runbook);
    const lines = runbook.match(/^Performed by /gm) ?? [];
    return named.length === 0 || named.length !== lines.length || named.some(({ isThere }) => !isThere);
  });
  expect(unperformed.map(titleOf)).toEqual([]);
});
