import { beforeAll, expect, test } from "vitest";
import { runCampaign } from "./runs/campaign.ts";
import { openDatabases } from "./platform/databases.ts";
import "./platform/surroundings.ts";
import { bundleProduct } from "./product/bundle.ts";
import { loadProduct } from "./product/load.ts";
import type { Product } from "./product/product.ts";
import { runSeed } from "./runs/run-seed.ts";

const seeds = ["3", "102", "1007"];
let bundle: string;
let product: Product;

beforeAll(async () => {
  bundle = await bundleProduct(null);
  product = await loadProduct(bundle);
});

test("a seed of the simulator produces the same trace twice, after any other", async () => {
  const databases = openDatabases(null);
  const digests = async (order: readonly string[]): Promise<Map<string, string>> => {
    const found = new Map<string, string>();
    for (const seed of order) found.set(seed, (await runSeed(product, databases, { seed })).digest);
    return found;
  };
  const first = await digests(seeds);
  const second = await digests(seeds.toReversed());
  expect(seeds.map((seed) => second.get(seed))).toEqual(seeds.map((seed) => first.get(seed)));
  expect(new Set(first.values()).size).toBe(seeds.length);
});

test("a seed of the simulator produces the same trace in another thread", async () => {
  const here = await runSeed(product, openDatabases(null), { seed: "102" });
  const there = await runCampaign({
    bundle,
    previous: null,
    mutant: null,
    first: 102,
    runs: 1,
    threads: 1,
    stopAtFirst: false,
  });
  expect(there.digests).toEqual(new Map([["102", here.digest]]));
});

test("the simulator violates no invariant with 60 seeds", async () => {
  const campaign = await runCampaign({
    bundle,
    previous: null,
    mutant: null,
    first: 1,
    runs: 60,
    threads: 2,
    stopAtFirst: false,
  });
  expect(campaign.failed).toEqual([]);
  expect(campaign.done).toBe(60);
  expect(campaign.pushes).toBeGreaterThan(60);
  expect(campaign.struck.size).toBeGreaterThan(30);
});
