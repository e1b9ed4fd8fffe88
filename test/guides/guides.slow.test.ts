/**
 * Follows the guides exactly, one after the other in one copy of the repository, and runs what they say. Then leaves
 * out one step of a guide, and expects what it says about forgetting it.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { root } from "../../tools/scripts/tree.ts";
import { type Edit, type Step, readGuide } from "./guide.ts";
import { Scratch } from "./scratch.ts";

const guides = globSync("add-*.md", { cwd: join(root, "docs/guides") })
  .toSorted()
  .map((name) => {
    const steps = readGuide(name);
    return { name, steps, edits: steps.filter((step): step is Edit => step.kind === "edit") };
  });

let scratch: Scratch;
beforeAll(async () => {
  scratch = await Scratch.create();
});
afterAll(() => scratch.remove());

/** What is equal to it shows the output where it is not. */
const succeeded = { code: 0, output: expect.any(String) as string };

/** The guides whose tests run: one in so many, others each day, for each starts vitest. */
const guidesOneIn = Number(process.env["GUIDES_ONE_IN"] ?? "1");
const today = Math.floor(Date.now() / 86_400_000);
const hasTurn = (index: number): boolean => (index + today) % guidesOneIn === 0;

/** What writes generated files: once, after all guides. */
const isGenerator = (command: string): boolean => command.startsWith("npm run ");
/** And what packs a Worker. */
const startsTests = (command: string): boolean => command.startsWith("npx ");

const commandsOf = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) => (step.kind === "edit" ? [] : [step.command]));

describe("the guides, followed one after the other", () => {
  // Each with its tests before the next: some do not know what a later guide adds.
  describe.each(guides.map((guide, index) => ({ ...guide, index })))("$name", ({ index, steps, edits }) => {
    const commands = commandsOf(steps);

    test("each step finds its place", async () => {
      for (const edit of edits) scratch.apply(edit);
      for (const command of commands.filter((line) => !isGenerator(line) && !startsTests(line)))
        expect(await scratch.run(command), command).toEqual(succeeded);
      expect(edits.length).toBeGreaterThan(0);
    });

    test.each(hasTurn(index) ? commands.filter(startsTests) : [])(
      "the guide's command %s succeeds",
      async (command) => {
        expect(await scratch.run(command)).toEqual(succeeded);
      },
    );
  });

  const commands = guides.flatMap(({ steps }) => commandsOf(steps));
  test.each([...new Set(commands.filter(isGenerator))])("all guides followed: %s succeeds", async (command) => {
    expect(await scratch.run(command)).toEqual(succeeded);
  });

  /** What the guides may break of `npm run check`, beside the files that their commands have just written. */
  const parts = manifest.scripts.check
    .split(" && ")
    .filter((part) => part.startsWith("node tools/scripts/") && !part.endsWith("--check"));
  const code = new Set(
    guides.flatMap(({ edits }) => edits.map(({ path }) => path)).filter((path) => /\.tsx?$/.test(path)),
  );
  const checks = [["oxfmt", `npx oxfmt --check ${[...code].join(" ")}`], ...parts.map((part) => [part, part])] as const;
  test.each(checks)("all guides followed: %s finds nothing", async (_, command) => {
    expect(await scratch.run(command)).toEqual(succeeded);
  });
});

/** Of the steps that are left out, one in so many, others each day: each takes a type check or a start of vitest. */
const oneIn = Number(process.env["LEFT_OUT_ONE_IN"] ?? "1");
/** "after `x` in a.ts" */
const nameOf = ({ path, place }: Edit): string => ("anchor" in place ? `${place.at} ${place.anchor} in ${path}` : path);

const forgotten = guides
  .flatMap(({ name, edits }) => edits.map((left) => ({ name, edits, left, step: nameOf(left) })))
  .filter(({ left }) => left.missed !== null)
  .filter((_, index) => (index + today) % oneIn === 0);

test.each(forgotten)("$name without the step $step fails as it says", async ({ edits, left }) => {
  await scratch.revert();
  for (const edit of edits) if (edit !== left) scratch.apply(edit);
  const { missed } = left;
  if (missed?.by === "type check") {
    expect((await scratch.checkTypesOf(missed.path)).output).toContain(`${missed.path}(`);
  } else expect((await scratch.run(missed?.command ?? "true")).code).not.toBe(0);
});
