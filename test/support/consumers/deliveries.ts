/** Webhooks of a world in virtual time: what the outbox relays, a queue with delays delivers, and cron sweeps. */
import { env } from "cloudflare:workers";
import { type DeliverDeps, handleDeliveryMessage } from "../../../consumers/deliver.ts";
import type { Webhook } from "../../../shared/domain/webhooks/webhook.ts";
import { write } from "../../../shared/storage/write.ts";
import { insertEvent } from "../../../shared/storage/events/events.ts";
import { newWebhookSecret } from "../../../shared/webhook-secret.ts";
import { createWebhook } from "../../../shared/use-cases/webhooks/create-webhook.ts";
import { queueDueDeliveries } from "../../../shared/use-cases/webhooks/queue-due-deliveries.ts";
import { Receiver } from "./receiver.ts";
import { type World, createQueues, createWorld, relayAll, valueOf } from "../shared/world.ts";

interface Due {
  atMs: number;
  body: unknown;
}

/** A queue that delivers after the delay, or loses what it is given. */
class DelayedQueue {
  waiting: Due[] = [];
  delays: number[] = [];
  /** As the local stack's does when it is started anew. */
  losesMessages = false;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  async sendBatch(messages: Iterable<MessageSendRequest>) {
    for (const { body, delaySeconds = 0 } of messages) {
      if (delaySeconds > 86_400) throw new Error("a queue's delay is 24 hours at most");
      this.delays.push(delaySeconds);
      if (!this.losesMessages) this.waiting.push({ atMs: this.#nowMs() + delaySeconds * 1000, body });
    }
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  }

  takeDue(): unknown[] {
    const due = this.waiting.filter(({ atMs }) => atMs <= this.#nowMs());
    this.waiting = this.waiting.filter((each) => !due.includes(each));
    return due.toSorted((a, b) => a.atMs - b.atMs).map(({ body }) => body);
  }
}

/** As many at once as the consumer gets. */
const batchSize = 5;

export const createDeliveries = async (random: () => number = () => 0) => {
  const world = await createWorld();
  // Cron knows no workspace: what other tests of the file have left would be sent here.
  await env.DB.exec("DELETE FROM outbox; DELETE FROM webhook_endpoints; DELETE FROM webhook_deliveries");
  const secrets: string[] = [];
  const nowMs = (): number => world.clock.ms;
  const receiver = new Receiver(() => secrets, nowMs);
  const queue = new DelayedQueue(nowMs);
  const deps: DeliverDeps = {
    ...world.system,
    random,
    queues: { ...createQueues(), "cv-deliveries": queue },
    fetch: receiver.fetch,
  };
  /** Everything that is due now, and what follows from it at once. */
  const run = async (): Promise<void> => {
    for (;;) {
      while ((await relayAll(world, deps.queues)) > 0);
      const due = queue.takeDue();
      if (due.length === 0) return;
      for (let index = 0; index < due.length; index += batchSize) {
        await Promise.all(due.slice(index, index + batchSize).map((body) => handleDeliveryMessage(deps, body)));
      }
    }
  };
  let sweptMs = 0;
  /** Time passes, from one thing that is due to the next, by steps of at least `stepMs`; cron runs every `cronMs`. */
  const pass = async (ms: number, { cronMs = 3_600_000, stepMs = 1 } = {}): Promise<void> => {
    const endMs = world.clock.ms + ms;
    await run();
    while (world.clock.ms < endMs) {
      const nextMs = Math.min(...queue.waiting.map(({ atMs }) => atMs), sweptMs + cronMs);
      world.clock.ms = Math.min(endMs, Math.max(nextMs, world.clock.ms + stepMs));
      if (world.clock.ms >= sweptMs + cronMs) {
        sweptMs = world.clock.ms;
        await queueDueDeliveries(deps, 500);
      }
      await run();
    }
  };
  const register = async (input: { events?: string[]; profile?: string; url?: string } = {}): Promise<Webhook> => {
    const secret = newWebhookSecret();
    secrets.push(secret);
    const defaults = { url: "https://hooks.example.com/cv", description: "", events: ["job.*"], profile: "standard" };
    return valueOf(await createWebhook(world.as("admin"), { ...defaults, ...input, secret }));
  };
  return { world, receiver, queue, deps, secrets, run, pass, register };
};
export type Deliveries = Awaited<ReturnType<typeof createDeliveries>>;

/** Records events, as any use case's batch does. */
export const record = async (
  world: World,
  count: number,
  type: "job.completed" | "commit.created" = "job.completed",
) => {
  const now = new Date(world.clock.ms).toISOString();
  const actor = { kind: "system", id: "test" } as const;
  for (let left = count; left > 0; left -= 50) {
    await write(
      world.system,
      Array.from({ length: Math.min(left, 50) }, () =>
        insertEvent({ workspaceId: world.workspaceId, now }, { type, data: { note: "x" } }, actor, "a".repeat(32)),
      ),
    );
  }
};

export const statesOf = async (world: World): Promise<Record<string, number>> => {
  const rows = await world.select(
    "SELECT state, COUNT(*) AS count FROM webhook_deliveries WHERE workspace_id = ?1 GROUP BY state",
    world.workspaceId,
  );
  return Object.fromEntries(rows.map(({ state, count }) => [String(state), Number(count)]));
};
