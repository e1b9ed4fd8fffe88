import { env } from "cloudflare:workers";
import { databasesOf } from "./storage/databases.ts";
import { expect, test } from "vitest";
import { createQueue, createQueues } from "../test/support/shared/world.ts";
import type { Effect } from "./effects.ts";
import { insertPushMessage } from "./storage/outbox.ts";
import { prepare } from "./storage/sql.ts";
import { createWithEffects } from "./with-effects.ts";

const at = "2026-11-23T08:00:20.000Z";
const every = (workspaceId: string): Effect[] => [
  { kind: "notify_followers", workspaceId },
  { kind: "wake_slack_outbox", workspaceId },
  { kind: "watch_deadline", workspaceId, at },
  { kind: "relay_outbox", workspaceId },
];

const setUp = () => {
  const done: string[] = [];
  const queue = createQueue();
  const bindings = {
    databases: databasesOf(env, () => 0),
    nowMs: () => 0,
    queues: createQueues(queue),
    notifyFollowers: async (workspaceId: string) => void done.push(`notify ${workspaceId}`),
    wakeSlackOutbox: async (workspaceId: string) => void done.push(`wake ${workspaceId}`),
    watchDeadline: async (workspaceId: string, atMs: number) =>
      void done.push(`watch ${workspaceId} ${new Date(atMs).toISOString()}`),
  };
  return { done, queue, bindings, withEffects: createWithEffects(bindings) };
};

const putInOutbox = (id: string) =>
  prepare(env.DB, insertPushMessage({ workspaceId: "T1", now: at }, id, { jobId: id, attempt: 1 }).statement).run();

test("effects are carried out when the work has ended, and its result is returned", async () => {
  await putInOutbox("once");
  const { done, queue, withEffects } = setUp();
  const result = await withEffects(async (effects) => {
    effects.add(every("T1"));
    expect(done).toEqual([]);
    return "result";
  });
  expect(result).toBe("result");
  expect(done).toEqual(["notify T1", "wake T1", `watch T1 ${at}`]);
  expect(queue.sent).toMatchObject([{ jobId: "once" }]);
});

test("each effect is carried out once for a workspace, with the earliest deadline", async () => {
  const { done, withEffects } = setUp();
  await withEffects(async (effects) => {
    effects.add([...every("T1"), ...every("T1"), ...every("T2")]);
    effects.add([{ kind: "watch_deadline", workspaceId: "T1", at: "2026-11-23T08:05:00.000Z" }]);
    effects.add([{ kind: "watch_deadline", workspaceId: "T2", at: "2026-11-23T08:00:01.000Z" }]);
  });
  expect(done.toSorted()).toEqual([
    "notify T1",
    "notify T2",
    "wake T1",
    "wake T2",
    `watch T1 ${at}`,
    "watch T2 2026-11-23T08:00:01.000Z",
  ]);
});

test("work that wrote nothing has no effects", async () => {
  const { done, queue, withEffects } = setUp();
  await putInOutbox("left");
  await withEffects(async () => null);
  expect([done, queue.sent]).toEqual([[], []]);
  await env.DB.exec("DELETE FROM outbox");
});

test("effects written before a failure are carried out, and the failure is passed on", async () => {
  const { done, withEffects } = setUp();
  const failing = withEffects(async (effects) => {
    effects.add([{ kind: "wake_slack_outbox", workspaceId: "T1" }]);
    throw new Error("rendering failed");
  });
  await expect(failing).rejects.toThrow("rendering failed");
  expect(done).toEqual(["wake T1"]);
});

test("effects of a request that must not wait are passed to waitUntil", async () => {
  const { bindings } = setUp();
  let isAwake = false;
  const awake = Promise.withResolvers<void>();
  const withEffects = createWithEffects({
    ...bindings,
    wakeSlackOutbox: () => awake.promise.then(() => void (isAwake = true)),
  });
  const kept: Promise<void>[] = [];
  await withEffects(
    async (effects) => effects.add([{ kind: "wake_slack_outbox", workspaceId: "T1" }]),
    (work) => void kept.push(work),
  );
  expect(isAwake).toBe(false);
  awake.resolve();
  await Promise.all(kept);
  expect(isAwake).toBe(true);
});

test("an effect that fails stops no other effect and fails no request", async () => {
  await putInOutbox("refused");
  const { done, queue, bindings } = setUp();
  queue.isDown = true;
  const withEffects = createWithEffects({
    ...bindings,
    notifyFollowers: () => Promise.reject(new Error("overloaded")),
    wakeSlackOutbox: () => Promise.reject(new Error("overloaded")),
  });
  await withEffects(async (effects) => effects.add(every("T1")));
  expect(done).toEqual([`watch T1 ${at}`]);
  expect(await env.DB.prepare("SELECT attempts FROM outbox WHERE id = 'refused'").first("attempts")).toBe(1);
  await env.DB.exec("DELETE FROM outbox");
});

test("effects of effects are carried out too: a dead letter invalidates every Home", async () => {
  const { done, withEffects } = setUp();
  await env.DB.prepare(
    "INSERT INTO outbox (workspace_id, id, destination, payload, created_at) VALUES ('T3', 'odd', 'queue:cv-push', 'no JSON', ?1)",
  )
    .bind(at)
    .run();
  await withEffects(async (effects) => effects.add([{ kind: "relay_outbox", workspaceId: "T3" }]));
  expect(done).toEqual([]);
  expect(await env.DB.prepare("SELECT cause FROM dead_letters").first("cause")).toBe("the message is not JSON");
});
