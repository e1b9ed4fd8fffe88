/** A worker thread of a campaign: runs one seed after the other until it receives the stop message. */
import { parentPort, workerData } from "node:worker_threads";
import type { Mutant } from "../mutants/mutant.ts";
import { openDatabases } from "../platform/databases.ts";
import "../platform/surroundings.ts";
import { loadProduct } from "../product/load.ts";
import { type SeedOutcome, runSeed } from "./run-seed.ts";

export interface CampaignShare {
  bundle: string;
  /** The bundle of the release before. */
  previous: string | null;
  mutant: Mutant | null;
  first: number;
  runs: number;
  /** This thread runs every n-th seed. */
  step: number;
}

export type SeedReport = Omit<SeedOutcome, "trace">;

const { bundle, previous: previousBundle, mutant, first, runs, step } = workerData as CampaignShare;
const product = await loadProduct(bundle);
const previous = previousBundle === null ? null : await loadProduct(previousBundle);
const databases = openDatabases(mutant);
for (let seed = first; seed < first + runs; seed += step) {
  const { trace: _trace, ...report } = await runSeed(product, databases, { seed: String(seed), previous });
  parentPort?.postMessage(report satisfies SeedReport);
}
