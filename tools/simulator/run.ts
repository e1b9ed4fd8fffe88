/**
 * `npm run simulate -- --runs N --seed S`: runs N seeds from S on; a violation is shrunk and printed. With
 * `--crash-points` (with `--one-pair-in N`, a share of the pairs) or `--load` it runs those instead.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type CampaignOptions, runCampaign } from "./runs/campaign.ts";
import { crashText, runCrashPoints } from "./runs/crash-points.ts";
import { loadText, missedLimits, runLoad } from "./runs/load.ts";
import { openDatabases } from "./platform/databases.ts";
import "./platform/surroundings.ts";
import { bundlePrevious, bundleProduct } from "./product/bundle.ts";
import { loadProduct } from "./product/load.ts";
import { coverageText, enoughSeeds, gapsIn } from "./runs/coverage.ts";
import { failureText, summaryText } from "./runs/report.ts";
import { shrink } from "./runs/shrink.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: String(Math.min(2, availableParallelism())) },
    "crash-points": { type: "boolean", default: false },
    "one-pair-in": { type: "string", default: "1" },
    load: { type: "boolean", default: false },
    /** Prints how often each kind of intent, event and fault took effect. */
    coverage: { type: "boolean", default: false },
  },
});

const bundle = await bundleProduct(null);
const threads = Number(values.threads);

/** @returns whether no invariant was violated, and everything was exercised */
const runSeeds = async (): Promise<boolean> => {
  const startedMs = performance.now();
  const previous = await bundlePrevious();
  if (previous === null)
    console.log("The previous release is not in this clone (git fetch --unshallow): both versions are of this commit");
  const [first, runs] = [Number(values.seed), Number(values.runs)];
  const options: CampaignOptions = {
    bundle,
    previous: previous ?? bundle,
    mutant: null,
    first,
    runs,
    threads,
    stopAtFirst: false,
    onSeed: (done) => {
      if (done % 1000 === 0) console.log(`${done} seeds`);
    },
  };
  const campaign = await runCampaign(options);
  const missed = (): string[] => gapsIn(campaign.coverage, campaign.struck, campaign.done);
  if (runs < enoughSeeds && missed().length > 0 && campaign.failed.length === 0) {
    console.log(`${runs} seeds have missed ${missed().length} kinds: on to ${enoughSeeds}`);
    await runCampaign({ ...options, first: first + runs, runs: enoughSeeds - runs }, campaign);
  }
  console.log(summaryText(campaign, performance.now() - startedMs));
  if (values.coverage) console.log(coverageText(campaign.coverage, campaign.struck));
  const gaps = missed();
  for (const gap of gaps) console.log(`Not exercised: ${gap}`);
  const [violating] = campaign.failed;
  if (!violating) return gaps.length === 0;
  const shrunk = await shrink(
    await loadProduct(bundle),
    await loadProduct(previous ?? bundle),
    openDatabases(null),
    violating.seed,
  );
  console.log(failureText(shrunk, campaign.failed));
  return false;
};

const crash = async (): Promise<boolean> => {
  const figures = await runCrashPoints(await loadProduct(bundle), bundle, threads, Number(values["one-pair-in"]));
  console.log(crashText(figures));
  // After the first crash a batch may have other statements, and then the second operation is not found by its name.
  const isCovered = figures.pointsStruck === figures.points && figures.pairsStruck > 0.85 * figures.pairs;
  return figures.failed.length === 0 && isCovered;
};

const load = async (): Promise<boolean> => {
  const report = await runLoad(await loadProduct(bundle), openDatabases(null));
  console.log(loadText(report));
  return missedLimits(report).length === 0;
};

const run = values["crash-points"] ? crash : values.load ? load : runSeeds;
process.exitCode = (await run()) ? 0 : 1;
