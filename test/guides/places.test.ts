/** The places that the guides name are in the files: what `guides.slow.test.ts` finds too, after minutes. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/scripts/tree.ts";
import { edited, readGuide } from "./guide.ts";

const guides = globSync("add-*.md", { cwd: join(root, "docs/guides") }).toSorted();

const stored = (path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : null;

/** Applies the guide to these files, and to those of the repository. */
const follow = (name: string, files: Map<string, string>): void => {
  for (const step of readGuide(name)) {
    if (step.kind === "edit") files.set(step.path, edited(step, files.get(step.path) ?? stored(step.path)));
  }
};

test.each(guides)("each step of %s has its place in the files", (name) => {
  const files = new Map<string, string>();
  follow(name, files);
  expect(files.size).toBeGreaterThan(1);
});

test("each step of a guide has its place where the other guides were followed before", () => {
  const files = new Map<string, string>();
  for (const name of guides) expect(() => follow(name, files), name).not.toThrow();
});
