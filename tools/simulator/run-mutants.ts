/** `npm run simulate:mutants`: applies each seeded bug to the product and expects a violation within 2,000 seeds. */
import { parseArgs } from "node:util";
import { runCampaign } from "./runs/campaign.ts";
import { mutants } from "./mutants/all.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { bundleProduct } from "./product/bundle.ts";

const { values } = parseArgs({
  options: {
    /** How many; the selection changes daily. */
    rotate: { type: "string" },
    /** Only mutants whose name contains this text. */
    only: { type: "string", default: "" },
    runs: { type: "string", default: "2000" },
    threads: { type: "string", default: "2" },
  },
});

const today = Math.floor(Date.now() / 86_400_000);

const chosen = (): readonly Mutant[] => {
  const named = mutants.filter(({ name }) => name.includes(values.only));
  const count = values.rotate === undefined ? named.length : Math.min(Number(values.rotate), named.length);
  const first = values.rotate === undefined ? 0 : (today * count) % named.length;
  return [...named.slice(first), ...named.slice(0, first)].slice(0, count);
};

const plainBundle = await bundleProduct(null);
const threads = Number(values.threads);

/** A seed that also fails without the bug does not count as a detection. */
const plainHolds = async (seed: string, previous: string | null): Promise<boolean> => {
  const options = {
    bundle: plainBundle,
    previous,
    mutant: null,
    first: Number(seed),
    runs: 1,
    threads: 1,
    stopAtFirst: true,
  };
  return (await runCampaign(options)).failed.length === 0;
};

const missed: string[] = [];
for (const mutant of chosen()) {
  const startedMs = performance.now();
  const previous = mutant.besidePrevious ? plainBundle : null;
  const campaign = await runCampaign({
    bundle: await bundleProduct(mutant),
    previous,
    mutant,
    first: 1,
    runs: Number(values.runs),
    threads,
    stopAtFirst: true,
  });
  const [found] = campaign.failed;
  const caught = found && (await plainHolds(found.seed, previous)) ? found : undefined;
  const took = `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
  if (!caught) missed.push(mutant.name);
  const by = [...new Set(caught?.violations.map(({ number }) => number))].join(", ");
  const verdict = caught
    ? `caught by (${by}) after ${campaign.done} seeds`
    : found
      ? `UNCLEAR: seed ${found.seed} fails without it as well`
      : `NOT CAUGHT in ${campaign.done} seeds`;
  console.log(`${mutant.name}: ${verdict}, ${took}`);
}
console.log(`${chosen().length - missed.length} of ${chosen().length} seeded bugs caught; there are ${mutants.length}`);
process.exitCode = missed.length === 0 ? 0 : 1;
