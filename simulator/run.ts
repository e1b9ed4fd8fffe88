/** `npm run simulate -- --runs N --seed S`: runs N seeds from S on; a violation is shrunk and printed. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import { openDatabases } from "./platform/databases.ts";
import "./platform/surroundings.ts";
import { bundleProduct } from "./product/bundle.ts";
import { loadProduct } from "./product/load.ts";
import { failureText, summaryText } from "./report.ts";
import { shrink } from "./shrink.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: String(Math.min(2, availableParallelism())) },
    trace: { type: "boolean", default: false },
  },
});
const startedMs = performance.now();
const bundle = await bundleProduct(null);
const campaign = await runCampaign({
  bundle,
  mutant: null,
  first: Number(values.seed),
  runs: Number(values.runs),
  threads: Number(values.threads),
  stopAtFirst: false,
  onSeed: (done) => {
    if (done % 1000 === 0) console.log(`${done} seeds`);
  },
});
console.log(summaryText(campaign, performance.now() - startedMs));
const [first] = campaign.failed;
if (first) {
  const product = await loadProduct(bundle);
  console.log(failureText(await shrink(product, openDatabases(null), first.seed), campaign.failed));
  process.exitCode = 1;
}
