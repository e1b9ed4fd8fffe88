import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createEffects } from "../effects.ts";
import { insertMessage, insertPushMessage } from "../storage/outbox.ts";
import { prepare } from "../storage/sql.ts";
import {
  approvedCommit,
  createQueue,
  createQueues,
  createWorld,
  jobFor,
  push,
  relayAll,
} from "../../test/support/shared/world.ts";
import { claimedForMs, relayBatchSize } from "../storage/outbox.ts";
import { relayOutbox } from "./relay-outbox.ts";

const ctx = { db: env.DB, effects: createEffects(), nowMs: () => Date.parse("2026-11-23T08:00:00.000Z") };
const relay = (queue: ReturnType<typeof createQueue>, queues = createQueues(queue)) => relayOutbox(ctx, queues);
const deadLetters = async () => (await env.DB.prepare("SELECT * FROM dead_letters ORDER BY id").all()).results;
const outbox = async () => (await env.DB.prepare("SELECT id, attempts FROM outbox ORDER BY created_at").all()).results;
const add = (workspaceId: string, index: number) => {
  const at = { workspaceId, now: `2026-11-23T08:00:${String(index).padStart(3, "0")}Z` };
  const message = insertPushMessage(at, `row-${index}`, { jobId: `job-${index}`, attempt: 1 });
  return prepare(env.DB, message.statement);
};

beforeEach(async () => {
  await env.DB.exec("DELETE FROM outbox");
  await env.DB.exec("DELETE FROM dead_letters");
});

test("the relay sends outbox messages, oldest first per workspace, and deletes them", async () => {
  await env.DB.batch([add("T1", 2), add("T1", 1), add("T2", 3)]);
  const queue = createQueue();
  expect(await relay(queue)).toBe(3);
  expect(queue.sent.map(({ jobId }) => jobId)).toEqual(["job-1", "job-3", "job-2"]);
  expect(await outbox()).toEqual([]);
  expect(await relay(queue)).toBe(0);
  expect(queue.sent).toHaveLength(3);
});

test("the relay sends each outbox message to its own queue", async () => {
  const message = { taskId: "t", portfolioId: "p" };
  await env.DB.batch([
    add("T1", 1),
    prepare(
      env.DB,
      insertMessage({ workspaceId: "T1", now: "2026-11-23T08:00:00Z" }, "i", "cv-index", message).statement,
    ),
  ]);
  const queues = createQueues();
  expect(await relayOutbox(ctx, queues)).toBe(2);
  expect(queues["cv-push"].sent).toMatchObject([{ jobId: "job-1" }]);
  expect(queues["cv-index"].sent).toEqual([message]);
});

test("the relay sends a push's message as the consumer reads it", async () => {
  const world = await createWorld();
  await push(world, await approvedCommit(world));
  const queue = createQueue();
  await relayAll(world, createQueues(queue));
  const { id: jobId, traceId } = await jobFor(world, "d1cv");
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(queue.sent).toEqual([{ workspaceId: world.workspaceId, jobId, attempt: 1, traceId }]);
});

test("the relay keeps messages that the queue refuses, counts the attempt and throws", async () => {
  await add("T1", 1).run();
  const queue = createQueue();
  queue.isDown = true;
  await expect(relay(queue)).rejects.toThrow("queue is down");
  await expect(relay(queue)).rejects.toThrow("queue is down");
  expect(await outbox()).toEqual([{ id: "row-1", attempts: 2 }]);
  queue.isDown = false;
  expect(await relay(queue)).toBe(1);
  expect(await outbox()).toEqual([]);
});

test("the relay sends at most as many messages at a time as a queue takes", async () => {
  await env.DB.batch(Array.from({ length: 130 }, (_, index) => add("T1", index)));
  const queue = createQueue();
  expect(await relay(queue)).toBe(100);
  expect(await relay(queue)).toBe(30);
  expect(new Set(queue.sent.map(({ jobId }) => jobId)).size).toBe(130);
});

test("the relay takes turns between workspaces, so a busy one delays no other", async () => {
  await env.DB.batch(Array.from({ length: 500 }, (_, index) => add("T-busy", index)));
  await env.DB.batch([add("T-small", 990), add("T-other", 991), add("T-other", 992)]);
  const queue = createQueue();
  await relay(queue);
  expect(queue.sent.slice(0, 5).map(({ workspaceId, jobId }) => `${workspaceId} ${jobId}`)).toEqual([
    "T-busy job-0",
    "T-small job-990",
    "T-other job-991",
    "T-busy job-1",
    "T-other job-992",
  ]);
  expect(queue.sent).toHaveLength(100);
});

test("the relay keeps a batch far below the 256 KB limit of a queue", async () => {
  const world = await createWorld();
  await push(world, await approvedCommit(world));
  const queue = createQueue();
  await relayAll(world, createQueues(queue));
  const [message] = queue.sent;
  expect(message).toBeDefined();
  expect(relayBatchSize * JSON.stringify(message).length).toBeLessThan(256_000 / 8);
});

test("relays that run at once send each outbox message once", async () => {
  await env.DB.batch(Array.from({ length: 10 }, (_, index) => add("T1", index)));
  const queue = createQueue();
  await Promise.all([relay(queue), relay(queue), relay(queue)]);
  expect(queue.sent.map(({ jobId }) => jobId)).toEqual(Array.from({ length: 10 }, (_, index) => `job-${index}`));
  expect(await outbox()).toEqual([]);
});

test("the relay of a batch sends the messages of that batch first, and none of another workspace", async () => {
  await env.DB.batch([add("T2", 0), ...Array.from({ length: 120 }, (_, index) => add("T1", index + 1))]);
  const queue = createQueue();
  expect(await relayOutbox(ctx, createQueues(queue), { workspaceId: "T1" })).toBe(100);
  expect(queue.sent.map(({ jobId }) => jobId)).toEqual(Array.from({ length: 100 }, (_, index) => `job-${index + 21}`));
});

test("the relay of a batch claims what it sends, and nothing else", async () => {
  await env.DB.batch([add("T2", 0), ...Array.from({ length: 120 }, (_, index) => add("T1", index + 1))]);
  const queue = createQueue();
  const claimed: string[] = [];
  const looking = {
    ...queue,
    sendBatch: async (messages: Parameters<typeof queue.sendBatch>[0]) => {
      const { results } = await env.DB.prepare("SELECT id FROM outbox WHERE claimed_until IS NOT NULL").all();
      claimed.push(...results.map(({ id }) => String(id)));
      return queue.sendBatch(messages);
    },
  };
  await relayOutbox(ctx, createQueues(looking), { workspaceId: "T1" });
  expect(queue.sent).toHaveLength(relayBatchSize);
  expect(claimed.toSorted()).toEqual(queue.sent.map(({ jobId }) => jobId.replace("job", "row")).toSorted());
});

test("what a relay has claimed before it crashed is sent by a later one, and by nobody before", async () => {
  await add("T1", 1).run();
  const queue = createQueue();
  const crashed = { ...queue, sendBatch: () => new Promise<never>(() => {}) };
  void relayOutbox(ctx, { ...createQueues(), "cv-push": crashed });
  await vi.waitFor(async () =>
    expect(await env.DB.prepare("SELECT claimed_until FROM outbox").first("claimed_until")).not.toBeNull(),
  );
  expect(await relay(queue)).toBe(0);
  const later = { ...ctx, nowMs: () => ctx.nowMs() + claimedForMs };
  expect(await relayOutbox(later, createQueues(queue))).toBe(1);
  expect(queue.sent).toMatchObject([{ jobId: "job-1" }]);
});

test("the relay leaves a message that is written meanwhile for its next run", async () => {
  await add("T1", 1).run();
  const queue = createQueue();
  const slow = {
    ...queue,
    sendBatch: async (messages: Parameters<typeof queue.sendBatch>[0]) => {
      await add("T1", 2).run();
      return queue.sendBatch(messages);
    },
  };
  await relay(slow);
  expect(await outbox()).toMatchObject([{ id: "row-2" }]);
});

test("the relay sends messages of two workspaces under one id as two", async () => {
  await env.DB.batch([add("T1", 1), add("T2", 1)]);
  const queue = createQueue();
  expect(await relay(queue)).toBe(2);
  expect(queue.sent.map(({ workspaceId }) => workspaceId).toSorted()).toEqual(["T1", "T2"]);
});

describe("a message that cannot be sent", () => {
  test("an outbox message that cannot be sent becomes a dead letter after ten refusals", async () => {
    const { workspaceId } = await createWorld();
    await env.DB.batch([1, 2, 3, 4].map((index) => add(workspaceId, index)));
    const queue = createQueue();
    queue.refuses = '"job-1"';
    expect(await relay(queue)).toBe(3);
    expect(queue.sent.map(({ jobId }) => jobId).toSorted()).toEqual(["job-2", "job-3", "job-4"]);
    for (let round = 2; round <= 10; round += 1) {
      expect(await deadLetters(), `before round ${round}`).toEqual([]);
      await add(workspaceId, round + 10).run();
      expect(await relay(queue)).toBe(1);
    }
    expect(await outbox()).toEqual([]);
    expect(await deadLetters()).toMatchObject([
      {
        workspace_id: workspaceId,
        id: "row-1",
        number: 1,
        state: "kept",
        queue: "cv-push",
        attempts: 10,
        job_id: "job-1",
        cause: expect.stringContaining("message too large"),
      },
    ]);
  });

  test("an outbox message becomes a dead letter only after an outage of hours", async () => {
    const { workspaceId } = await createWorld();
    await env.DB.batch([1, 2, 3, 4].map((index) => add(workspaceId, index)));
    await env.DB.exec("UPDATE outbox SET attempts = 60");
    const queue = createQueue();
    queue.isDown = true;
    for (let round = 0; round < 20; round += 1) await expect(relay(queue)).rejects.toThrow("queue is down");
    expect(await outbox()).toHaveLength(4);
    expect(await deadLetters()).toEqual([]);
    for (let round = 0; round < 60; round += 1) await relay(queue).catch(() => {});
    expect(await outbox()).toEqual([]);
    expect(await deadLetters()).toHaveLength(4);
  });

  test.each([
    ["{not json", "queue:cv-push", "the message is not JSON"],
    ["{}", "queue:cv-elsewhere", "nothing is sent to queue:cv-elsewhere"],
  ])("an outbox message %s to %s becomes a dead letter at once", async (payload, destination, cause) => {
    await env.DB.prepare(
      "INSERT INTO outbox (workspace_id, id, destination, payload, created_at) VALUES ('T1', 'row-0', ?1, ?2, '2026-11-23')",
    )
      .bind(destination, payload)
      .run();
    await add("T1", 1).run();
    const queue = createQueue();
    expect(await relay(queue)).toBe(1);
    expect(await outbox()).toEqual([]);
    expect(await deadLetters()).toMatchObject([{ id: "row-0", cause, body: JSON.stringify(payload) }]);
  });
});
