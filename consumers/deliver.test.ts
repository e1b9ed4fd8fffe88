/** The delivery of one event to one webhook. */
import { env } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { type Deliveries, createDeliveries, record, statesOf } from "../test/support/consumers/deliveries.ts";
import type { Answer } from "../test/support/consumers/receiver.ts";
import { valueOf } from "../test/support/shared/world.ts";
import { disableWebhook } from "../shared/use-cases/webhooks/switch-webhook.ts";
import { deleteWebhook } from "../shared/use-cases/webhooks/delete-webhook.ts";
import { rotateWebhookSecret } from "../shared/use-cases/webhooks/rotate-webhook-secret.ts";
import { leaseMs } from "../shared/use-cases/webhooks/record-delivery.ts";
import { newWebhookSecret } from "../shared/webhook-secret.ts";
import { handleDeliveryMessage } from "./deliver.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const deliveries = async ({ world }: Deliveries) => world.table("webhook_deliveries");
const newest = async (scene: Deliveries) => (await deliveries(scene)).at(-1) ?? {};
const messageOf = async (scene: Deliveries, attempt = 0) => ({
  workspaceId: scene.world.workspaceId,
  deliveryId: (await newest(scene))["id"],
  attempt,
  traceId: "a".repeat(32),
});

describe("an event that a webhook subscribes to", () => {
  test("a delivery is signed as Standard Webhooks, with the event as the API returns it", async () => {
    const scene = await createDeliveries();
    await scene.register();
    await record(scene.world, 1);
    await scene.run();
    expect(scene.receiver.taken).toHaveLength(1);
    const [received] = scene.receiver.taken;
    const [delivery] = await deliveries(scene);
    expect(received).toMatchObject({ id: delivery?.["id"], type: "job.completed", signedWith: scene.secrets });
    expect(received?.headers).toMatchObject({
      "user-agent": "CV-Ops-Webhooks/1",
      traceparent: expect.stringMatching(/^00-a{32}-/),
    });
    expect(JSON.parse(received?.body ?? "")).toMatchObject({
      type: "job.completed",
      timestamp: "2026-11-23T08:00:00.000Z",
      data: { id: delivery?.["event_id"], data: { note: "x" }, actor: { kind: "system" } },
    });
    expect(delivery).toMatchObject({ state: "delivered", attempts: 1, status: 200, error: null, next_at: null });
  });

  test("a delivery is sent once for any number of queue messages", async () => {
    const scene = await createDeliveries();
    await scene.register();
    await record(scene.world, 1);
    const message = await messageOf(scene);
    await Promise.all([message, message, message].map((body) => handleDeliveryMessage(scene.deps, body)));
    await scene.run();
    expect(scene.receiver.requests).toHaveLength(1);
    expect(await handleDeliveryMessage(scene.deps, message)).toEqual({ done: true });
    expect(scene.receiver.requests).toHaveLength(1);
  });

  test("a delivery interrupted before its record is sent again under the same id", async () => {
    const scene = await createDeliveries();
    await scene.register();
    await record(scene.world, 1);
    const crashed = {
      ...scene.deps,
      fetch: async (request: Request) => {
        await scene.receiver.fetch(request);
        throw new Error("the Worker is gone");
      },
    };
    // The claim is recorded and the failure is not, as after a crash.
    scene.world.db.interrupt(3, () => Promise.reject(new Error("the Worker is gone")));
    await expect(handleDeliveryMessage(crashed, await messageOf(scene))).rejects.toThrow("the Worker is gone");
    await scene.run();
    expect(scene.receiver.requests).toHaveLength(1);
    await scene.pass(leaseMs + 3 * minuteMs, { cronMs: minuteMs });
    expect(scene.receiver.requests).toHaveLength(2);
    expect(new Set(scene.receiver.requests.map(({ id }) => id)).size).toBe(1);
    expect(await newest(scene)).toMatchObject({ state: "delivered", attempts: 1 });
  });

  test("an event is delivered to each webhook with the same body and separate ids", async () => {
    const scene = await createDeliveries();
    await scene.register();
    await scene.register({ events: ["*"], url: "https://other.example.com/" });
    await record(scene.world, 1);
    await scene.run();
    const delivered = scene.receiver.taken.filter(({ type }) => type === "job.completed");
    expect(delivered).toHaveLength(2);
    expect(new Set(delivered.map(({ id }) => id)).size).toBe(2);
    expect(new Set(delivered.map(({ body }) => body)).size).toBe(1);
  });

  test("a delivery to a deleted webhook is dropped and becomes no dead letter", async () => {
    const scene = await createDeliveries();
    const { number } = await scene.register();
    await record(scene.world, 1);
    const message = await messageOf(scene);
    valueOf(await deleteWebhook(scene.world.as("admin"), number));
    expect(await handleDeliveryMessage(scene.deps, message)).toEqual({ done: true });
    expect(scene.receiver.requests).toEqual([]);
    expect(await deliveries(scene)).toEqual([]);
  });

  test("a delivery message without a delivery id is refused as malformed", async () => {
    const scene = await createDeliveries();
    expect(await handleDeliveryMessage(scene.deps, { deliveryId: 7 })).toEqual({
      malformed: "not a cv-deliveries message",
    });
  });
});

describe("a failing receiver", () => {
  const failing = async (profile: string, answer: Answer) => {
    const scene = await createDeliveries();
    await scene.register({ profile });
    scene.receiver.answer = () => answer;
    await record(scene.world, 1);
    return scene;
  };
  const gaps = ({ receiver }: Deliveries) =>
    receiver.requests.slice(1).map(({ atMs }, index) => atMs - (receiver.requests[index]?.atMs ?? 0));

  test("a delivery of the fast profile is retried five times within half an hour", async () => {
    const scene = await failing("fast", { status: 500 });
    await scene.pass(2 * hourMs);
    expect(gaps(scene)).toEqual([1, 2, 4, 8, 16].map((minutes) => minutes * minuteMs));
    expect(await newest(scene)).toMatchObject({ state: "failed", attempts: 6, status: 500, error: "answered 500" });
    expect(new Set(scene.receiver.requests.map(({ id }) => id)).size).toBe(1);
  });

  test("a delivery is not retried early by a duplicate message of a finished attempt", async () => {
    const scene = await failing("fast", { status: 500 });
    const message = await messageOf(scene);
    expect(await handleDeliveryMessage(scene.deps, message)).toEqual({ done: true });
    expect(await handleDeliveryMessage(scene.deps, message)).toEqual({ done: true });
    expect(scene.receiver.requests).toHaveLength(1);
  });

  test("a delivery of the standard profile is retried over three days", async () => {
    const scene = await failing("standard", "unreachable");
    await scene.pass(4 * 24 * hourMs);
    expect(gaps(scene)).toEqual(
      [5000, 5 * minuteMs, ...[0.5, 2, 5, 10, 14, 20, 24].map((hours) => hours * hourMs)].map((ms) => ms),
    );
    expect(await newest(scene)).toMatchObject({ state: "failed", attempts: 10, error: "could not be reached" });
  });

  test("a delivery is retried by cron when no queue message arrives", { timeout: 20_000 }, async () => {
    const scene = await failing("fast", { status: 503 });
    await scene.run();
    scene.queue.losesMessages = true;
    scene.queue.waiting = [];
    await scene.pass(2 * hourMs, { cronMs: minuteMs });
    // Cron leaves the queue 90 s. The outbox's message is lost as well, so cron queues it again after ten minutes.
    scene.queue.losesMessages = false;
    scene.receiver.answer = () => ({ status: 204 });
    await scene.pass(15 * minuteMs, { cronMs: minuteMs });
    expect(await newest(scene)).toMatchObject({ state: "delivered", attempts: 2, status: 204 });
  });

  test.each([
    ["302", "answered 302: a redirect, which is not followed"],
    ["404", "answered 404"],
  ])("an attempt of a delivery answered with %s fails, with the reason", async (status, error) => {
    const scene = await failing("fast", { status: Number(status), headers: { location: "https://x.example/" } });
    await scene.run();
    expect(await newest(scene)).toMatchObject({ state: "pending", attempts: 1, status: Number(status), error });
  });

  test("an attempt of a delivery fails after 15 s without an answer", async () => {
    const scene = await failing("fast", "timeout");
    await scene.run();
    expect(await newest(scene)).toMatchObject({ attempts: 1, status: null, error: "did not answer within 15 s" });
  });

  test.each([
    ["seconds", "3600"],
    ["a date", "Mon, 23 Nov 2026 09:00:00 GMT"],
  ])("a delivery is retried as late as Retry-After requests in %s", async (_form, header) => {
    const scene = await failing("fast", { status: 429, headers: { "retry-after": header } });
    await scene.run();
    expect(await newest(scene)).toMatchObject({ next_at: "2026-11-23T09:00:00.000Z", status: 429 });
    await scene.pass(59 * minuteMs);
    expect(scene.receiver.requests).toHaveLength(1);
    await scene.pass(2 * minuteMs);
    expect(scene.receiver.requests).toHaveLength(2);
  });

  test("a delivery is delayed by Retry-After for at most a day", async () => {
    const scene = await failing("fast", { status: 503, headers: { "retry-after": "99999999" } });
    await scene.run();
    expect(await newest(scene)).toMatchObject({ next_at: "2026-11-24T08:00:00.000Z" });
  });

  test("a delivery to an address that is forbidden by now is not sent", async () => {
    const scene = await failing("fast", { status: 200 });
    await scene.world.run(
      "UPDATE webhook_endpoints SET url = 'https://10.0.0.1/' WHERE workspace_id = ?1",
      scene.world.workspaceId,
    );
    await scene.run();
    expect(scene.receiver.requests).toEqual([]);
    expect(await newest(scene)).toMatchObject({
      state: "pending",
      attempts: 1,
      error: expect.stringMatching(/^was not called: its address/),
    });
  });
});

describe("a webhook", () => {
  test("a webhook that answers 410 is disabled at once, and its creator is notified", async () => {
    const scene = await createDeliveries();
    const webhook = await scene.register();
    scene.receiver.answer = () => ({ status: 410 });
    await record(scene.world, 3);
    await scene.run();
    expect(await scene.world.table("webhook_endpoints")).toMatchObject([
      { state: "disabled", disabled_reason: "gone", disabled_at: "2026-11-23T08:00:00.000Z" },
    ]);
    expect(await statesOf(scene.world)).toEqual({ failed: 3 });
    const events = (await scene.world.table("job_events")).filter(({ type }) => type === "webhook.disabled");
    expect(events).toHaveLength(1);
    expect(JSON.parse(String(events[0]?.["data"]))).toEqual({
      webhookId: webhook.id,
      number: 1,
      host: "hooks.example.com",
      reason: "gone",
      error: "answered 410",
    });
    expect((await scene.world.table("cards")).filter(({ kind }) => kind === "webhook")).toMatchObject([
      { subject_id: webhook.id, channel_id: "U0CARLA01" },
    ]);
    expect(scene.world.effects.take().map(({ kind }) => kind)).toContain("wake_slack_outbox");
    await record(scene.world, 1);
    await scene.pass(hourMs);
    expect(await statesOf(scene.world)).toEqual({ failed: 3 });
  });

  test.each([
    ["fast", 1],
    ["standard", 5],
  ] as const)(
    "a webhook of profile %s with only failures for %i × 24 h is disabled",
    { timeout: 30_000 },
    async (profile, days) => {
      const scene = await createDeliveries();
      await scene.register({ profile });
      scene.receiver.answer = () => "unreachable";
      const state = async () => (await scene.world.table("webhook_endpoints"))[0]?.["state"];
      for (let hour = 0; hour < days * 24; hour += 12) {
        await record(scene.world, 1);
        await scene.pass(12 * hourMs - 1000, { stepMs: minuteMs });
        expect(await state()).toBe("active");
      }
      await record(scene.world, 1);
      await scene.pass(2 * hourMs);
      expect(await scene.world.table("webhook_endpoints")).toMatchObject([
        { state: "disabled", disabled_reason: "failing", last_error: "could not be reached" },
      ]);
      expect(Object.keys(await statesOf(scene.world))).toEqual(["failed"]);
    },
  );

  test("a webhook that accepts one delivery among failures is not disabled", { timeout: 20_000 }, async () => {
    const scene = await createDeliveries();
    await scene.register({ profile: "fast" });
    scene.receiver.answer = () => ({ status: 500 });
    for (let hour = 0; hour < 40; hour += 4) {
      await record(scene.world, 1);
      if (hour === 20) scene.receiver.answer = () => ({ status: 200 });
      if (hour === 24) scene.receiver.answer = () => ({ status: 500 });
      await scene.pass(4 * hourMs);
    }
    expect(await scene.world.table("webhook_endpoints")).toMatchObject([{ state: "active" }]);
  });

  test("a webhook that is disabled during an attempt records the successful delivery", async () => {
    const scene = await createDeliveries();
    const { number } = await scene.register();
    await record(scene.world, 1);
    scene.deps.fetch = async (request) => {
      valueOf(await disableWebhook(scene.world.as("admin"), number));
      return scene.receiver.fetch(request);
    };
    await scene.run();
    expect(await newest(scene)).toMatchObject({ state: "delivered", attempts: 1 });
  });

  test.each<Answer>([{ status: 500 }, "timeout"])(
    "a webhook that is disabled during an attempt records that it failed with %j, and sends nothing more",
    async (answer) => {
      const scene = await createDeliveries();
      const { number } = await scene.register();
      await record(scene.world, 1);
      scene.receiver.answer = () => answer;
      scene.deps.fetch = async (request) => {
        valueOf(await disableWebhook(scene.world.as("admin"), number));
        return scene.receiver.fetch(request);
      };
      await scene.run();
      const error = answer === "timeout" ? "did not answer within 15 s" : "answered 500";
      expect(await newest(scene)).toMatchObject({ state: "failed", attempts: 1, error, next_at: null });
      await scene.pass(24 * hourMs);
      expect(scene.receiver.requests).toHaveLength(1);
    },
  );

  test("a rotated webhook signs with both secrets during the overlap, then with the new one", async () => {
    const scene = await createDeliveries();
    const { number } = await scene.register();
    const [old = ""] = scene.secrets;
    const secret = newWebhookSecret();
    scene.secrets.push(secret);
    valueOf(await rotateWebhookSecret(scene.world.as("admin"), { number, secret, hours: 24 }));
    await record(scene.world, 1);
    await scene.run();
    expect(scene.receiver.taken.at(-1)?.signedWith).toEqual([old, secret]);
    await scene.pass(24 * hourMs + 1000);
    await record(scene.world, 1);
    await scene.run();
    expect(scene.receiver.taken.at(-1)?.signedWith).toEqual([secret]);
  });
});

describe("a webhook's secret in its row", () => {
  const change = (scene: Deliveries, set: string, ...values: string[]) =>
    env.DB.prepare(`UPDATE webhook_endpoints SET ${set} WHERE workspace_id = ?1`)
      .bind(scene.world.workspaceId, ...values)
      .run();
  const sent = async (scene: Deliveries): Promise<string[] | undefined> => {
    await record(scene.world, 1);
    await scene.run();
    return scene.receiver.taken.at(-1)?.signedWith;
  };

  test("a webhook signs with the secret that the version before has given it, not with what was encrypted", async () => {
    const scene = await createDeliveries();
    await scene.register();
    const secret = newWebhookSecret();
    scene.secrets.push(secret);
    await change(scene, "old_secret = secret, old_secret_until = '2100-01-01T00:00:00.000Z', secret = ?2", secret);
    expect(await scene.world.table("webhook_endpoints")).toMatchObject([{ sealed_secret: null, key_version: null }]);
    expect(await sent(scene)).toEqual(scene.secrets);
    await change(scene, "old_secret = NULL, old_secret_until = NULL");
    expect(await sent(scene)).toEqual([secret]);
  });

  test("a webhook whose secret is encrypted alone signs as before, as a later release leaves it", async () => {
    const scene = await createDeliveries();
    const { number } = await scene.register();
    const secret = newWebhookSecret();
    valueOf(await rotateWebhookSecret(scene.world.as("admin"), { number, secret, hours: 24 }));
    scene.secrets.push(secret);
    await env.DB.exec(
      "DROP TRIGGER IF EXISTS webhook_secret_replaced; DROP TRIGGER IF EXISTS webhook_secret_forgotten",
    );
    await change(scene, "secret = '', old_secret = NULL");
    expect(await sent(scene)).toEqual(scene.secrets);
  });

  test("a secret whose key is missing signs as it is while it stands there, and else fails an attempt, not the queue", async () => {
    const scene = await createDeliveries();
    await scene.register();
    await change(scene, "key_version = 'gone'");
    expect(await sent(scene)).toEqual(scene.secrets);
    await env.DB.exec("DROP TRIGGER IF EXISTS webhook_secret_replaced");
    await change(scene, "secret = ''");
    await record(scene.world, 1);
    await scene.run();
    const error = "was not called: its secret cannot be read";
    expect(await newest(scene)).toMatchObject({ state: "pending", attempts: 1, error });
  });

  test("a secret that was copied from another webhook signs nothing", async () => {
    const scene = await createDeliveries();
    await scene.register();
    await env.DB.exec("DROP TRIGGER IF EXISTS webhook_secret_replaced");
    await change(scene, "secret = '', id = 'another'");
    await record(scene.world, 1);
    await scene.run();
    expect(scene.receiver.requests).toEqual([]);
  });
});
