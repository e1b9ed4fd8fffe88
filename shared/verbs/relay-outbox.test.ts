import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { insertPushMessage } from "../storage/outbox.ts";
import { approvedCommit, createQueue, createWorld, jobFor, push } from "../testing/world.ts";
import { relayBatchSize, relayOutbox } from "./relay-outbox.ts";

const outbox = async () => (await env.DB.prepare("SELECT id, attempts FROM outbox ORDER BY created_at").all()).results;
const add = (workspaceId: string, index: number) =>
  insertPushMessage(
    env.DB,
    `row-${index}`,
    { workspaceId, jobId: `job-${index}`, attempt: 1 },
    `2026-11-23T08:00:${String(index).padStart(3, "0")}Z`,
  );

beforeEach(async () => {
  await env.DB.exec("DELETE FROM outbox");
});

test("sends what waits, of each workspace the oldest first, and forgets it", async () => {
  await env.DB.batch([add("T1", 2), add("T1", 1), add("T2", 3)]);
  const queue = createQueue();
  expect(await relayOutbox(env.DB, queue)).toBe(3);
  expect(queue.sent.map(({ jobId }) => jobId)).toEqual(["job-1", "job-3", "job-2"]);
  expect(await outbox()).toEqual([]);
  expect(await relayOutbox(env.DB, queue)).toBe(0);
  expect(queue.sent).toHaveLength(3);
});

test("sends the message of a push as the consumer reads it", async () => {
  const world = await createWorld();
  await push(world, await approvedCommit(world));
  const queue = createQueue();
  await relayOutbox(env.DB, queue);
  expect(queue.sent).toEqual([{ workspaceId: world.workspaceId, jobId: (await jobFor(world, "d1cv")).id, attempt: 1 }]);
});

test("keeps what the queue refuses, counts the attempt, and throws", async () => {
  await add("T1", 1).run();
  const queue = createQueue();
  queue.isDown = true;
  await expect(relayOutbox(env.DB, queue)).rejects.toThrow("queue is down");
  await expect(relayOutbox(env.DB, queue)).rejects.toThrow("queue is down");
  expect(await outbox()).toEqual([{ id: "row-1", attempts: 2 }]);
  queue.isDown = false;
  expect(await relayOutbox(env.DB, queue)).toBe(1);
  expect(await outbox()).toEqual([]);
});

test("sends at most as many at a time as a queue takes", async () => {
  await env.DB.batch(Array.from({ length: 130 }, (_, index) => add("T1", index)));
  const queue = createQueue();
  expect(await relayOutbox(env.DB, queue)).toBe(100);
  expect(await relayOutbox(env.DB, queue)).toBe(30);
  expect(new Set(queue.sent.map(({ jobId }) => jobId)).size).toBe(130);
});

test("takes turns between the workspaces: five hundred rows of one do not hold up another's one", async () => {
  await env.DB.batch(Array.from({ length: 500 }, (_, index) => add("T-busy", index)));
  await env.DB.batch([add("T-small", 990), add("T-other", 991), add("T-other", 992)]);
  const queue = createQueue();
  await relayOutbox(env.DB, queue);
  expect(queue.sent.slice(0, 5).map(({ workspaceId, jobId }) => `${workspaceId} ${jobId}`)).toEqual([
    "T-busy job-0",
    "T-small job-990",
    "T-other job-991",
    "T-busy job-1",
    "T-other job-992",
  ]);
  expect(queue.sent).toHaveLength(100);
});

test("a call stays far below the 256 KB that a queue takes", async () => {
  const world = await createWorld();
  await push(world, await approvedCommit(world));
  const queue = createQueue();
  await relayOutbox(env.DB, queue);
  const [message] = queue.sent;
  expect(message).toBeDefined();
  expect(relayBatchSize * JSON.stringify(message).length).toBeLessThan(256_000 / 8);
});

test("several at once lose nothing; what is sent twice the consumer ignores", async () => {
  await env.DB.batch(Array.from({ length: 10 }, (_, index) => add("T1", index)));
  const queue = createQueue();
  await Promise.all([relayOutbox(env.DB, queue), relayOutbox(env.DB, queue), relayOutbox(env.DB, queue)]);
  expect(new Set(queue.sent.map(({ jobId }) => jobId)).size).toBe(10);
  expect(await outbox()).toEqual([]);
});

test("a row that is written while the queue takes the others waits for the next time", async () => {
  await add("T1", 1).run();
  const queue = createQueue();
  const slow = {
    sendBatch: async (messages: Parameters<typeof queue.sendBatch>[0]) => {
      await add("T1", 2).run();
      return queue.sendBatch(messages);
    },
  };
  await relayOutbox(env.DB, slow);
  expect(await outbox()).toMatchObject([{ id: "row-2" }]);
});

test("rows of two workspaces under one id are two rows", async () => {
  await env.DB.batch([add("T1", 1), add("T2", 1)]);
  const queue = createQueue();
  expect(await relayOutbox(env.DB, queue)).toBe(2);
  expect(queue.sent.map(({ workspaceId }) => workspaceId).toSorted()).toEqual(["T1", "T2"]);
});
