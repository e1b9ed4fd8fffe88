/** `npm test` leaves out the files called *.slow.test.ts, `npm run test:all` nothing. */
import { matchesGlob } from "node:path";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { layers } from "../tools/scripts/layers.ts";
import { readTree } from "../tools/scripts/tree.ts";
import config from "../vitest.config.ts";

const files = readTree()
  .map(({ path }) => path)
  .filter((path) => /\.test\.tsx?$/.test(path));

const projects = (config.test?.projects ?? []).map((project) => {
  if (typeof project !== "object" || !("test" in project)) throw new Error("a project is written out in test/projects");
  const { name, include: patterns = [], exclude } = project.test ?? {};
  return {
    name,
    exclude,
    takes: (file: string): boolean =>
      patterns.some((pattern) => matchesGlob(file, pattern)) &&
      !patterns.some((pattern) => pattern.startsWith("!") && matchesGlob(file, pattern.slice(1))),
  };
});

test("every test file belongs to one project", () => {
  const ofProjects = files.filter((file) => !file.startsWith("test/browser/"));
  const homes = ofProjects.map((file) => [file, projects.filter(({ takes }) => takes(file)).map(({ name }) => name)]);
  expect(homes.filter(([, names]) => names?.length !== 1)).toEqual([]);
});

test("npm test leaves out the slow files, and test:all none", () => {
  expect(manifest.scripts.test).toBe("vitest run --exclude '**/*.slow.test.ts'");
  expect(manifest.scripts["test:all"]).toBe("vitest run");
  // A project's own exclude would replace the one on the command line.
  expect(projects.filter(({ exclude }) => exclude)).toEqual([]);
});

test("every folder of product code has a test that npm test runs", () => {
  const product = layers.filter(({ group }) => group !== undefined).flatMap(({ paths }) => paths);
  const folders = [...new Set(product.map((path) => /^[^/]+\/([^/]+\/)?/.exec(path)?.[0] ?? path))];
  const quick = files.filter((file) => !file.includes(".slow."));
  expect(folders.filter((folder) => !quick.some((file) => file.startsWith(folder)))).toEqual([]);
  expect(files.length).toBeGreaterThan(quick.length);
});
