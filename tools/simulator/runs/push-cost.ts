/** What one push of three changes to both targets costs, in all Workers, from its request to the last card. */
import type { Databases } from "../platform/databases.ts";
import type { Product } from "../product/product.ts";
import { createScene } from "../world/scene.ts";
import { type Copies, type ReplayedTrip, copyDatabases } from "./replay-rows.ts";
import { tellStory } from "./push-story.ts";

const counted = (changes: number): string => `SELECT 1 FROM staged_changes WHERE number = ${changes}`;

/** What is typed, and the name of what it costs. */
const steps = {
  stage: ["editor", "stage update technology python-1 experience_years=9", "SELECT 1 FROM staged_changes"],
  create: ["editor", 'stage create technology name="Tool 1" category=Backend', counted(2)],
  third: ["editor", 'stage create technology name="Tool 2" category=Backend', counted(3)],
  commit: ["editor", 'commit -m "work 1"', "SELECT 1 FROM commits"],
  approve: ["approver", "approve 1", "SELECT 1 FROM commits WHERE review = 'approved'"],
  status: ["approver", "status 1", null],
  push: ["approver", "push 1 all", "SELECT 1 FROM pushes"],
} as const;
export type CostlyStep = keyof typeof steps;

export interface RoundTrip extends ReplayedTrip {
  /** What was typed last. */
  step: CostlyStep | null;
  /** What sent it. */
  invocation: string;
}

/** Cron runs at its minute, with or without a push. */
export const isCron = (invocation: string): boolean => invocation.endsWith(" cron");

export interface Cost {
  /** The databases before the story. */
  copies: Copies;
  /** Cron included, in the order in which the databases ran them. */
  all: RoundTrip[];
  roundTrips: (step: CostlyStep) => RoundTrip[];
  kvWrites: number;
  /** Of the whole story without cron: what Cloudflare counts beside D1. */
  operations: { objectRequests: number; queueMessages: number; kvReads: number; consumed: number };
  /** How often the bot's cron has run. */
  sweeps: number;
  peaks: { invocationsInTree: number; connections: number };
}

/** @param seed draws how long everything takes */
export const costOfPush = async (product: Product, databases: Databases, seed: string): Promise<Cost> => {
  const scene = createScene(product, databases, { seed: `push cost ${seed}`, faults: {}, keepTrace: true });
  const { world } = scene;
  const copies = copyDatabases(databases);
  const all: RoundTrip[] = [];
  let step: CostlyStep | null = null;
  const databaseOf = { staging: world.staging, d1cv: world.d1cv, "ai-agent": world.aiAgent };
  for (const [database, simulated] of Object.entries(databaseOf)) {
    simulated.onRun = (statements, invocation) =>
      all.push({
        step,
        database: database as RoundTrip["database"],
        invocation: invocation?.name ?? "",
        statements: statements.map(({ sql, values }) => ({ sql, values })),
      });
  }
  const told = Object.values(steps).map(([role, text, effect]) => ({ role, text, effect }));
  await tellStory(scene, told, (text) => {
    step = (Object.keys(steps) as CostlyStep[]).find((name) => steps[name][1] === text) ?? null;
  });
  const isDone = world.staging.rows("SELECT 1 FROM jobs WHERE verified_at IS NOT NULL").length === 2;
  if (!isDone) throw new Error("The push was not verified everywhere");
  const { lines } = world.runtime.trace;
  const without = lines.filter((line) => !/ cron ← /.test(line));
  const count = (pattern: RegExp): number => without.filter((line) => pattern.test(line)).length;
  const sent = without.map((line) => Number(/ ← queue \S+ send (\d+)/.exec(line)?.[1] ?? 0));
  return {
    copies,
    all,
    operations: {
      objectRequests: count(/ ← (?:EventHub|SlackOutbox|JobOrchestrator|PendingCommands)\.\w+/) + count(/ alarm$/),
      queueMessages: sent.reduce((sum, messages) => sum + messages, 0),
      kvReads: count(/ ← kv get/),
      consumed: count(/"event":"queue\.handled"/),
    },
    sweeps: lines.filter((line) => line.includes('"event":"sweep.done"')).length,
    roundTrips: (of) => all.filter((each) => each.step === of && !isCron(each.invocation)),
    kvWrites: world.runtime.trace.lines.filter((line) => / ← kv (?:put|delete)/.test(line)).length,
    peaks: world.runtime.peaks,
  };
};
