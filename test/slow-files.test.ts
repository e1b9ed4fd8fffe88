import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { days, slowFilesOf } from "../tools/scripts/slow-files.ts";
import { root } from "../tools/scripts/tree.ts";

test("each slow test file has its turn in CI within as many days as there are turns", () => {
  const exclude = ["**/node_modules/**", "dist/**", ".local/**"];
  const all = globSync("**/*.slow.test.ts", { cwd: root, exclude });
  const run = Array.from({ length: days }, (_, day) => slowFilesOf(20_000 + day)).flat();
  expect([...new Set(run)].toSorted()).toEqual(all.toSorted());
});

test("a deployment and the kills in a push are tried each day", () => {
  for (const day of Array.from({ length: days }, (_, index) => index)) {
    expect(slowFilesOf(day)).toContain("tools/production/production.slow.test.ts");
    expect(slowFilesOf(day)).toContain("test/stories/restart.slow.test.ts");
    expect(new Set(slowFilesOf(day)).size).toBe(slowFilesOf(day).length);
  }
});
