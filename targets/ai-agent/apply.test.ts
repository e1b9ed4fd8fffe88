import { env as bindings } from "cloudflare:test";
import { expect, test } from "vitest";
import { technology } from "../service/testing/kit.ts";
import { createWorld } from "./testing/world.ts";

const removal = (id: string) => ({ deletes: [{ entityType: "technology" as const, id, ifVersion: null }] });

test("ai-agent reports a commit as applied, then searchable, then verified", async () => {
  const world = createWorld();
  await world.apply("job-1", { inserts: [technology("rust-1"), technology("python-1")] });
  expect(world.receiver.received.map(({ body }) => body)).toMatchObject([
    { type: "job.progress", stage: "writing", percent: 30 },
    { type: "job.completed", result: { inserted: 2, d1Count: 2, vectorCount: 0, synced: false } },
  ]);
  expect((await world.read("/api/admin/jobs/job-1?portfolio=noor-vega")).body).toMatchObject({
    state: "applied",
    stage: "indexing",
  });

  expect(await world.consume()).toEqual([{ done: true }]);
  expect(world.receiver.received.slice(2).map(({ body }) => body)).toMatchObject([
    { type: "job.progress", stage: "indexing", percent: 60 },
    { type: "job.searchable", vectorCount: 2 },
    { type: "job.verified", result: { d1Count: 2, vectorCount: 2, synced: true } },
  ]);
  expect((await world.read("/api/admin/jobs/job-1?portfolio=noor-vega")).body).toMatchObject({
    stage: null,
    searchableAt: expect.any(String),
    verifiedAt: expect.any(String),
  });
});

test("ai-agent removes a deleted row permanently, and its id can be used again", async () => {
  const world = createWorld();
  await world.apply("job-1", { inserts: [technology("rust-1")] });
  const [before] = await world.rows();
  await world.apply("job-2", removal("rust-1"));
  expect(await world.rows()).toEqual([]);
  await world.apply("job-3", { inserts: [technology("rust-1")] });
  const stale = {
    entityType: "technology" as const,
    id: "rust-1",
    changes: { level: "Expert" },
    ifVersion: before?.version ?? null,
  };
  expect(await world.apply("job-4", { updates: [stale] })).toMatchObject({
    status: 409,
    body: { conflicts: [{ reason: "version" }] },
  });
});

test("ai-agent indexes a commit of 500 rows in five messages, and verifies it once", async () => {
  const world = createWorld();
  const ids = Array.from({ length: 500 }, (_, index) => `tech-${index}`);
  expect(await world.apply("job-1", { inserts: ids.map((id) => technology(id)) })).toMatchObject({ status: 202 });
  expect(world.queue.messages.map(({ rows }) => rows.length)).toEqual([100, 100, 100, 100, 100]);
  expect(JSON.stringify(world.queue.messages)).not.toContain("Backend");
  await world.consume();
  expect(world.model.calls).toEqual([100, 100, 100, 100, 100]);
  expect(world.receiver.types()).toEqual([
    "job.progress",
    "job.completed",
    "job.progress",
    "job.searchable",
    "job.verified",
  ]);
  expect(world.receiver.received.at(-1)?.body).toMatchObject({ result: { d1Count: 500, vectorCount: 500 } });
  expect((await world.read("/api/admin/verify?portfolio=noor-vega")).body).toEqual({
    d1Count: 500,
    vectorCount: 500,
    synced: true,
    mismatches: [],
  });
});

test("ai-agent sends a lost index task again by cron after 30 seconds", async () => {
  const world = createWorld();
  await world.apply("job-1", { inserts: [technology("rust-1")] });
  const [lost] = world.queue.messages.splice(0);
  await world.cron();
  expect(world.queue.messages).toEqual([]);
  await bindings.DB.prepare("UPDATE index_tasks SET due_at_ms = due_at_ms - 30000").run();
  await world.cron();
  expect(world.queue.messages).toEqual([lost]);
  await world.consume();
  await bindings.DB.prepare("UPDATE index_tasks SET due_at_ms = 0").run();
  await world.cron();
  expect(world.queue.messages).toEqual([]);
});

test("ai-agent applies a commit while the index queue is unavailable", async () => {
  const world = createWorld();
  world.queue.isDown = true;
  await world.apply("job-1", { inserts: [technology("rust-1")] });
  expect(world.receiver.types()).toEqual(["job.progress", "job.completed"]);
  world.queue.isDown = false;
  await bindings.DB.prepare("UPDATE index_tasks SET due_at_ms = 0").run();
  await world.cron();
  await world.consume();
  expect(world.receiver.types().at(-1)).toBe("job.verified");
});

test("ai-agent's verify finds missing, outdated and superfluous vectors", async () => {
  const world = createWorld();
  await world.apply("job-1", { inserts: [technology("a"), technology("b"), technology("c")] });
  await world.consume();
  await world.apply("job-2", {
    ...removal("a"),
    updates: [{ entityType: "technology", id: "b", changes: { summary: "New" }, ifVersion: null }],
  });
  const vector = [...world.index.vectors.values()].find(({ metadata }) => metadata?.["id"] === "c");
  world.index.vectors.delete(vector?.id ?? "");
  expect((await world.read("/api/admin/verify?portfolio=noor-vega")).body).toEqual({
    d1Count: 2,
    vectorCount: 2,
    synced: false,
    mismatches: [
      { entityType: "technology", id: "a", reason: "deleted, but in the index" },
      { entityType: "technology", id: "b", reason: "changed since indexed" },
      { entityType: "technology", id: "c", reason: "not in the index" },
    ],
  });
});
