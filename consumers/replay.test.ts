/** Replays of undelivered events, the status of a webhook in numbers, and the sweep of due deliveries. */
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { apiDelivery, apiWebhookStatus, delivery, webhookStatus as status } from "../shared/contract/webhooks.ts";
import { createWorld, reasonOf, valueOf } from "../test/support/shared/world.ts";
import { createWebhook } from "../shared/use-cases/webhooks/create-webhook.ts";
import { listDeliveries } from "../shared/use-cases/webhooks/list-deliveries.ts";
import { queueDueDeliveries } from "../shared/use-cases/webhooks/queue-due-deliveries.ts";
import { replayDeliveries, replayDelivery } from "../shared/use-cases/webhooks/replay-deliveries.ts";
import { sendTestEvent } from "../shared/use-cases/webhooks/send-test-event.ts";
import { disableWebhook } from "../shared/use-cases/webhooks/switch-webhook.ts";
import { webhookStatus } from "../shared/use-cases/webhooks/webhook-status.ts";
import { newWebhookSecret } from "../shared/webhook-secret.ts";
import { type Deliveries, createDeliveries, record, statesOf } from "../test/support/consumers/deliveries.ts";

const deliveries = async (world: Deliveries["world"]) => world.table("webhook_deliveries");

describe("a replay", () => {
  /** Three failed deliveries. */
  const failed = async () => {
    const scene = await createDeliveries();
    await scene.register();
    await record(scene.world, 3);
    await scene.world.run(
      "UPDATE webhook_deliveries SET state = 'failed', attempts = 6 WHERE workspace_id = ?1",
      scene.world.workspaceId,
    );
    await env.DB.exec("DELETE FROM outbox");
    scene.world.clock.ms += 3_600_000;
    return scene;
  };

  test("a replay of one delivery sends it under the same id, unless pending", async () => {
    const { world, receiver, run } = await failed();
    const [first] = await deliveries(world);
    const number = Number(first?.["number"]);
    const replayed = valueOf(await replayDelivery(world.as("admin"), number));
    expect(delivery.parse(apiDelivery(replayed))).toMatchObject({ state: "pending", webhook: 1 });
    expect(reasonOf(await replayDelivery(world.as("admin"), number))).toEqual({ code: "delivery_pending", number });
    await run();
    expect(receiver.taken.map(({ id }) => id)).toEqual([first?.["id"]]);
    expect(await statesOf(world)).toEqual({ delivered: 1, failed: 2 });
    // A delivered event can be replayed as well.
    valueOf(await replayDelivery(world.as("admin"), number));
    await run();
    expect(receiver.taken).toHaveLength(2);
  });

  test("a replay of a period sends its failed deliveries, and its repeat sends nothing", async () => {
    const { world, receiver, run } = await failed();
    await world.run(
      "UPDATE webhook_deliveries SET created_at = '2026-11-20T08:00:00.000Z' WHERE position = (SELECT MIN(position) FROM webhook_deliveries WHERE workspace_id = ?1)",
      world.workspaceId,
    );
    const ctx = world.as("admin");
    const range = { webhook: 1, since: "2026-11-23T00:00:00.000Z", until: null };
    const replayed = valueOf(await replayDeliveries(ctx, range));
    expect(replayed.replayed).toBe(2);
    await run();
    expect(receiver.taken).toHaveLength(2);
    expect(valueOf(await replayDeliveries(ctx, range))).toEqual(replayed);
    await run();
    expect(receiver.taken).toHaveLength(2);
    expect((await world.eventTypes()).filter((type) => type === "webhook.replayed")).toHaveLength(1);
  });

  test("of a period does not count a delivery that was replayed in the same millisecond", async () => {
    const { world, receiver, run } = await failed();
    const [first] = await deliveries(world);
    valueOf(await replayDelivery(world.as("admin"), Number(first?.["number"])));
    const range = { webhook: 1, since: "2026-11-23T00:00:00.000Z", until: null };
    expect(valueOf(await replayDeliveries(world.as("admin"), range)).replayed).toBe(2);
    await run();
    expect(receiver.taken).toHaveLength(3);
    expect(valueOf(await replayDeliveries(world.as("admin"), range)).replayed).toBe(0);
  });

  test.each([
    ["of one delivery", 3, (world: Deliveries["world"], number: number) => replayDelivery(world.as("admin"), number)],
    [
      "of a time",
      2,
      (world: Deliveries["world"]) =>
        replayDeliveries(world.as("admin"), { webhook: 1, since: "2026-11-23T00:00:00.000Z", until: null }),
    ],
    ["or a test", 2, (world: Deliveries["world"]) => sendTestEvent(world.as("admin"), 1)],
  ])("a replay %s conflicts with disabling the webhook in between, and sends nothing", async (_name, batch, ask) => {
    const { world, receiver, run } = await failed();
    const number = Number((await deliveries(world))[0]?.["number"]);
    world.db.interrupt(batch, async () => valueOf(await disableWebhook(world.as("admin"), 1)));
    expect(reasonOf(await ask(world, number))).toEqual({ code: "conflict" });
    await run();
    expect(receiver.taken).toEqual([]);
    expect(await statesOf(world)).toEqual({ failed: 3 });
    expect((await world.eventTypes()).at(-1)).toBe("webhook.disabled");
  });

  test("a replay is refused for a disabled webhook and for a backward period", async () => {
    const { world } = await failed();
    const until = "2026-11-22T00:00:00.000Z";
    const backwards = { webhook: 1, since: "2026-11-23T00:00:00.000Z", until };
    expect(reasonOf(await replayDeliveries(world.as("admin"), backwards))).toEqual({ code: "invalid_time_range" });
    valueOf(await disableWebhook(world.as("admin"), 1));
    const [first] = await deliveries(world);
    for (const refused of [
      await replayDeliveries(world.as("admin"), { ...backwards, until: null }),
      await replayDelivery(world.as("admin"), Number(first?.["number"])),
    ])
      expect(reasonOf(refused)).toEqual({ code: "webhook_disabled", number: 1 });
    expect(reasonOf(await replayDelivery(world.as("admin"), 999_999))).toMatchObject({ code: "delivery_not_found" });
  });
});

test("a test event is sent to its webhook alone, with any filters", async () => {
  const { world, receiver, register, run } = await createDeliveries();
  await register({ events: ["commit.*"] });
  await register({ events: ["job.*"], url: "https://other.example.com/" });
  valueOf(await sendTestEvent(world.as("admin"), 1));
  await run();
  expect(receiver.taken.map(({ type }) => type)).toEqual(["webhook.tested"]);
});

test("a webhook's status has its rates, and its pending and failed deliveries", async () => {
  const { world, receiver, register, run } = await createDeliveries();
  await register();
  await record(world, 4);
  await run();
  world.clock.ms += 2 * 3_600_000;
  receiver.answer = () => ({ status: 500 });
  await record(world, 3);
  await run();
  await world.run(
    "UPDATE webhook_deliveries SET state = 'failed', ended_at = ?2 WHERE position = (SELECT MAX(position) FROM webhook_deliveries WHERE workspace_id = ?1)",
    world.workspaceId,
    new Date(world.clock.ms).toISOString(),
  );
  world.clock.ms += 60_000;
  const [found] = valueOf(await webhookStatus(world.as("admin")));
  expect(found && status.parse(apiWebhookStatus(found))).toEqual({
    webhook: 1,
    state: "active",
    lastHour: { created: 3, delivered: 0, failed: 1, rate: 0 },
    last24Hours: { created: 7, delivered: 4, failed: 1, rate: 0.8 },
    pending: 2,
    lagMs: 60_000,
    growth: 2,
    failed: 1,
  });
});

test("a webhook's deliveries are listed newest first, by state and by page", async () => {
  const { world, register } = await createDeliveries();
  await register();
  await record(world, 5);
  const page = valueOf(
    await listDeliveries(world.as("admin"), { webhook: 1, state: "pending", limit: 2, before: null }),
  );
  expect(page.deliveries.map(({ eventType, state }) => [eventType, state])).toEqual([
    ["job.completed", "pending"],
    ["job.completed", "pending"],
  ]);
  const next = await listDeliveries(world.as("admin"), { webhook: 1, state: null, limit: 2, before: page.older });
  expect(valueOf(next)).toMatchObject({ newer: "newest", older: expect.any(Number) });
  const failed = await listDeliveries(world.as("admin"), { webhook: 1, state: "failed", limit: 2, before: null });
  expect(valueOf(failed).deliveries).toEqual([]);
});

test("the sweep queues due deliveries of all workspaces in turns, up to its limit", async () => {
  const first = await createDeliveries();
  const { world } = first;
  await first.register();
  await record(world, 5);
  const other = await createWorld();
  const input = { url: "https://hooks.example.com/", description: "", events: ["job.*"], profile: "fast" };
  valueOf(await createWebhook(other.as("admin"), { ...input, secret: newWebhookSecret() }));
  await record(other, 2);
  await env.DB.exec("DELETE FROM outbox");
  for (const each of [world, other]) each.clock.ms += 100_000;
  expect(await queueDueDeliveries(world.system, 4)).toBe(4);
  expect(await world.table("outbox")).toHaveLength(2);
  expect(await other.table("outbox")).toHaveLength(2);
  expect(await queueDueDeliveries(world.system, 100)).toBe(3);
  expect(await queueDueDeliveries(world.system, 100)).toBe(0);
});
