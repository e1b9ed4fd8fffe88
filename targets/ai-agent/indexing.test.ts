import { env as bindings } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { handleIndexMessage } from "../../consumers/index-vectors.ts";
import { technology } from "../service/testing/kit.ts";
import { vectorIdOf } from "./content.ts";
import { pruneTasks } from "./tasks.ts";
import { createWorld } from "./testing/world.ts";

type World = ReturnType<typeof createWorld>;

const takeMessage = (world: World) => {
  const [message] = world.queue.messages.splice(0);
  if (!message) throw new Error("no message was sent");
  return message;
};
const removal = (id: string) => ({ deletes: [{ entityType: "technology" as const, id, ifVersion: null }] });
const change = (id: string, summary: string) => ({
  updates: [{ entityType: "technology" as const, id, changes: { summary }, ifVersion: null }],
});
const vectorOf = async (world: World, id: string) =>
  world.index.vectors.get(await vectorIdOf("noor-vega", { entityType: "technology", id }));
const unfinished = (): Promise<unknown> =>
  bindings.DB.prepare("SELECT count(*) AS count FROM index_tasks WHERE state = 'open'").first("count");

describe("the index consumer with ai-agent", () => {
  test("indexing stores each row in its portfolio's namespace, with metadata", async () => {
    const world = createWorld();
    await world.apply("job-1", { inserts: [technology("rust-1", { name: "Rust" })] });
    await world.consume();
    expect(await vectorOf(world, "rust-1")).toMatchObject({
      namespace: "noor-vega",
      metadata: {
        entityType: "technology",
        id: "rust-1",
        name: "Rust",
        contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });

  test("indexing waits for vectors that are not visible yet, without another embedding", async () => {
    const world = createWorld();
    world.index.isLate = true;
    await world.apply("job-1", { inserts: [technology("rust-1")] });
    const message = takeMessage(world);
    expect(await handleIndexMessage(world.consumer, message, 1)).toMatchObject({ done: false, retryInSeconds: 2 });
    expect(await handleIndexMessage(world.consumer, message, 2)).toMatchObject({ done: false, retryInSeconds: 4 });
    expect(await handleIndexMessage(world.consumer, message, 9)).toMatchObject({ done: false, retryInSeconds: 60 });
    expect(world.model.calls).toEqual([1]);
    expect(world.receiver.types()).toEqual(["job.progress", "job.completed", "job.progress"]);

    world.index.settle();
    expect(await handleIndexMessage(world.consumer, message, 10)).toEqual({ done: true });
    expect(world.model.calls).toEqual([1]);
    expect(world.receiver.types().slice(3)).toEqual(["job.searchable", "job.verified"]);
  });

  test("vectors that are visible only after the last delivery of their message are verified by cron's next one", async () => {
    const world = createWorld();
    world.index.isLate = true;
    await world.apply("job-1", { inserts: [technology("rust-1")] });
    const message = takeMessage(world);
    expect(await handleIndexMessage(world.consumer, message, 1)).toMatchObject({ done: false });
    expect(await handleIndexMessage(world.consumer, message, 10)).toEqual({ done: true });
    expect(world.receiver.types()).not.toContain("job.verified");
    world.index.settle();
    await bindings.DB.prepare("UPDATE index_tasks SET due_at_ms = 0").run();
    await world.cron();
    expect(await handleIndexMessage(world.consumer, takeMessage(world), 1)).toEqual({ done: true });
    expect(world.model.calls).toEqual([1]);
    expect(world.receiver.types()).toContain("job.verified");
  });

  test("indexing reports its progress, and again by cron when the receiver failed", async () => {
    const world = createWorld();
    world.index.isLate = true;
    await world.apply("job-1", { inserts: [technology("rust-1")] });
    world.receiver.answer = () => 503;
    await handleIndexMessage(world.consumer, takeMessage(world));
    world.receiver.answer = () => 200;
    await bindings.DB.prepare("UPDATE callbacks SET due_at_ms = 0").run();
    await world.cron();
    expect(world.receiver.received.map(({ body }) => body).slice(2)).toMatchObject([
      { type: "job.progress", stage: "indexing" },
      { type: "job.progress", stage: "indexing" },
    ]);
  });

  test("indexing sends vectors again that were lost on the way into the index", async () => {
    const world = createWorld();
    world.index.isLate = true;
    await world.apply("job-1", { inserts: [technology("rust-1")] });
    const message = takeMessage(world);
    await handleIndexMessage(world.consumer, message);
    await bindings.DB.prepare("UPDATE vectors SET submitted_at_ms = submitted_at_ms - 60000").run();
    await handleIndexMessage(world.consumer, message);
    expect(world.model.calls).toEqual([1, 1]);
  });

  test("indexing removes a deleted row's vector, and then its tombstone", async () => {
    const world = createWorld();
    await world.apply("job-1", { inserts: [technology("jquery-1"), technology("rust-1")] });
    await world.consume();
    world.index.isLate = true;
    await world.apply("job-2", removal("jquery-1"));
    const message = takeMessage(world);
    expect(await handleIndexMessage(world.consumer, message)).toMatchObject({ done: false });
    expect(
      await bindings.DB.prepare("SELECT count(*) AS count FROM vectors WHERE desired_version IS NULL").first("count"),
    ).toBe(1);
    world.index.settle();
    expect(await handleIndexMessage(world.consumer, message)).toEqual({ done: true });
    expect(await bindings.DB.prepare("SELECT id FROM vectors").all()).toMatchObject({ results: [{ id: "rust-1" }] });
    expect(world.receiver.received.at(-1)?.body).toMatchObject({
      type: "job.verified",
      jobId: "job-2",
      result: { d1Count: 1, vectorCount: 1, synced: true },
    });
  });

  test("indexing embeds no row whose text is already in the index", async () => {
    const world = createWorld();
    await world.apply("job-1", { inserts: [technology("rust-1")] });
    await world.consume();
    await world.apply("job-2", {
      updates: [{ entityType: "technology", id: "rust-1", changes: { is_featured: true }, ifVersion: null }],
    });
    expect(await world.consume()).toEqual([{ done: true }]);
    expect(world.model.calls).toEqual([1]);
    expect(world.receiver.received.at(-1)?.body).toMatchObject({ type: "job.verified", jobId: "job-2" });
  });

  test("indexing repeats a row that changed during its embedding", async () => {
    const world = createWorld();
    await world.apply("job-1", { inserts: [technology("rust-1")] });
    const message = takeMessage(world);
    const { run } = world.model;
    world.model.run = async (...input) => {
      world.model.run = run;
      await world.apply("job-2", change("rust-1", "Changed meanwhile"));
      return run(...input);
    };
    expect(await handleIndexMessage(world.consumer, message)).toMatchObject({
      done: false,
      reason: "rows changed meanwhile",
    });
    expect(world.receiver.types()).not.toContain("job.verified");
    expect(await handleIndexMessage(world.consumer, message)).toEqual({ done: true });
    expect(await world.consume()).toEqual([{ done: true }]);
    expect((await world.read("/api/admin/verify?portfolio=noor-vega")).body).toMatchObject({ synced: true });
    expect(
      world.receiver.received.filter(({ body }) => body.type === "job.verified").map(({ body }) => body.jobId),
    ).toEqual(["job-1", "job-2"]);
  });

  test("indexing repairs a newer vector that a slow consumer overwrote", async () => {
    const world = createWorld();
    await world.apply("job-1", { inserts: [technology("rust-1")] });
    const slow = takeMessage(world);
    const upsert = world.index.upsert.bind(world.index);
    world.index.upsert = async (vectors) => {
      world.index.upsert = upsert;
      await world.apply("job-2", change("rust-1", "Newer"));
      await world.consume();
      return upsert(vectors);
    };
    expect(await handleIndexMessage(world.consumer, slow)).toMatchObject({ done: false });
    expect(await handleIndexMessage(world.consumer, slow)).toEqual({ done: true });
    expect((await world.read("/api/admin/verify?portfolio=noor-vega")).body).toMatchObject({ synced: true });
  });

  test("indexing restores a row that was inserted again during its vector's deletion", async () => {
    const world = createWorld();
    await world.apply("job-1", { inserts: [technology("rust-1")] });
    await world.consume();
    await world.apply("job-2", removal("rust-1"));
    const deleting = takeMessage(world);
    const deleteByIds = world.index.deleteByIds.bind(world.index);
    world.index.deleteByIds = async (ids) => {
      world.index.deleteByIds = deleteByIds;
      await world.apply("job-3", { inserts: [technology("rust-1")] });
      await world.consume();
      return deleteByIds(ids);
    };
    expect(await handleIndexMessage(world.consumer, deleting)).toMatchObject({ done: false });
    expect(await vectorOf(world, "rust-1")).toBeUndefined();
    expect(await handleIndexMessage(world.consumer, deleting)).toEqual({ done: true });
    expect(await vectorOf(world, "rust-1")).toBeDefined();
    expect(await unfinished()).toBe(0);
  });

  test("indexing ignores a task that is done or does not exist", async () => {
    const world = createWorld();
    await world.apply("job-1", { inserts: [technology("rust-1")] });
    const message = takeMessage(world);
    await handleIndexMessage(world.consumer, message);
    const received = world.receiver.received.length;
    expect(await handleIndexMessage(world.consumer, message)).toEqual({ done: true });
    expect(await handleIndexMessage(world.consumer, { ...message, taskId: "unknown" })).toEqual({ done: true });
    expect(world.receiver.received).toHaveLength(received);
    expect(world.index.upserts).toBe(1);
  });

  test("indexing separates portfolios whose rows have the same ids", async () => {
    const world = createWorld();
    await world.apply("job-1", { inserts: [technology("rust-1", { name: "Noor's" })] });
    await world.apply("job-1", { inserts: [technology("rust-1", { name: "Ada's" })] }, { portfolioId: "ada-lindt" });
    await world.consume();
    expect(world.index.vectors.size).toBe(2);
    await world.apply("job-2", removal("rust-1"));
    await world.consume();
    expect([...world.index.vectors.values()].map(({ namespace, metadata }) => [namespace, metadata?.["name"]])).toEqual(
      [["ada-lindt", "Ada's"]],
    );
  });
});

test("index work that is done is kept for 90 days, and open work for ever", async () => {
  const world = createWorld();
  await world.apply("job-1", { inserts: [technology("rust-1", { name: "Rust" })] });
  await world.consume();
  await world.apply("job-2", { inserts: [technology("zig-1", { name: "Zig" })] });
  const kept = async (): Promise<unknown[]> => {
    const { results } = await bindings.DB.prepare("SELECT job_id AS job, state FROM index_tasks ORDER BY job_id").all();
    return results.map(({ job, state }) => `${String(job)} ${String(state)}`);
  };
  const inDays = (days: number): number => Date.now() + days * 86_400_000;
  await pruneTasks(bindings.DB, inDays(89));
  expect(await kept()).toEqual(["job-1 done", "job-2 open"]);
  await pruneTasks(bindings.DB, inDays(91));
  expect(await kept()).toEqual(["job-2 open"]);
});
