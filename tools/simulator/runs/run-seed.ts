/** Runs one seed from its first command until all work has settled. */
import { setImmediate as turn } from "node:timers/promises";
import { editElsewhere, seededRows } from "../world/starting-rows.ts";
import { unfinished, unsettledJobs } from "../invariants/settled.ts";
import { type Coverage, coverageOf } from "./coverage.ts";
import type { Violation } from "../world/observer.ts";
import type { Databases } from "../platform/databases.ts";
import type { Product } from "../product/product.ts";
import { preludeOf } from "../world/prelude.ts";
import { Random } from "../../../test/support/random.ts";
import { drawWebhooks } from "../receivers/webhooks.ts";
import { workspaces } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";
import { startMs, type SeedOptions, createScene, type Scene, runUntil } from "../world/scene.ts";

/** The longest wait of a delivery: the standard profile makes its fifth attempt two hours after the fourth. */
const restLimitMs = 150 * 60_000;

const lookEveryMs = 15_000;

/** The share of seeds with a story. */
const oneStoryIn = 0.2;
/** As long as a story usually takes, there are faults. */
const storyMs = 40_000;

export interface SeedOutcome {
  seed: string;
  violations: Violation[];
  digest: string;
  trace: readonly string[];
  struck: readonly string[];
  steps: number;
  pushes: number;
  virtualMs: number;
  coverage: Coverage;
}

/**
 * After the faults end: advances time until all work has settled, replays undelivered events, and checks every
 * invariant when all work has settled again.
 */
export const comeToRest = async (scene: Scene): Promise<void> => {
  const { world, observer, faults, observed, webhookAdmin, program, storyteller, verifier } = scene;
  const { runtime } = world;
  faults.isOver = true;
  world.finishDeployment();
  observed.faultsOverMs = runtime.nowMs;
  runtime.note("— faults are over —");
  const endMs = runtime.nowMs + restLimitMs;
  let quiet = 0;
  while (observer.violations.length === 0 && runtime.nowMs < endMs && quiet < 2) {
    await runUntil(scene, runtime.nowMs + lookEveryMs);
    runtime.scheduler.at(runtime.nowMs + lookEveryMs, () => {});
    quiet =
      program.open + storyteller.open + unsettledJobs(world).length + unfinished(world).length === 0 ? quiet + 1 : 0;
    if (quiet === 2 && (webhookAdmin.repair() || verifier.ask())) quiet = 0;
  }
  runtime.trace.end();
  if (observer.violations.length === 0) await observer.atRest();
};

const scheduleSteps = (scene: Scene, seed: string, without: ReadonlySet<number>) => {
  const { world, people, adversary, webhookAdmin, program, storyteller, faults } = scene;
  const random = new Random(`${seed}/workload`);
  const { scheduler } = world.runtime;
  const hasWebhooks = world.staging.rows("SELECT 1 FROM webhook_endpoints").length > 0;
  const hasProgram = new Random(`${seed}/program`).chance(0.3);
  const story = new Random(`${seed}/story`);
  const hasStory = story.chance(oneStoryIn);
  const steps = hasStory ? random.between(2, 5) : random.between(3, 12);
  let atMs = startMs;
  if (hasStory && !without.has(0)) {
    const isSolo = hasOneApprover(seed);
    scheduler.after(story.between(0, 4000), () => storyteller.begin(isSolo, story));
  }
  for (let step = 1; step <= steps; step += 1) {
    atMs += random.pick([0, random.between(100, 2000), random.between(1000, 30_000), random.between(1000, 8000)]);
    if (random.chance(0.08)) atMs += random.between(60_000, 400_000);
    const own = new Random(`${seed}/around ${step}`);
    scheduler.at(atMs, () => {
      if (!without.has(step)) people.act(seed, step);
      if (own.chance(0.3)) adversary.act(own);
      if (hasWebhooks && !without.has(step)) webhookAdmin.act(new Random(`${seed}/webhooks ${step}`));
      if (hasProgram && !without.has(step)) program.act(step, new Random(`${seed}/program ${step}`));
      if (faults.strikes("message is deleted")) deleteMessage(world, own);
      if (faults.strikes("somebody else edits a row"))
        scheduler.after(own.between(0, 3000), () => editRow(world, own, step));
      if (faults.strikes("deployment")) world.deploy();
      if (faults.strikes("secrets are rotated") && world.secrets.rotate()) world.deploy();
    });
  }
  const untilMs = atMs + random.between(0, 120_000);
  return { steps, untilMs: hasStory ? Math.max(untilMs, startMs + storyMs) : untilMs };
};

const deleteMessage = (world: World, random: Random): void => {
  const messages = world.slack.shown;
  if (messages.length > 0) world.slack.delete(random.pick(messages));
};

const editRow = (world: World, random: Random, step: number): void => {
  const now = new Date(world.runtime.nowMs).toISOString();
  const portfolio = random.pick(workspaces).portfolioId;
  editElsewhere(
    world.d1cv,
    portfolio,
    random.pick(seededRows),
    `elsewhere-${step}`,
    now,
    random.chance(0.5) ? "elsewhere" : null,
  );
};

const countOf = (world: World, table: string): number => world.staging.rows(`SELECT 1 FROM ${table}`).length;

/** A workspace where one person may approve, and nothing has been committed yet: where solo mode is possible. */
const hasOneApprover = (seed: string): boolean => new Random(`${seed}/approvers`).chance(0.08);

const leaveOneApprover = ({ staging }: Databases): void => staging.exec("DELETE FROM members WHERE role = 'approver'");

export const runSeed = async (product: Product, databases: Databases, options: SeedOptions): Promise<SeedOutcome> => {
  const prelude = hasOneApprover(options.seed)
    ? () => leaveOneApprover(databases)
    : await preludeOf(product, databases);
  const webhooks = options.webhooks ?? drawWebhooks(new Random(`${options.seed}/webhooks`));
  const scene = createScene(product, databases, { ...options, prelude, webhooks });
  const { steps, untilMs } = scheduleSteps(scene, options.seed, options.withoutSteps ?? new Set());
  await runUntil(scene, untilMs);
  await comeToRest(scene);
  await expectNothingLeft(scene);
  return outcomeOf(scene, options.seed, steps);
};

/** A step ends when its promises have settled: the product may not wait for a turn of the event loop. */
const expectNothingLeft = async ({ world: { runtime } }: Scene): Promise<void> => {
  const { pending } = runtime.scheduler;
  await turn();
  if (runtime.scheduler.pending !== pending) throw new Error("Something has waited for the event loop");
};

export const outcomeOf = (scene: Scene, seed: string, steps: number): SeedOutcome => {
  const { world, observer, faults } = scene;
  return {
    seed,
    violations: observer.violations,
    digest: world.runtime.trace.digest(),
    trace: world.runtime.trace.lines,
    struck: faults.struck,
    steps,
    pushes: countOf(world, "pushes"),
    virtualMs: world.runtime.nowMs - startMs,
    coverage: coverageOf(scene),
  };
};
