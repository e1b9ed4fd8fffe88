/** `npm run simulate:mutants`: puts each seeded bug into the product and expects the simulator to find it within 2,000 seeds. */
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import { mutants } from "./mutants/all.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { bundleProduct } from "./product/bundle.ts";

const { values } = parseArgs({
  options: {
    /** So many of them, others every day. */
    rotate: { type: "string" },
    /** Only those whose name has this in it. */
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

const missed: string[] = [];
for (const mutant of chosen()) {
  const startedMs = performance.now();
  const campaign = await runCampaign({
    bundle: await bundleProduct(mutant),
    mutant,
    first: 1,
    runs: Number(values.runs),
    threads: Number(values.threads),
    stopAtFirst: true,
  });
  const [caught] = campaign.failed;
  const took = `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
  if (!caught) missed.push(mutant.name);
  const by = [...new Set(caught?.violations.map(({ number }) => number))].join(", ");
  const verdict = caught ? `caught by (${by}) after ${campaign.done} seeds` : `NOT CAUGHT in ${campaign.done} seeds`;
  console.log(`${mutant.name}: ${verdict}, ${took}`);
}
console.log(`${chosen().length - missed.length} of ${chosen().length} seeded bugs caught; there are ${mutants.length}`);
process.exitCode = missed.length === 0 ? 0 : 1;
