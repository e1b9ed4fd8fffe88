/**
 * Follows each guide exactly in a copy of the repository, and runs what it says. Then leaves out one step after the
 * other, and expects what the guide says about forgetting it.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { root } from "../../tools/scripts/tree.ts";
import { type Edit, readGuide } from "./guide.ts";
import { Scratch } from "./scratch.ts";

const guides = globSync("add-*.md", { cwd: join(root, "docs/guides") }).toSorted();

let scratch: Scratch;
beforeAll(async () => {
  scratch = await Scratch.create();
});
afterAll(() => scratch.remove());

/** What is equal to it shows the output where it is not. */
const succeeded = { code: 0, output: expect.any(String) as string };

/** The parts of `npm run check` that compare generated files and pages with the code. */
const generatedAreNew = manifest.scripts.check
  .split(" && ")
  .filter((part) => part.startsWith("node tools/scripts/") && !part.includes("type-check"))
  .join(" && ");

/** "after `x` in a.ts" */
const nameOf = ({ path, place }: Edit): string => ("anchor" in place ? `${place.at} ${place.anchor} in ${path}` : path);

describe.each(guides)("%s", (name) => {
  const steps = readGuide(name);
  const edits = steps.filter((step): step is Edit => step.kind === "edit");
  const code = new Set(edits.map(({ path }) => path).filter((path) => /\.tsx?$/.test(path)));

  test("a guide followed exactly compiles, is formatted, and its commands succeed", async () => {
    try {
      for (const edit of edits) scratch.apply(edit);
      expect(await scratch.checkTypes()).toEqual({ code: 0, output: "" });
      expect(await scratch.run(`npx oxfmt --check ${[...code].join(" ")}`)).toEqual(succeeded);
      for (const step of steps) {
        if (step.kind === "command") expect(await scratch.run(step.command), step.command).toEqual(succeeded);
      }
      expect(await scratch.run(generatedAreNew)).toEqual(succeeded);
    } finally {
      await scratch.revert();
    }
  });

  const noticed = edits.filter(({ missed }) => missed !== null);
  test.each(noticed.map((edit) => [nameOf(edit), edit] as const))(
    "a guide without the step %s fails as it says",
    async (_, left) => {
      try {
        for (const edit of edits) if (edit !== left) scratch.apply(edit);
        const { missed } = left;
        if (missed?.by === "type check") {
          expect((await scratch.checkTypesOf(missed.path)).output).toContain(`${missed.path}(`);
        } else expect((await scratch.run(missed?.command ?? "true")).code).not.toBe(0);
      } finally {
        await scratch.revert();
      }
    },
  );
});
