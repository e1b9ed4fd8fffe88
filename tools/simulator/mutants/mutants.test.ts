import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCampaign } from "../runs/campaign.ts";
import { bundleProduct } from "../product/bundle.ts";
import { mutants } from "./all.ts";
import { openDatabases } from "../platform/databases.ts";
import { type Mutant, mutant, mutated } from "./mutant.ts";

const root = join(import.meta.dirname, "../../..");

test("there are at least 30 seeded bugs with unique names", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(30);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test.each(mutants.map((each) => [each.name, each] as const))("seeded bug %s: texts are still there", (_name, each) => {
  for (const { file } of each.patches) {
    const source = readFileSync(join(root, file), "utf8");
    expect(mutated(source, file, each), file).not.toBe(source);
  }
});

const schemaWith = (bug: Mutant | null): string =>
  JSON.stringify(
    Object.values(openDatabases(bug)).map((db) => [
      db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all(),
      db.prepare("SELECT name FROM sqlite_schema WHERE name = 'state_edges'").all().length === 0
        ? []
        : db.prepare("SELECT * FROM state_edges").all(),
    ]),
  );

// A later migration may have replaced what an earlier one made: then the bug is in no database.
test.each(
  mutants
    .filter(({ patches }) => patches.some(({ file }) => file.includes("migrations/")))
    .map((each) => [each.name, each] as const),
)("seeded bug %s: is in the schema that the migrations lead to", (_name, each) => {
  const onlySql = { ...each, patches: each.patches.filter(({ file }) => file.includes("migrations/")) };
  expect(schemaWith(onlySql)).not.toBe(schemaWith(null));
});

test("a mutant whose text does not occur in the file is refused", () => {
  const gone = mutant("gone", "a.ts", "x", "y");
  expect(() => mutated("xx", "a.ts", gone)).toThrow("stands 2 times");
  expect(() => mutated("", "a.ts", gone)).toThrow("stands 0 times");
});

test("a seeded bug is caught by the simulator", async () => {
  const bug = mutants.find(({ name }) => name === "any signature is accepted as Slack's") ?? null;
  const bundle = await bundleProduct(bug);
  const campaign = await runCampaign({
    bundle,
    previous: null,
    mutant: bug,
    first: 1,
    runs: 60,
    threads: 2,
    stopAtFirst: true,
  });
  expect(campaign.failed[0]?.violations[0]?.number).toBe(9);
});
