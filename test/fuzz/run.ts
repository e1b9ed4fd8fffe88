/** `npm run fuzz -- --inputs 100000 [--seed 1] [--only grammar] [--path 3:1]`: runs every subject. */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { FuzzShare } from "./run-one.ts";
import type { FuzzReport } from "./subject.ts";
import { subjects } from "./subjects.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "100000" },
    seed: { type: "string" },
    only: { type: "string", default: "" },
    path: { type: "string" },
  },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
// The longest subjects start first.
const names = subjects
  .toSorted((a, b) => a.share - b.share)
  .map(({ name }) => name)
  .filter((name) => name.includes(values.only));
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed) || names.length === 0) {
  console.error("npm run fuzz -- --inputs <number> [--seed <number>] [--only <part of a name>] [--path <path>]");
  process.exit(2);
}

const print = ({ name, inputs: done, milliseconds, failure, seed: used }: FuzzReport): void => {
  const line = `${String(done).padStart(9)}  ${(milliseconds / 1000).toFixed(1).padStart(6)} s  ${name}`;
  console.log(failure ? `✗ ${line}` : `✓ ${line}`);
  if (failure)
    console.log(
      `  ${failure.error}\n  input: ${failure.shrunk}\n  again: npm run fuzz -- --inputs ${inputs} --seed ${used} --path ${failure.path} --only "${name}"`,
    );
};

const startedMs = performance.now();
const reports: FuzzReport[] = [];
const next = new SharedArrayBuffer(4);
const share: FuzzShare = { inputs, seed, names, next, ...(values.path === undefined ? {} : { path: values.path }) };
await Promise.all(
  Array.from({ length: Math.min(availableParallelism(), names.length) }, async () => {
    const worker = new Worker(join(import.meta.dirname, "run-one.ts"), { workerData: share });
    worker.on("message", (report: FuzzReport) => {
      reports.push(report);
      print(report);
    });
    await once(worker, "exit");
  }),
);
const failed = reports.filter(({ failure }) => failure !== null).length;
const done = reports.reduce((sum, report) => sum + report.inputs, 0);
console.log(
  `${done} inputs, ${reports.length - failed} of ${names.length} subjects held, seed ${seed}, ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
);
process.exitCode = failed > 0 || reports.length < names.length ? 1 : 0;
