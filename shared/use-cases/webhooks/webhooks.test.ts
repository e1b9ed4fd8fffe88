/** Webhooks are made, changed, switched and removed; deliveries come with their events, and are replayed. */
import type { Webhook } from "../../domain/webhooks/webhook.ts";
import type { ShownOnce } from "../session.ts";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { apiWebhook, webhook } from "../../contract/webhooks.ts";
import { maxWebhooks } from "../../domain/webhooks/webhook.ts";
import { sql } from "../../storage/sql.ts";
import { write } from "../../storage/write.ts";
import { atNow } from "../context.ts";
import { insertEvent } from "../../storage/events/events.ts";
import { type World, createWorld, everythingOf, reasonOf, stage, valueOf } from "../../../test/support/shared/world.ts";
import { newWebhookSecret } from "../../webhook-secret.ts";
import { createWebhook } from "./create-webhook.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import { listWebhooks } from "./list-webhooks.ts";
import { rotateWebhookSecret } from "./rotate-webhook-secret.ts";
import { disableWebhook, enableWebhook } from "./switch-webhook.ts";
import { sendTestEvent } from "./send-test-event.ts";
import { updateWebhook } from "./update-webhook.ts";

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
const states = async (world: World) => (await deliveries(world)).map(({ state }) => state);

const withoutSecret = ({ secret: _secret, ...webhook }: ShownOnce<Webhook>): Webhook => webhook;

describe("a new webhook", () => {
  test("a new webhook is numbered, and its secret stands in its row alone", async () => {
    const world = await createWorld();
    const secret = newWebhookSecret();
    const ctx = world.as("admin");
    const made = valueOf(await createWebhook(ctx, input({ secret })));
    expect(made).toMatchObject({ number: 1, state: "active", profile: "standard", createdBy: "U0CARLA01" });
    expect(webhook.parse(apiWebhook(made))).toMatchObject({ number: 1, failing: null, disabled: null });
    const { webhook_endpoints: rows, idempotency_records: records, ...rest } = await everythingOf(world.workspaceId);
    expect(rows).toMatchObject([{ secret, key_version: "1" }]);
    expect(JSON.stringify((rows as object[]).map((row) => ({ ...row, secret: null })))).not.toContain(secret);
    expect(JSON.stringify([records, rest])).not.toContain(secret);
    // A repeat gets the webhook as it was made, so the record has its address for three days.
    expect(JSON.stringify(rest)).not.toContain("key=abc");
    expect(rest["job_events"]).toMatchObject([
      { type: "webhook.created", data: expect.stringContaining('"host":"hooks.example.com"') },
    ]);
    expect(valueOf(await createWebhook(ctx, input()))).toEqual({ ...made, secret: null });
    expect(valueOf(await listWebhooks(world.as("admin")))).toEqual([withoutSecret(made)]);
  });

  test.each([
    [{ url: "http://hooks.example.com/" }, { code: "url_not_allowed", rule: "scheme" }],
    [{ url: "https://hooks.example.com:8443/" }, { code: "url_not_allowed", rule: "public_port" }],
    [{ url: `https://hooks.example.com/${"x".repeat(2000)}` }, { code: "url_too_long", maxLength: 2000 }],
    [{ events: [" "] }, { code: "events_required" }],
    [{ events: ["jobs.*"] }, { code: "unknown_event", typed: "jobs.*", suggestion: "job.*" }],
    [{ profile: "quick" }, { code: "unknown_profile", typed: "quick" }],
    [{ description: "x".repeat(201) }, { code: "description_too_long", length: 201 }],
  ])("a new webhook with %j is refused", async (more, reason) => {
    const world = await createWorld();
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await createWebhook(world.as("admin"), input(more)))).toMatchObject(reason);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("a new webhook may be at localhost on any port in a local stack", async () => {
    const world = await createWorld();
    const local = { webhookAddresses: { allowedHosts: [], anyPublicHost: true, isLocal: true } };
    valueOf(await createWebhook(world.as("admin", local), input({ url: "http://localhost:9999/hook" })));
    expect(reasonOf(await createWebhook(world.as("admin", local), input({ url: "http://127.0.0.1/" })))).toMatchObject({
      rule: "ip_literal",
    });
  });

  test("a workspace has at most twenty webhooks", async () => {
    const world = await createWorld();
    for (let count = 0; count < maxWebhooks; count += 1) await create(world);
    expect(reasonOf(await createWebhook(world.as("admin"), input()))).toEqual({
      code: "too_many_webhooks",
      max: maxWebhooks,
    });
  });
});

describe("an event", () => {
  test("an event creates a delivery in its own batch for each matching webhook", async () => {
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

  test("an event that is rolled back creates no delivery", async () => {
    const world = await createWorld();
    await create(world, { events: ["*"] });
    const before = await deliveries(world);
    const written = await write(world.system, [
      insertEvent(atNow(world.as("admin")), { type: "change.staged" }, { kind: "system", id: "x" }, "t"),
      sql`INSERT INTO assertion (actual, expected) SELECT 0, 1`,
    ]);
    expect(written).toEqual({ written: false, because: "conflict" });
    expect(await deliveries(world)).toEqual(before);
  });

  test("an event's deliveries do not change the row count that assertions read", async () => {
    const world = await createWorld();
    await create(world, { events: ["*"] });
    await create(world, { events: ["*"] });
    const written = await write(world.system, [
      insertEvent(atNow(world.as("admin")), { type: "change.staged" }, { kind: "system", id: "x" }, "t"),
      sql`INSERT INTO assertion (actual, expected) SELECT changes(), 1`,
    ]);
    expect(written.written).toBe(true);
  });

  test("an event of another workspace creates no delivery here", async () => {
    const [world, other] = [await createWorld(), await createWorld()];
    await create(world, { events: ["*"] });
    const before = await deliveries(world);
    await stage(other);
    expect(await deliveries(world)).toEqual(before);
    expect(await deliveries(other)).toEqual([]);
  });
});

describe("a changed webhook", () => {
  test("updating a webhook keeps the fields that are not given", async () => {
    const world = await createWorld();
    await create(world);
    const changed = valueOf(await updateWebhook(world.as("admin"), { number: 1, events: ["*", "job.*"] }));
    expect(changed).toMatchObject({ url: "https://hooks.example.com/cv?key=abc", events: ["*"], profile: "standard" });
    expect(await world.table("webhook_endpoints")).toMatchObject([{ events: '["*"]' }]);
    expect((await world.eventTypes()).at(-1)).toBe("webhook.updated");
    expect(reasonOf(await updateWebhook(world.as("admin"), { number: 2, events: ["*"] }))).toEqual({
      code: "webhook_not_found",
      number: 2,
    });
  });

  test("a webhook is disabled once, and enabled once", async () => {
    const world = await createWorld();
    await create(world);
    await stage(world);
    valueOf(await disableWebhook(world.as("admin"), 1));
    expect(await deliveries(world)).toMatchObject([
      { state: "failed", attempts: 0, error: "was not called: the webhook was disabled" },
    ]);
    expect(reasonOf(await disableWebhook(world.as("admin"), 1))).toMatchObject({
      code: "webhook_state_unchanged",
      state: "disabled",
    });
    expect(reasonOf(await sendTestEvent(world.as("admin"), 1))).toMatchObject({ code: "webhook_disabled" });
    valueOf(await enableWebhook(world.as("admin"), 1));
    expect(await world.table("webhook_endpoints")).toMatchObject([{ state: "active", disabled_at: null, failures: 0 }]);
    expect(await states(world)).toEqual(["failed"]);
  });

  test("a deleted webhook leaves nothing but its events", async () => {
    const world = await createWorld();
    await create(world);
    await stage(world);
    valueOf(await deleteWebhook(world.as("admin"), 1));
    expect([await world.table("webhook_endpoints"), await deliveries(world)]).toEqual([[], []]);
    expect((await world.eventTypes()).at(-1)).toBe("webhook.deleted");
  });

  test("rotating a webhook's secret without overlap drops the old secret at once", async () => {
    const world = await createWorld();
    await create(world);
    const secret = newWebhookSecret();
    valueOf(await rotateWebhookSecret(world.as("admin"), { number: 1, secret, hours: 0 }));
    expect(await world.table("webhook_endpoints")).toMatchObject([
      { secret, old_secret: null, sealed_old_secret: null, old_key_version: null },
    ]);
    expect(reasonOf(await rotateWebhookSecret(world.as("admin"), { number: 1, secret, hours: 169 }))).toMatchObject({
      code: "overlap_out_of_range",
    });
    expect(JSON.stringify(await world.table("job_events"))).not.toContain("whsec_");
    expect(JSON.stringify(await world.table("idempotency_records"))).not.toContain("whsec_");
  });
});
