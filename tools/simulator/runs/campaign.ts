/** Runs many seeds on several threads. */
import { Worker } from "node:worker_threads";
import type { CampaignShare, SeedReport } from "./campaign-worker.ts";
import { type Coverage, addCoverage, emptyCoverage } from "./coverage.ts";
import type { Mutant } from "../mutants/mutant.ts";

export interface CampaignOptions {
  bundle: string;
  /** The bundle of the release before; null leaves out deployments of one Worker at a time. */
  previous: string | null;
  mutant: Mutant | null;
  first: number;
  runs: number;
  threads: number;
  /** Stops at the first seed with a violation. */
  stopAtFirst: boolean;
  onSeed?: (done: number) => void;
}

export interface CampaignResult {
  done: number;
  pushes: number;
  steps: number;
  faults: number;
  virtualMs: number;
  /** How often each kind of fault occurred. */
  struck: Map<string, number>;
  coverage: Coverage;
  failed: SeedReport[];
  /** Digests of the traces, by seed. */
  digests: Map<string, string>;
}

const add = (result: CampaignResult, report: SeedReport): void => {
  result.done += 1;
  result.digests.set(report.seed, report.digest);
  result.pushes += report.pushes;
  result.steps += report.steps;
  result.faults += report.struck.length;
  result.virtualMs += report.virtualMs;
  for (const name of report.struck) {
    const kind = name.replace(/ #\d+$/, "");
    result.struck.set(kind, (result.struck.get(kind) ?? 0) + 1);
  }
  addCoverage(result.coverage, report.coverage);
  if (report.violations.length > 0) result.failed.push(report);
};

const emptyResult = (): CampaignResult => ({
  done: 0,
  pushes: 0,
  steps: 0,
  faults: 0,
  virtualMs: 0,
  struck: new Map(),
  coverage: emptyCoverage(),
  failed: [],
  digests: new Map(),
});

/** @param result of the seeds before, to which these are added */
export const runCampaign = async (options: CampaignOptions, result = emptyResult()): Promise<CampaignResult> => {
  const { bundle, previous, mutant, first, runs, threads, stopAtFirst, onSeed } = options;
  const workers = Array.from({ length: Math.min(threads, runs) }, (_, index) => {
    const share: CampaignShare = { bundle, previous, mutant, first: first + index, runs: runs - index, step: threads };
    return new Worker(new URL("./campaign-worker.ts", import.meta.url), { workerData: share });
  });
  const ended = workers.map(
    (worker) =>
      new Promise<void>((resolve, reject) => {
        worker.on("message", (report: SeedReport) => {
          add(result, report);
          onSeed?.(result.done);
          if (stopAtFirst && report.violations.length > 0) for (const other of workers) void other.terminate();
        });
        worker.on("error", reject);
        worker.on("exit", () => resolve());
      }),
  );
  await Promise.all(ended);
  result.failed.sort((left, right) => Number(left.seed) - Number(right.seed));
  return result;
};
