/** Webhooks are made, changed, switched and removed; their deliveries come with their events, and go again when people say so. */
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { refusedAddresses } from "../../test/corpora/addresses.ts";
import {
  apiDelivery,
  apiWebhook,
  apiWebhookStatus,
  delivery,
  webhook,
  webhookStatus as status,
} from "../api/webhooks.ts";
import { mostWebhooks } from "../domain/webhook.ts";
import { write } from "../storage/database.ts";
import { insertEvent } from "../storage/events.ts";
import { createDeliveries, record, statesOf } from "../testing/deliveries.ts";
import { type World, createWorld, everythingOf, reasonOf, stage, valueOf } from "../testing/world.ts";
import { newWebhookSecret } from "../webhook-secret.ts";
import { createWebhook } from "./create-webhook.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { listWebhooks } from "./list-webhooks.ts";
import { queueDueDeliveries } from "./queue-due-deliveries.ts";
import { replayDeliveries, replayDelivery } from "./replay-deliveries.ts";
import { rotateWebhookSecret } from "./rotate-webhook-secret.ts";
import { disableWebhook, enableWebhook } from "./switch-webhook.ts";
import { testWebhook } from "./test-webhook.ts";
import { updateWebhook } from "./update-webhook.ts";
import { webhookStatus } from "./webhook-status.ts";

const input = (more: object = {}) => ({
  url: "https://hooks.example.com/cv?key=abc",
  description: "Deploys the site",
  events: ["job.*", "change.staged"],
  profile: "standard",
  secret: newWebhookSecret(),
  ...more,
});
const create = async (world: World, more: object = {}) => valueOf(await createWebhook(world.as("admin"), input(more)));
const deliveries = (world: World) => world.table("webhook_deliveries");

describe("a new webhook", () => {
  test("is numbered and recorded; its secret stands in its row alone, and its address in no event", async () => {
    const world = await createWorld();
    const secret = newWebhookSecret();
    const ctx = world.as("admin");
    const made = valueOf(await createWebhook(ctx, input({ secret })));
    expect(made).toMatchObject({ number: 1, state: "active", profile: "standard", createdBy: "U0ADMIN01" });
    expect(webhook.parse(apiWebhook(made))).toMatchObject({ number: 1, failing: null, disabled: null });
    const { webhook_endpoints: rows, ...rest } = await everythingOf(world.workspaceId);
    expect(rows).toMatchObject([{ secret }]);
    expect(JSON.stringify(rest)).not.toContain(secret);
    expect(JSON.stringify(rest)).not.toContain("key=abc");
    expect(rest["job_events"]).toMatchObject([
      { type: "webhook.created", data: expect.stringContaining('"host":"hooks.example.com"') },
    ]);
    expect(reasonOf(await createWebhook(ctx, input()))).toMatchObject({ code: "repeated" });
    expect(valueOf(await listWebhooks(world.as("admin")))).toEqual([made]);
  });

  test.each([
    [{ url: "http://hooks.example.com/" }, { code: "address_refused", rule: "scheme" }],
    [{ url: "https://hooks.example.com:8443/" }, { code: "address_refused", rule: "public_port" }],
    [{ url: `https://hooks.example.com/${"x".repeat(2000)}` }, { code: "url_too_long", maxLength: 2000 }],
    [{ events: [" "] }, { code: "events_needed" }],
    [{ events: ["jobs.*"] }, { code: "unknown_event", typed: "jobs.*", suggestion: "job.*" }],
    [{ profile: "quick" }, { code: "unknown_profile", typed: "quick" }],
    [{ description: "x".repeat(201) }, { code: "description_too_long", length: 201 }],
  ])("%j is refused", async (more, reason) => {
    const world = await createWorld();
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await createWebhook(world.as("admin"), input(more)))).toMatchObject(reason);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("goes to no address of the corpus that leads inside", async () => {
    const world = await createWorld();
    const listed = new Set(["not_listed", "port"]);
    // What is typed around an address is cut off.
    const hostile = refusedAddresses.filter(([rule, address]) => !listed.has(rule) && address === address.trim());
    expect(hostile.length).toBeGreaterThan(200);
    const passed: string[] = [];
    for (const [, url] of hostile) {
      const made = await createWebhook(world.as("admin"), input({ url }));
      if (made.ok || !["address_refused", "url_too_long"].includes(made.reason.code)) passed.push(url);
    }
    expect(passed).toEqual([]);
  });

  test("may be at localhost where the stack is local, on any port", async () => {
    const world = await createWorld();
    const local = { webhookAddresses: { allowedHosts: [], anyPublicHost: true, isLocal: true } };
    valueOf(await createWebhook(world.as("admin", local), input({ url: "http://localhost:9999/hook" })));
    expect(reasonOf(await createWebhook(world.as("admin", local), input({ url: "http://127.0.0.1/" })))).toMatchObject({
      rule: "ip_literal",
    });
  });

  test("is one of twenty at most", async () => {
    const world = await createWorld();
    for (let count = 0; count < mostWebhooks; count += 1) await create(world);
    expect(reasonOf(await createWebhook(world.as("admin"), input()))).toEqual({
      code: "too_many_webhooks",
      most: mostWebhooks,
    });
  });
});

describe("an event", () => {
  test("makes a delivery and its message in its own batch, for each active webhook whose filter fits", async () => {
    const world = await createWorld();
    await create(world);
    await create(world, { events: ["*"] });
    await create(world, { events: ["commit.*"] });
    const off = await create(world, { events: ["*"] });
    valueOf(await disableWebhook(world.as("admin"), off.number));
    await env.DB.exec("DELETE FROM webhook_deliveries; DELETE FROM outbox");
    const before = world.db.roundTrips;
    await stage(world);
    const rows = await deliveries(world);
    expect(world.db.roundTrips - before).toBeLessThanOrEqual(3);
    expect(rows.map(({ state, attempts }) => [state, attempts])).toEqual([
      ["pending", 0],
      ["pending", 0],
    ]);
    const [event] = (await world.table("job_events")).slice(-1);
    expect(rows.map(({ event_id }) => event_id)).toEqual([event?.["id"], event?.["id"]]);
    expect((await world.table("outbox")).map(({ payload }) => JSON.parse(String(payload)))).toEqual(
      rows.map(({ id }) => ({
        workspaceId: world.workspaceId,
        deliveryId: id,
        attempt: 0,
        traceId: "0af7651916cd43dd8448eb211c80319c",
      })),
    );
  });

  test("that is rolled back makes none", async () => {
    const world = await createWorld();
    await create(world, { events: ["*"] });
    const before = await deliveries(world);
    const now = new Date(world.clock.ms).toISOString();
    const written = await write(world.db, [
      insertEvent(world.db, world.workspaceId, { type: "change.staged" }, { kind: "system", id: "x" }, "t", now),
      env.DB.prepare("INSERT INTO expectation (actual, expected) SELECT 0, 1"),
    ]);
    expect(written).toEqual({ written: false, because: "conflict" });
    expect(await deliveries(world)).toEqual(before);
  });

  test("leaves the count of changes alone, by which guards know that they held", async () => {
    const world = await createWorld();
    await create(world, { events: ["*"] });
    await create(world, { events: ["*"] });
    const now = new Date(world.clock.ms).toISOString();
    const written = await write(world.db, [
      insertEvent(world.db, world.workspaceId, { type: "change.staged" }, { kind: "system", id: "x" }, "t", now),
      env.DB.prepare("INSERT INTO expectation (actual, expected) SELECT changes(), 1"),
    ]);
    expect(written.written).toBe(true);
  });

  test("of another workspace is told to nobody here", async () => {
    const [world, other] = [await createWorld(), await createWorld()];
    await create(world, { events: ["*"] });
    const before = await deliveries(world);
    await stage(other);
    expect(await deliveries(world)).toEqual(before);
    expect(await deliveries(other)).toEqual([]);
  });
});

describe("a webhook that is changed", () => {
  test("keeps what is not given", async () => {
    const world = await createWorld();
    await create(world);
    const changed = valueOf(await updateWebhook(world.as("admin"), { number: 1, events: ["*", "job.*"] }));
    expect(changed).toMatchObject({ url: "https://hooks.example.com/cv?key=abc", events: ["*"], profile: "standard" });
    expect(await world.table("webhook_endpoints")).toMatchObject([{ events: '["*"]' }]);
    expect((await world.eventTypes()).at(-1)).toBe("webhook.updated");
    expect(reasonOf(await updateWebhook(world.as("admin"), { number: 2, events: ["*"] }))).toEqual({
      code: "no_such_webhook",
      number: 2,
    });
  });

  test("can be switched off and on, once each", async () => {
    const world = await createWorld();
    await create(world);
    await stage(world);
    valueOf(await disableWebhook(world.as("admin"), 1));
    expect(await statesOf(world)).toEqual({ failed: 1 });
    expect(reasonOf(await disableWebhook(world.as("admin"), 1))).toMatchObject({
      code: "webhook_is_so",
      state: "disabled",
    });
    expect(reasonOf(await testWebhook(world.as("admin"), 1))).toMatchObject({ code: "webhook_disabled" });
    valueOf(await enableWebhook(world.as("admin"), 1));
    expect(await world.table("webhook_endpoints")).toMatchObject([{ state: "active", disabled_at: null, failures: 0 }]);
    expect(await statesOf(world)).toEqual({ failed: 1 });
  });

  test("and removed has left nothing but its events", async () => {
    const world = await createWorld();
    await create(world);
    await stage(world);
    valueOf(await deleteWebhook(world.as("admin"), 1));
    expect([await world.table("webhook_endpoints"), await deliveries(world)]).toEqual([[], []]);
    expect((await world.eventTypes()).at(-1)).toBe("webhook.deleted");
  });

  test("forgets the secret before at once where no overlap is wanted", async () => {
    const world = await createWorld();
    await create(world);
    const secret = newWebhookSecret();
    valueOf(await rotateWebhookSecret(world.as("admin"), { number: 1, secret, hours: 0 }));
    expect(await world.table("webhook_endpoints")).toMatchObject([{ secret, old_secret: null }]);
    expect(reasonOf(await rotateWebhookSecret(world.as("admin"), { number: 1, secret, hours: 169 }))).toMatchObject({
      code: "overlap_out_of_range",
    });
    expect(JSON.stringify(await world.table("job_events"))).not.toContain("whsec_");
    expect(JSON.stringify(await world.table("inbox"))).not.toContain("whsec_");
  });
});

describe("a replay", () => {
  /** Three events that were given up. */
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

  test("of one delivery sends it under the same id; a second finds it on its way", async () => {
    const { world, receiver, run } = await failed();
    const [first] = await deliveries(world);
    const number = Number(first?.["number"]);
    const replayed = valueOf(await replayDelivery(world.as("admin"), number));
    expect(delivery.parse(apiDelivery(replayed))).toMatchObject({ state: "pending", webhook: 1 });
    expect(reasonOf(await replayDelivery(world.as("admin"), number))).toEqual({ code: "delivery_pending", number });
    await run();
    expect(receiver.taken.map(({ id }) => id)).toEqual([first?.["id"]]);
    expect(await statesOf(world)).toEqual({ delivered: 1, failed: 2 });
    // Also once more, though it has arrived.
    valueOf(await replayDelivery(world.as("admin"), number));
    await run();
    expect(receiver.taken).toHaveLength(2);
  });

  test("of a time sends what failed of that time, and a repeat of the request hears the same and sends nothing", async () => {
    const { world, receiver, run } = await failed();
    await world.run(
      "UPDATE webhook_deliveries SET created_at = '2026-11-20T08:00:00.000Z' WHERE number = (SELECT MIN(number) FROM webhook_deliveries WHERE workspace_id = ?1)",
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

  test("is refused while the webhook is disabled, and where the time ends before it begins", async () => {
    const { world } = await failed();
    const until = "2026-11-22T00:00:00.000Z";
    const backwards = { webhook: 1, since: "2026-11-23T00:00:00.000Z", until };
    expect(reasonOf(await replayDeliveries(world.as("admin"), backwards))).toEqual({ code: "range_out_of_order" });
    valueOf(await disableWebhook(world.as("admin"), 1));
    const [first] = await deliveries(world);
    for (const refused of [
      await replayDeliveries(world.as("admin"), { ...backwards, until: null }),
      await replayDelivery(world.as("admin"), Number(first?.["number"])),
    ])
      expect(reasonOf(refused)).toEqual({ code: "webhook_disabled", number: 1 });
    expect(reasonOf(await replayDelivery(world.as("admin"), 999_999))).toMatchObject({ code: "no_such_delivery" });
  });
});

test("a test goes to its webhook alone, whatever the filters are", async () => {
  const { world, receiver, register, run } = await createDeliveries();
  await register({ events: ["commit.*"] });
  await register({ events: ["job.*"], url: "https://other.example.com/" });
  valueOf(await testWebhook(world.as("admin"), 1));
  await run();
  expect(receiver.taken.map(({ type }) => type)).toEqual(["webhook.tested"]);
});

test("the status tells rates, what waits and since when, and what is kept", async () => {
  const { world, receiver, register, run } = await createDeliveries();
  await register();
  await record(world, 4);
  await run();
  world.clock.ms += 2 * 3_600_000;
  receiver.answer = () => ({ status: 500 });
  await record(world, 3);
  await run();
  await world.run(
    "UPDATE webhook_deliveries SET state = 'failed', ended_at = ?2 WHERE number = (SELECT MAX(number) FROM webhook_deliveries WHERE workspace_id = ?1)",
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

test("deliveries are listed newest first, by state and by page", async () => {
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

test("the sweep takes what is due from all workspaces in turns, at most so much, and once", async () => {
  const first = await createDeliveries();
  const { world } = first;
  await first.register();
  await record(world, 5);
  const other = await createWorld();
  await create(other, { events: ["job.*"] });
  await record(other, 2);
  await env.DB.exec("DELETE FROM outbox");
  for (const each of [world, other]) each.clock.ms += 100_000;
  expect(await queueDueDeliveries(world.system, 4)).toBe(4);
  expect(await world.table("outbox")).toHaveLength(2);
  expect(await other.table("outbox")).toHaveLength(2);
  expect(await queueDueDeliveries(world.system, 100)).toBe(3);
  expect(await queueDueDeliveries(world.system, 100)).toBe(0);
});
