/**
 * Checks every TypeScript program of the repository: each folder with a tsconfig.json is one. Those of test/support/
 * are for editors: bot/, consumers/ and shared/ have all their files, with the same options. Whole each time: with
 * isolatedModules, `--incremental` does not look again at a file whose imports have changed.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";

const root = join(import.meta.dirname, "../..");
const tsc = resolve(root, "node_modules/typescript/bin/tsc");
const programs = globSync(["*/tsconfig*.json", "*/*/tsconfig*.json", "*/*/*/tsconfig*.json"], {
  cwd: root,
  exclude: (path) => path.startsWith("node_modules") || path === "test/support",
}).toSorted();

/** What is wrong with it; empty where nothing is. By one checker: each of several checks again what they share. */
const errorsOf = async (program: string): Promise<string> => {
  const run = spawn(process.execPath, [tsc, "-p", program, "--checkers", "1"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolved) => run.once("close", resolved));
  const [out, err, code] = await Promise.all([text(run.stdout), text(run.stderr), ended]);
  return code === 0 ? "" : `${program}\n${out}${err}`;
};

const left = [...programs];
let failed = false;
const checkNext = async (): Promise<void> => {
  for (let program = left.shift(); program !== undefined; program = left.shift()) {
    const errors = await errorsOf(program);
    if (errors === "") continue;
    failed = true;
    console.error(errors);
  }
};
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, checkNext));
process.exitCode = failed ? 1 : 0;
if (!failed) console.log(`${programs.length} programs have no type errors`);
