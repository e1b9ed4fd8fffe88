/** Checks every TypeScript program of the repository: each folder with a tsconfig.json is one. */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join, resolve } from "node:path";

const root = join(import.meta.dirname, "../..");
const programs = globSync(["*/tsconfig*.json", "*/*/tsconfig*.json", "*/*/*/tsconfig*.json"], {
  cwd: root,
  exclude: (path) => path.startsWith("node_modules"),
});

let failed = false;
for (const program of programs.toSorted()) {
  const run = spawnSync(process.execPath, [resolve(root, "node_modules/typescript/bin/tsc"), "-p", program], {
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
