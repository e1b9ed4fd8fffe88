/** The delivery guarantee over many events and days: no event is lost. Time is virtual and randomness seeded. */
import { describe, expect, test } from "vitest";
import { Random } from "../test/support/random.ts";
import { type Deliveries, createDeliveries, record, statesOf } from "../test/support/consumers/deliveries.ts";
import type { Answer } from "../test/support/consumers/receiver.ts";
import { valueOf } from "../test/support/shared/world.ts";
import { replayDeliveries } from "../shared/use-cases/webhooks/replay-deliveries.ts";
import { enableWebhook } from "../shared/use-cases/webhooks/switch-webhook.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const failures: readonly Answer[] = [
  { status: 500 },
  { status: 503, headers: { "retry-after": "30" } },
  { status: 429 },
  { status: 302, headers: { location: "https://elsewhere.example.com/" } },
  "timeout",
  "unreachable",
];

/** Numbers of the events that the webhook subscribes to, and of those that its receiver accepted. */
const eventsOf = async ({ world, receiver }: Deliveries) => {
  const events = await world.select(
    "SELECT number FROM job_events WHERE workspace_id = ?1 AND type = 'job.completed' ORDER BY number",
    world.workspaceId,
  );
  const taken = new Set(receiver.taken.map(({ eventId }) => eventId));
  return { events: events.map(({ number }) => Number(number)), taken };
};

const replay = async ({ world }: Deliveries, since: string) =>
  valueOf(await replayDeliveries(world.as("admin"), { webhook: 1, since, until: null }));

describe.each(["standard", "fast"])("a receiver that fails 3 times in 10, where the profile is %s", (profile) => {
  const count = 1000;

  test("a receiver failing 3 in 10 requests gets every event after a replay", { timeout: 240_000 }, async () => {
    const random = new Random(`webhooks ${profile}`);
    const scene = await createDeliveries(() => random.unit());
    await scene.register({ profile });
    scene.receiver.answer = () => (random.chance(0.3) ? random.pick(failures) : { status: 200 });
    const since = new Date(scene.world.clock.ms).toISOString();
    for (let left = count; left > 0; left -= 250) {
      await record(scene.world, 250);
      await scene.pass(2 * minuteMs, { stepMs: minuteMs / 2 });
    }
    await scene.pass(4 * dayMs, { stepMs: minuteMs });
    const { events, taken } = await eventsOf(scene);
    const { pending = 0, failed = 0, delivered = 0 } = await statesOf(scene.world);
    expect({ events: events.length, pending }).toEqual({ events: count, pending: 0 });
    expect(delivered).toBe(taken.size);
    expect(delivered + failed).toBe(count);
    expect(delivered / count).toBeGreaterThanOrEqual(0.999);
    expect(scene.receiver.requests.length).toBeGreaterThan(count * 1.35);
    for (let round = 0; round < 20 && ((await statesOf(scene.world))["failed"] ?? 0) > 0; round += 1) {
      await replay(scene, since);
      await scene.pass(hourMs);
    }
    expect((await eventsOf(scene)).taken).toEqual(new Set(events));
  });
});

describe("a receiver that is away for 24 hours", () => {
  /** An event every half hour, before, during and after the outage. */
  const outage = async (profile: string): Promise<Deliveries> => {
    const scene = await createDeliveries();
    await scene.register({ profile });
    const live = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 30 * minuteMs) {
        await record(scene.world, 1);
        await scene.pass(30 * minuteMs, { stepMs: minuteMs });
      }
    };
    await live(hourMs);
    scene.receiver.answer = () => "unreachable";
    await live(dayMs);
    scene.receiver.answer = () => ({ status: 200 });
    await live(hourMs);
    return scene;
  };

  test("a receiver down for 24 hours gets every event with the standard profile", { timeout: 120_000 }, async () => {
    const scene = await outage("standard");
    await scene.pass(2 * dayMs, { stepMs: minuteMs });
    const { events, taken } = await eventsOf(scene);
    expect(events).toHaveLength(26 * 2);
    expect(taken).toEqual(new Set(events));
    expect(await statesOf(scene.world)).toEqual({ delivered: events.length });
  });

  test("a receiver down for 24 hours needs one replay with the fast profile", { timeout: 120_000 }, async () => {
    const scene = await outage("fast");
    await scene.pass(hourMs);
    // The webhook may be disabled at the end of the outage: later events then need a replay.
    const [webhook] = await scene.world.table("webhook_endpoints");
    if (webhook?.["state"] === "disabled") valueOf(await enableWebhook(scene.world.as("admin"), 1));
    const before = await eventsOf(scene);
    expect(before.taken.size).toBeLessThan(before.events.length);
    await replay(scene, "2026-11-23T00:00:00.000Z");
    await scene.pass(hourMs);
    const { events, taken } = await eventsOf(scene);
    expect(taken).toEqual(new Set(events));
    expect(events).toHaveLength(26 * 2);
  });

  test("a webhook that was disabled meanwhile gets the missed events by a replay", { timeout: 120_000 }, async () => {
    const scene = await outage("fast");
    const { world, receiver } = scene;
    receiver.answer = () => ({ status: 410 });
    await record(world, 1);
    await scene.run();
    expect(await world.table("webhook_endpoints")).toMatchObject([{ state: "disabled" }]);
    await record(world, 5);
    await scene.pass(hourMs);
    receiver.answer = () => ({ status: 200 });
    valueOf(await enableWebhook(world.as("admin"), 1));
    await replay(scene, "2026-11-23T00:00:00.000Z");
    await scene.run();
    const { events, taken } = await eventsOf(scene);
    expect(taken).toEqual(new Set(events));
    expect(receiver.taken.map(({ id }) => id).length).toBe(new Set(receiver.taken.map(({ id }) => id)).size);
  });
});
