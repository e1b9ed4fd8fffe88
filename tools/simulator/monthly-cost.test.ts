/** The costs of docs/explanation/scale.md are computed from what a push uses, and the page has them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { root } from "../scripts/tree.ts";
import { openDatabases } from "./platform/databases.ts";
import "./platform/surroundings.ts";
import { bundleProduct } from "./product/bundle.ts";
import { loadProduct } from "./product/load.ts";
import { bytesPerPush, costOf, daysUntilFull, prices, usePerMinute, usePerPush } from "./runs/monthly-cost.ts";
import { type Cost, costOfPush, isCron } from "./runs/push-cost.ts";
import { sizeOfPush } from "./runs/push-size.ts";
import { rowsOf } from "./runs/replay-rows.ts";

let cost: Cost;
let rows: Awaited<ReturnType<typeof rowsOf>>;
let size: Awaited<ReturnType<typeof sizeOfPush>>;

beforeAll(async () => {
  const product = await loadProduct(await bundleProduct(null));
  cost = await costOfPush(product, openDatabases(null), "1");
  rows = await rowsOf(cost.copies, cost.all);
  size = await sizeOfPush(product, () => openDatabases(null));
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const rowsBy = (cron: boolean, what: "read" | "written"): number =>
  sum(rows.flatMap((each, index) => (isCron(cost.all[index]?.invocation ?? "") === cron ? each[what] : [])));

/** Those that are over their budget, or so far below it that it would say nothing. */
const outside = (budgets: Record<string, [measured: number, budget: number]>): object =>
  Object.fromEntries(
    Object.entries(budgets).filter(([, [measured, budget]]) => measured > budget || measured < budget * 0.75),
  );

test("a push reads and writes as many rows as its costs are computed from", () => {
  const inserted = cost.all.flatMap(({ statements }) =>
    statements.filter(({ sql }) => sql.includes("INTO job_events")),
  );
  expect(
    outside({
      rowsRead: [rowsBy(false, "read"), usePerPush.rowsRead],
      rowsWritten: [rowsBy(false, "written"), usePerPush.rowsWritten],
      events: [inserted.length, usePerPush.events],
    }),
  ).toEqual({});
});

test("a push uses objects, queues and KV as its costs are computed from", () => {
  const { objectRequests, queueMessages, kvReads, consumed } = cost.operations;
  expect(
    outside({
      objectRequests: [objectRequests, usePerPush.objectRequests],
      queueMessages: [queueMessages, usePerPush.queueMessages],
      kvReads: [kvReads, usePerPush.kvReads],
      kvWrites: [cost.kvWrites, usePerPush.kvWrites],
      // Seven commands, and what queues hand over.
      requests: [consumed + 7, usePerPush.requests],
    }),
  ).toEqual({});
});

test("a minute of cron with nothing to do reads and writes as many rows as its costs are computed from", () => {
  expect(cost.sweeps).toBeGreaterThan(0);
  expect(
    outside({
      rowsRead: [rowsBy(true, "read") / cost.sweeps, usePerMinute.rowsRead],
      rowsWritten: [rowsBy(true, "written") / cost.sweeps, usePerMinute.rowsWritten],
    }),
  ).toEqual({});
});

test("a push leaves as many bytes as what fills is computed from", () => {
  const { staging, d1cv, aiAgent } = size;
  expect(
    outside({
      withEvents: [staging.kept, bytesPerPush.withEvents],
      withoutEvents: [staging.kept - staging.events, bytesPerPush.withoutEvents],
      targets: [d1cv.kept + aiAgent.kept, bytesPerPush.targets],
    }),
  ).toEqual({});
});

const page = readFileSync(join(root, "docs/explanation/scale.md"), "utf8");
const dollars = (amount: number): string =>
  `$${amount.toLocaleString("en", { maximumFractionDigits: 2, minimumFractionDigits: 2 })}`;

test("the page of scale has the costs of a month as they are computed", () => {
  const sizes = [1, 100, 10_000];
  const costs = sizes.map(costOf);
  const line = (what: string, of: (one: ReturnType<typeof costOf>) => number): string =>
    `| ${what} | ${costs.map((one) => dollars(of(one))).join(" | ")} |`;
  const lines = [
    line("the plan", ({ plan }) => plan),
    line("requests to Workers", ({ requests }) => requests),
    line("rows that D1 reads", ({ rowsRead }) => rowsRead),
    line("rows that D1 writes", ({ rowsWritten }) => rowsWritten),
    line("what D1 stores after a year", ({ storedGb }) => storedGb),
    line("requests to Durable Objects", ({ objectRequests }) => objectRequests),
    line("operations of queues", ({ queueOperations }) => queueOperations),
    line("reads and writes of KV", ({ kvReads, kvWrites }) => kvReads + kvWrites),
    line("R2 after a year", ({ r2Writes, r2Gb }) => r2Writes + r2Gb),
    line("in all", ({ all }) => all),
  ];
  expect(page).toContain(lines.join("\n"));
  for (const { page: source } of Object.values(prices)) expect(page).toContain(source);
});

const saidOf = (days: number): string => {
  if (days > 365 * 100) return "centuries";
  if (days > 365 * 1.5) return `${Math.round(days / 365)} years`;
  return days > 60 ? `${Math.round(days / 30)} months` : `${Math.round(days)} days`;
};

test.each([1, 100, 1000, 10_000])("the page of scale says when the database of %i workspaces is full", (workspaces) => {
  const cells = [workspaces, workspaces * 5].map((number) => number.toLocaleString("en"));
  const after = [false, true].map((isArchiving) => saidOf(daysUntilFull(workspaces, isArchiving)));
  expect(page).toContain(`| ${[...cells, ...after].join(" | ")} |`);
});
