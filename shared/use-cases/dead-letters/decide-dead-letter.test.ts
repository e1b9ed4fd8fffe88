import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { createBusyWorld } from "../../../test/support/shared/use-case-fixtures.ts";
import { type World, createQueues, reasonOf, valueOf } from "../../../test/support/shared/world.ts";
import { claimedForMs } from "../../storage/outbox.ts";
import { write } from "../../storage/write.ts";
import { discardDeadLetter, retryDeadLetter } from "./decide-dead-letter.ts";
import { atNow } from "../context.ts";
import { keepDeadLetter, keepNew } from "./keep-dead-letter.ts";
import { listDeadLetters, showDeadLetter } from "./list-dead-letters.ts";
import { relayOutbox } from "../relay-outbox.ts";

/** The outbox without what the pushes of the busy world have left there. */
const busy = async (): Promise<World> => {
  const world = await createBusyWorld();
  await env.DB.exec("DELETE FROM outbox");
  return world;
};

const keep = (world: World, more: { id: string }) =>
  keepDeadLetter(world.system, {
    queue: "cv-push",
    body: { workspaceId: world.workspaceId, jobId: more.id, attempt: 1 },
    cause: "too bad",
    attempts: 3,
    ...more,
  });

const deadLetterEvents = async (world: World) =>
  (await world.table("job_events")).filter(({ type }) => String(type).startsWith("dead_letter."));

describe("retrying a dead letter", () => {
  test("retrying a dead letter puts its message into the outbox in one batch", async () => {
    const world = await busy();
    const before = world.db.roundTrips;
    const deadLetter = valueOf(await retryDeadLetter(world.as("admin"), 1));
    expect(world.db.roundTrips - before).toBe(2);
    expect(deadLetter).toMatchObject({ number: 1, state: "retried", decidedBy: "U0CARLA01" });
    const queues = createQueues();
    // The batch has claimed its message for its own relay; cron sends what that has not sent.
    const later = { ...world.system, nowMs: () => world.system.nowMs() + claimedForMs };
    expect(await relayOutbox(later, queues)).toBe(1);
    expect(queues["cv-push"].sent).toEqual([
      { ...JSON.parse(deadLetter.body), deadLetter: { workspaceId: world.workspaceId, id: deadLetter.id } },
    ]);
    expect(await deadLetterEvents(world)).toMatchObject([
      { type: "dead_letter.kept" },
      { type: "dead_letter.retried", actor_id: "U0CARLA01" },
    ]);
  });

  test("retrying a dead letter twice sends it once, and names who was first", async () => {
    const world = await busy();
    const both = await Promise.all([retryDeadLetter(world.as("admin"), 1), retryDeadLetter(world.as("admin"), 1)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(reasonOf(await retryDeadLetter(world.as("admin"), 1))).toMatchObject({
      code: "dead_letter_settled",
      state: "retried",
      decidedBy: "U0CARLA01",
    });
    expect(await world.table("outbox")).toHaveLength(1);
  });

  test("a dead letter whose retry failed may be retried, and counts its attempts", async () => {
    const world = await busy();
    for (const retries of [1, 2]) {
      valueOf(await retryDeadLetter(world.as("admin"), 1));
      const [row] = (await world.table("outbox")).slice(-1);
      const message = { id: `m${retries}`, queue: "cv-push", body: JSON.parse(String(row?.["payload"])) };
      expect(await keepDeadLetter(world.system, { ...message, cause: "still down", attempts: 11 })).toBe(
        world.workspaceId,
      );
      expect(valueOf(await showDeadLetter(world.as("admin"), 1))).toMatchObject({
        state: "kept",
        cause: "still down",
        attempts: 11 * (retries + 1),
        retries,
      });
    }
  });

  test.each([
    ["cv-push", '"text"'],
    ["cv-push", "[1]"],
    ["cv-push", "undefined"],
    ["slack", '{"typed":"/cv push 1"}'],
    ["cv-elsewhere", "{}"],
  ])("retrying a dead letter from %s as %s is refused, for no consumer takes it", async (queue, body) => {
    const world = await busy();
    const { workspaceId, system } = world;
    const about = { cause: "odd", attempts: 1, jobId: null, traceId: null };
    const at = atNow({ ...system, workspaceId });
    await write(system, keepNew(at, { id: system.newId(), queue, body, ...about }));
    expect(reasonOf(await retryDeadLetter(world.as("admin"), 2))).toEqual({ code: "not_retryable", number: 2, queue });
    expect(await world.table("outbox")).toEqual([]);
  });
});

describe("discarding a dead letter", () => {
  test("discarding a dead letter needs a reason of at most 500 characters", async () => {
    const world = await busy();
    const discard = (reason: string) => discardDeadLetter(world.as("admin"), { number: 1, reason });
    expect(reasonOf(await discard("  "))).toEqual({ code: "reason_required", number: 1 });
    expect(reasonOf(await discard("x".repeat(501)))).toMatchObject({ code: "reason_too_long", length: 501 });
    expect(valueOf(await discard(" pushed by hand "))).toMatchObject({ state: "discarded", reason: "pushed by hand" });
    expect((await deadLetterEvents(world)).at(-1)).toMatchObject({ type: "dead_letter.discarded" });
    expect(await world.table("outbox")).toEqual([]);
  });

  test("discarding a dead letter is possible during its retry, and is final", async () => {
    const world = await busy();
    valueOf(await retryDeadLetter(world.as("admin"), 1));
    valueOf(await discardDeadLetter(world.as("admin"), { number: 1, reason: "no use" }));
    for (const decided of [
      await retryDeadLetter(world.as("admin"), 1),
      await discardDeadLetter(world.as("admin"), { number: 1, reason: "again" }),
    ]) {
      expect(reasonOf(decided)).toMatchObject({ code: "dead_letter_settled", state: "discarded" });
    }
  });
});

test("dead letters are listed by page, with the settled ones on request", async () => {
  const world = await busy();
  for (let count = 2; count <= 7; count += 1) await keep(world, { id: world.system.newId() });
  valueOf(await discardDeadLetter(world.as("admin"), { number: 4, reason: "no use" }));
  const page = async (before: number | null, all = false) => {
    const listed = valueOf(await listDeadLetters(world.as("admin"), { limit: 3, before, all }));
    return { ...listed, deadLetters: listed.deadLetters.map(({ number }) => number) };
  };
  expect(await page(null)).toEqual({ deadLetters: [7, 6, 5], older: 5, newer: null });
  expect(await page(5)).toEqual({ deadLetters: [3, 2, 1], older: null, newer: "newest" });
  expect(await page(null, true)).toMatchObject({ deadLetters: [7, 6, 5] });
  expect(await page(5, true)).toMatchObject({ deadLetters: [4, 3, 2], older: 2 });
});

test("a dead letter shows the push that it was about", async () => {
  const world = await busy();
  expect(valueOf(await showDeadLetter(world.as("admin"), 1))).toMatchObject({
    commitNumber: 1,
    pushNumber: 1,
    target: "d1cv",
  });
  expect(reasonOf(await showDeadLetter(world.as("admin"), 9))).toEqual({ code: "dead_letter_not_found", number: 9 });
});
