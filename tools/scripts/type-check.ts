/**
 * Checks every TypeScript program of the repository: each folder with a tsconfig.json is one. What a run learns is
 * kept, so that the next one checks only what has changed.
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join, resolve } from "node:path";

const root = join(import.meta.dirname, "../..");
const tsc = resolve(root, "node_modules/typescript/bin/tsc");
const cache = join(root, "node_modules/.cache/type-check");
const programs = globSync(["*/tsconfig*.json", "*/*/tsconfig*.json", "*/*/*/tsconfig*.json"], {
  cwd: root,
  exclude: (path) => path.startsWith("node_modules"),
});

let failed = false;
for (const program of programs.toSorted()) {
  const kept = join(cache, `${program.replaceAll("/", "-")}.tsbuildinfo`);
  const run = spawnSync(process.execPath, [tsc, "-p", program, "--incremental", "--tsBuildInfoFile", kept], {
    cwd: root,
    encoding: "utf8",
  });
  if (run.status !== 0) {
    failed = true;
    console.error(`${program}\n${run.stdout}${run.stderr}`);
  }
}
process.exitCode = failed ? 1 : 0;
if (!failed) console.log(`${programs.length} programs have no type errors`);
