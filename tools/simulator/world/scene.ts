/** A world with its users and an observer. */
import { Adversary } from "../actors/adversary.ts";
import { People } from "../actors/people.ts";
import { Program, registerTokens } from "../actors/program.ts";
import { SlackDelivery } from "../actors/slack-delivery.ts";
import { Storyteller } from "../actors/stories.ts";
import { Verifier } from "../actors/verifier.ts";
import { WebhookAdmin } from "../actors/webhook-admin.ts";
import { type FaultPlan, Faults, drawFaults } from "../faults.ts";
import type { Contributions } from "./contributions.ts";
import { Observer } from "./observer.ts";
import type { Databases } from "../platform/databases.ts";
import type { CrashPlan } from "../platform/runtime.ts";
import type { Product } from "../product/product.ts";
import { Random } from "../../../test/support/random.ts";
import { type StartingWebhook, registerWebhooks } from "../receivers/webhooks.ts";
import { World } from "./world.ts";

/** 2026-11-01, 12:00 UTC. */
export const startMs = Date.UTC(2026, 10, 1, 12);

export interface SeedOptions {
  seed: string;
  faults?: FaultPlan;
  /** Faults and steps to leave out, to minimise a failure. */
  withoutFaults?: ReadonlySet<string>;
  withoutSteps?: ReadonlySet<number>;
  keepTrace?: boolean;
  /** The release that this one may replace in the seed. */
  previous?: Product | null;
  crashAt?: CrashPlan;
  /** Inserts the initial rows of the staging database. */
  prelude?: (contributions: Contributions) => void;
  /** Webhooks that are registered from the start; none by default. */
  webhooks?: readonly StartingWebhook[];
  /** Milliseconds since the epoch. */
  startMs?: number;
}

/** A world with its users and an observer. */
export const createScene = (product: Product, databases: Databases, options: SeedOptions) => {
  const { seed, withoutFaults, keepTrace = false, crashAt, webhooks = [] } = options;
  const beginMs = options.startMs ?? startMs;
  const plan = options.faults ?? drawFaults(new Random(`${seed}/faults`));
  const faults = new Faults(seed, plan, withoutFaults);
  const world = new World(
    product,
    databases,
    {
      seed,
      startMs: beginMs,
      faults,
      keepTrace,
      ...(crashAt ? { crashAt } : {}),
    },
    options.previous,
  );
  options.prelude?.(world.contributions);
  const begin = new Date(beginMs).toISOString();
  registerWebhooks(world.staging, webhooks, begin);
  registerTokens(world.staging, begin);
  const delivery = new SlackDelivery(world);
  const people = new People(world, delivery);
  const adversary = new Adversary(world, delivery);
  const webhookAdmin = new WebhookAdmin(world, people);
  const program = new Program(world);
  const storyteller = new Storyteller(world, people);
  const verifier = new Verifier(world, people);
  const observed = { world, delivery, people, adversary, program, verifier, faultsOverMs: beginMs };
  const observer = new Observer(observed);
  world.startCron();
  return { ...observed, webhookAdmin, storyteller, faults, observed, observer };
};

export type Scene = ReturnType<typeof createScene>;

/** Advances time. Stops early at a violation. */
export const runUntil = async ({ world, observer }: Scene, untilMs: number): Promise<void> => {
  const { scheduler } = world.runtime;
  while (observer.violations.length === 0 && (scheduler.nextMs ?? Number.POSITIVE_INFINITY) <= untilMs)
    await scheduler.step();
};
