/**
 * What one push costs, over all Workers of the product: numbers that may only go down. How long everything takes is
 * drawn, so that the most of several stories counts.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { openDatabases } from "./platform/databases.ts";
import "./platform/surroundings.ts";
import { bundleProduct } from "./product/bundle.ts";
import { loadProduct } from "./product/load.ts";
import { type Cost, type CostlyStep, type RoundTrip, costOfPush } from "./runs/push-cost.ts";
import { type BatchCost, costOfBatches } from "./runs/batch-cost.ts";
import { sizeOfPush } from "./runs/push-size.ts";
import { rowsReadBy } from "./runs/replay-rows.ts";

const seeds = ["1", "2", "3", "4", "5", "6"];
const costs: Cost[] = [];
const batches: BatchCost[] = [];
let size: Awaited<ReturnType<typeof sizeOfPush>>;

beforeAll(async () => {
  const product = await loadProduct(await bundleProduct(null));
  const databases = openDatabases(null);
  for (const seed of seeds) costs.push(await costOfPush(product, databases, seed));
  batches.push(await costOfBatches(product, databases, "1", 8));
  size = await sizeOfPush(product, () => openDatabases(null));
});

const most = (of: (cost: Cost) => number): number => Math.max(...costs.map(of));

/**
 * The cards that follow are counted, and that each instance reads a workspace's token once a minute. `push` is one of
 * three changes to both targets, until Slack shows it verified.
 */
const roundTrips: readonly (readonly [CostlyStep, number])[] = [
  ["stage", 6],
  ["create", 4],
  ["third", 5],
  ["commit", 8],
  ["approve", 6],
  ["status", 2],
  ["push", 59],
];

test.each(roundTrips)("the step %s makes at most %i round trips to D1", (step, ceiling) => {
  expect(most((cost) => cost.roundTrips(step).length)).toBeLessThanOrEqual(ceiling);
});

/** By its push, in each database. */
const rowsReadIn = async (cost: Cost): Promise<Record<RoundTrip["database"], number>> => {
  const rowsRead = await rowsReadBy(cost.copies, cost.all);
  const own = new Set(cost.roundTrips("push"));
  const sums = { staging: 0, d1cv: 0, "ai-agent": 0 };
  for (const [index, roundTrip] of cost.all.entries())
    if (own.has(roundTrip)) sums[roundTrip.database] += (rowsRead[index] ?? []).reduce((a, b) => a + b, 0);
  return sums;
};

describe("one push of three changes to two targets", () => {
  test("a push reads a bounded number of rows in the three databases", async () => {
    const sums: Record<RoundTrip["database"], number>[] = [];
    for (const cost of costs) sums.push(await rowsReadIn(cost));
    const mostIn = (database: RoundTrip["database"]): number => Math.max(...sums.map((each) => each[database]));
    expect(mostIn("staging")).toBeLessThanOrEqual(583);
    expect(mostIn("d1cv")).toBeLessThanOrEqual(66);
    expect(mostIn("ai-agent")).toBeLessThanOrEqual(139);
  });

  test("a push writes to KV twice at most", () => {
    expect(most(({ kvWrites }) => kvWrites)).toBeLessThanOrEqual(2);
  });

  test("a push has at most 20 Workers in one tree of service bindings, and six connections at once", () => {
    expect(most(({ peaks }) => peaks.invocationsInTree)).toBeLessThanOrEqual(20);
    expect(most(({ peaks }) => peaks.connections)).toBeLessThanOrEqual(6);
  });
});

test("a push of one change leaves a bounded number of bytes in each database", () => {
  const { staging, d1cv, aiAgent } = size;
  expect(staging.kept).toBeLessThanOrEqual(13_000);
  expect(staging.passing).toBeLessThanOrEqual(5200);
  expect(d1cv.kept).toBeLessThanOrEqual(2900);
  expect(aiAgent.kept).toBeLessThanOrEqual(4700);
  // A workload that left nothing would pass.
  for (const { kept } of [staging, d1cv, aiAgent]) expect(kept).toBeGreaterThan(1000);
});

describe("the largest batches", () => {
  test("a queue hands over as many messages at once as wrangler.toml lets it", () => {
    expect(batches[0]?.largest).toEqual({ push: 4, index: 3, deliveries: 5 });
  });

  test("a full batch opens no seventh connection, and has at most 20 Workers in one tree", () => {
    expect(batches[0]?.peaks.connections).toBeLessThanOrEqual(6);
    expect(batches[0]?.peaks.invocationsInTree).toBeLessThanOrEqual(20);
  });
});
