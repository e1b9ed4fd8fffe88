/** The places that the guides name are in the files: what `guides.slow.test.ts` finds too, after minutes. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/scripts/tree.ts";
import { edited, readGuide } from "./guide.ts";

const stored = (path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : null;

test.each(globSync("add-*.md", { cwd: join(root, "docs/guides") }).toSorted())(
  "each step of %s has its place in the files",
  (name) => {
    const files = new Map<string, string>();
    for (const step of readGuide(name)) {
      if (step.kind !== "edit") continue;
      files.set(step.path, edited(step, files.get(step.path) ?? stored(step.path)));
    }
    expect(files.size).toBeGreaterThan(1);
  },
);
