/** `npm run simulate -- --load`: many pushes at once, with faults to find losses, without to measure latency. */
import type { FaultPlan } from "../faults.ts";
import { type Scene, createScene, runUntil } from "../world/scene.ts";
import type { Databases } from "../platform/databases.ts";
import type { Product } from "../product/product.ts";
import { comeToRest } from "./run-seed.ts";
import { slackBudget } from "../../slack/budget.ts";
import { methods } from "../../slack/web-api/answer.ts";
import { workspaces } from "../world/workspaces.ts";

/** The outbox combines changes within this time into one write (bot/slack/cards/outbox.ts). */
const coalesceMs = 150;
const singleBarMs = coalesceMs + 1000;
const manyBar = 1.1;
const eventsOfPush = 12;

const tenPercent: FaultPlan = Object.fromEntries(
  (
    [
      "D1 fails before the commit",
      "D1 commits and its reply is lost",
      "queue delivers twice",
      "queue delivers late",
      "queue loses a message",
      "queue refuses a send",
      "object is evicted",
      "target hangs before applying",
      "target hangs after applying",
      "target answers 5xx",
      "webhook is lost",
      "webhook comes twice",
      "webhook comes late",
      "Slack limits the rate",
      "Slack posts and its reply is lost",
    ] as const
  ).map((kind) => [kind, 0.1]),
);

/** The latency from each change of a push's plan to its thread. */
class CardWatch {
  readonly latenciesMs: number[] = [];
  readonly #waiting = new Map<string, { version: number; atMs: number }[]>();

  constructor({ world }: Scene) {
    const { staging, slack, runtime } = world;
    const before = staging.onCommit;
    staging.onCommit = () => {
      before();
      const cards = staging.rows<{ id: string; channel_id: string; ts: string | null; desired: number; shown: number }>(
        "SELECT id, channel_id, ts, desired_version AS desired, shown_version AS shown FROM cards WHERE kind = 'push_plan'",
      );
      for (const { id, channel_id: channel, ts, desired, shown } of cards) {
        const waiting = this.#waiting.get(id) ?? [];
        const writtenMs = slack.writtenMs.get(`${channel}/${ts}`) ?? runtime.nowMs;
        for (const { version, atMs } of waiting) if (version <= shown) this.latenciesMs.push(writtenMs - atMs);
        const left = waiting.filter(({ version }) => version > shown);
        const newest = waiting.at(-1)?.version ?? 0;
        if (desired > shown && desired > newest) left.push({ version: desired, atMs: runtime.nowMs });
        this.#waiting.set(id, left);
      }
    };
  }
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((left, right) => left - right)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Commits ready to push, prepared without faults. */
export const prepare = async (scene: Scene, count: number): Promise<void> => {
  const { world, people } = scene;
  const [workspace] = workspaces;
  const editor = workspace?.people.find(({ role }) => role === "editor")?.userId;
  const approver = workspace?.people.find(({ role }) => role === "approver")?.userId;
  if (!workspace || !editor || !approver) throw new Error("No user may push");
  const say = async (userId: string, text: string): Promise<void> => {
    people.type({ workspaceId: workspace.id, userId }, text, workspace.channel);
    await runUntil(scene, world.runtime.nowMs + 1500);
  };
  for (let number = 1; number <= count; number += 1) {
    await say(editor, `stage create technology name="Tool ${number}" category=Backend`);
    await say(editor, `commit -m "work ${number}"`);
    await say(approver, `approve ${number}`);
  }
  // Let the cards be written and Slack's rate limits refill.
  await runUntil(scene, world.runtime.nowMs + 10 * 60_000);
  pushUnpushed(scene);
};

const pushUnpushed = ({ world, people }: Scene): void => {
  const [workspace] = workspaces;
  const approver = workspace?.people.find(({ role }) => role === "approver")?.userId;
  if (!workspace || !approver) return;
  const waiting = world.staging.rows<{ number: number }>(
    "SELECT number FROM commits c WHERE NOT EXISTS (SELECT 1 FROM pushes p WHERE p.commit_id = c.id)",
  );
  for (const { number } of waiting)
    people.type({ workspaceId: workspace.id, userId: approver }, `push ${number} all`, workspace.channel);
};

export interface LoadFigures {
  pushes: number;
  events: number;
  settled: number;
  lost: number;
  duplicated: number;
  violations: string[];
}

/** 100 pushes of 12 events each, with one fault in ten operations. */
const underFaults = async (product: Product, databases: Databases, pushes: number): Promise<LoadFigures> => {
  const scene = createScene(product, databases, { seed: "load", faults: tenPercent });
  const { world, faults, observer } = scene;
  faults.isOver = true;
  await prepare(scene, pushes);
  faults.isOver = false;
  // A user repeats a command that failed.
  for (let round = 0; round < 20; round += 1) {
    await runUntil(scene, world.runtime.nowMs + 30_000);
    pushUnpushed(scene);
  }
  await comeToRest(scene);
  const count = (sql: string): number => world.staging.rows(sql).length;
  const settled = count("SELECT 1 FROM pushes WHERE state IN ('completed', 'failed', 'cancelled')");
  const ledgers = [world.d1cv, world.aiAgent].flatMap((target) =>
    target.rows<{ times: number }>("SELECT COUNT(*) AS times FROM sim_ledger WHERE job_id <> 'seed' GROUP BY job_id"),
  );
  return {
    pushes,
    events: count("SELECT 1 FROM job_events WHERE push_id IS NOT NULL"),
    settled,
    lost: pushes - settled + unknownJobs(scene),
    duplicated: ledgers.filter(({ times }) => times > 1).length,
    violations: observer.violations.map(({ number, what }) => `(${number}) ${what}`),
  };
};

/** Jobs whose state differs between the target's ledger and the staging database. */
const unknownJobs = ({ world }: Scene): number =>
  [world.d1cv, world.aiAgent].reduce((sum, target) => {
    const applied = new Set(
      target.rows<{ job_id: string }>("SELECT job_id FROM sim_ledger").map(({ job_id: id }) => id),
    );
    const jobs = world.staging.rows<{ id: string; state: string }>(
      "SELECT id, state FROM jobs WHERE target = ?1",
      target.name,
    );
    return sum + jobs.filter(({ id, state }) => (state === "completed") !== applied.has(id)).length;
  }, 0);

export interface LatencyFigures {
  pushes: number;
  p50Ms: number;
  p99Ms: number;
  lastWordMs: number;
  posts: number;
  updates: number;
  /** The shortest time for these calls under Slack's rate limits. */
  physicalMs: number;
}

const physicalMs = (method: string, calls: number): number => {
  const called = methods[method];
  if (!called) throw new Error(`Slack has no method ${method}`);
  const limit = slackBudget[called.tier];
  return (Math.max(0, calls - limit.burst) * 60_000) / limit.perMinute;
};

const latency = async (
  product: Product,
  databases: Databases,
  pushes: number,
  seed: string,
): Promise<LatencyFigures> => {
  const scene = createScene(product, databases, { seed, faults: {} });
  const { world } = scene;
  await prepare(scene, pushes);
  const startedMs = world.runtime.nowMs;
  const callsBefore = world.slack.calls.length;
  const watch = new CardWatch(scene);
  await comeToRest(scene);
  const taken = world.slack.calls.slice(callsBefore).filter(({ outcome }) => outcome !== "ratelimited");
  const made = (method: string): number => taken.filter((call) => call.method === method).length;
  const [posts, updates] = [made("chat.postMessage"), made("chat.update")];
  return {
    pushes,
    p50Ms: percentile(watch.latenciesMs, 0.5),
    p99Ms: percentile(watch.latenciesMs, 0.99),
    lastWordMs: Math.max(...world.slack.writtenMs.values()) - startedMs,
    posts,
    updates,
    physicalMs: Math.max(physicalMs("chat.postMessage", posts), physicalMs("chat.update", updates)),
  };
};

export interface LoadReport {
  faulty: LoadFigures;
  single: LatencyFigures;
  many: LatencyFigures;
}

export const runLoad = async (product: Product, databases: Databases): Promise<LoadReport> => ({
  faulty: await underFaults(product, databases, 100),
  single: await latency(product, databases, 1, "single"),
  many: await latency(product, databases, 100, "many"),
});

/** Describes each missed limit. */
export const missedLimits = ({ faulty, single, many }: LoadReport): string[] => [
  ...(faulty.settled === faulty.pushes ? [] : [`${faulty.settled} of ${faulty.pushes} pushes settled`]),
  ...(faulty.events >= eventsOfPush * faulty.pushes ? [] : [`${faulty.events} events`]),
  ...(faulty.lost === 0 ? [] : [`${faulty.lost} lost`]),
  ...(faulty.duplicated === 0 ? [] : [`${faulty.duplicated} duplicated`]),
  ...faulty.violations,
  ...(single.p99Ms <= singleBarMs ? [] : [`one push: p99 of ${single.p99Ms} ms is over ${singleBarMs} ms`]),
  ...(many.lastWordMs <= many.physicalMs * manyBar
    ? []
    : [`100 pushes: the last word after ${many.lastWordMs} ms is over ${Math.round(many.physicalMs * manyBar)} ms`]),
];

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const latencyText = (
  name: string,
  { p50Ms, p99Ms, lastWordMs, posts, updates, physicalMs: min }: LatencyFigures,
): string =>
  `${name}: event to thread card p50 ${seconds(p50Ms)}, p99 ${seconds(p99Ms)}; last word after ${seconds(lastWordMs)}, ${posts} posts and ${updates} updates, for which Slack's limits take ${seconds(min)}`;

export const loadText = (report: LoadReport): string => {
  const { pushes, events, settled, lost, duplicated } = report.faulty;
  const missed = missedLimits(report);
  return [
    `${pushes} pushes at once, ${events} events, 10 % faults: ${settled} settled, ${lost} lost, ${duplicated} duplicated`,
    latencyText("1 push", report.single),
    latencyText(`${report.many.pushes} pushes at once`, report.many),
    ...(missed.length === 0 ? ["All limits are met"] : missed.map((what) => `Missed: ${what}`)),
  ].join("\n");
};
