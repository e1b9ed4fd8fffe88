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

/** Two copies, so that the commands of two guides share the cores. */
const copies: Scratch[] = [];
const free: Scratch[] = [];
const waiting: ((scratch: Scratch) => void)[] = [];
beforeAll(async () => {
  copies.push(await Scratch.create(), await Scratch.create());
  free.push(...copies);
});
afterAll(() => {
  for (const copy of copies) copy.remove();
});

/** Works in a copy that nobody uses, and leaves it as the repository is. */
const inCopy = async (work: (scratch: Scratch) => Promise<void>): Promise<void> => {
  const scratch = free.pop() ?? (await new Promise<Scratch>((resolve) => waiting.push(resolve)));
  try {
    await work(scratch);
  } finally {
    await scratch.revert();
    const next = waiting.shift();
    if (next) next(scratch);
    else free.push(scratch);
  }
};

/** Of the steps that are left out, one in so many, others each day: all of them take two cores ten minutes. */
const oneIn = Number(process.env["LEFT_OUT_ONE_IN"] ?? "1");
const today = Math.floor(Date.now() / 86_400_000);

/** What is equal to it shows the output where it is not. */
const succeeded = { code: 0, output: expect.any(String) as string };

/** The parts of `npm run check` that compare generated files and pages with the code. */
const generatedAreNew = manifest.scripts.check
  .split(" && ")
  .filter((part) => part.startsWith("node tools/scripts/") && !part.includes("type-check"))
  .join(" && ");

/** "after `x` in a.ts" */
const nameOf = ({ path, place }: Edit): string => ("anchor" in place ? `${place.at} ${place.anchor} in ${path}` : path);

describe.concurrent.each(guides)("%s", (name) => {
  const steps = readGuide(name);
  const edits = steps.filter((step): step is Edit => step.kind === "edit");
  const code = new Set(edits.map(({ path }) => path).filter((path) => /\.tsx?$/.test(path)));

  test("a guide followed exactly compiles, is formatted, and its commands succeed", () =>
    inCopy(async (scratch) => {
      for (const edit of edits) scratch.apply(edit);
      expect(await scratch.checkTypes()).toEqual({ code: 0, output: "" });
      expect(await scratch.run(`npx oxfmt --check ${[...code].join(" ")}`)).toEqual(succeeded);
      for (const step of steps) {
        if (step.kind === "command") expect(await scratch.run(step.command), step.command).toEqual(succeeded);
      }
      expect(await scratch.run(generatedAreNew)).toEqual(succeeded);
    }));

  const noticed = edits.filter(({ missed }) => missed !== null).filter((_, index) => (index + today) % oneIn === 0);
  test.each(noticed.map((edit) => [nameOf(edit), edit] as const))(
    "a guide without the step %s fails as it says",
    (_, left) =>
      inCopy(async (scratch) => {
        for (const edit of edits) if (edit !== left) scratch.apply(edit);
        const { missed } = left;
        if (missed?.by === "type check") {
          expect((await scratch.checkTypesOf(missed.path)).output).toContain(`${missed.path}(`);
        } else expect((await scratch.run(missed?.command ?? "true")).code).not.toBe(0);
      }),
  );
});
