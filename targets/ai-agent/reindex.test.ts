import { env as bindings } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { handleIndexMessage } from "../../consumers/index-vectors.ts";
import { technology } from "../service/testing/kit.ts";
import { vectorIdOf } from "./content.ts";
import { createWorld } from "./testing/world.ts";

const verify = async (world: ReturnType<typeof createWorld>, portfolioId: "noor-vega" | "ada-lindt" = "noor-vega") =>
  (await world.read(`/api/admin/verify?portfolio=${portfolioId}`, portfolioId)).body;
const tasks = (): Promise<unknown> => bindings.DB.prepare("SELECT count(*) AS count FROM index_tasks").first("count");

/** Three rows in the index, one row deleted from both. */
const indexed = async () => {
  const world = createWorld();
  await world.apply("job-1", {
    inserts: [technology("rust-1", { name: "Rust" }), technology("go-1"), technology("jquery-1"), technology("zig-1")],
  });
  await world.apply("job-2", { deletes: [{ entityType: "technology", id: "jquery-1", ifVersion: null }] });
  await world.consume();
  expect(await verify(world)).toMatchObject({ d1Count: 3, vectorCount: 3, synced: true });
  world.receiver.received = [];
  world.model.calls = [];
  return world;
};

describe("a reindex", () => {
  test("a reindex restores lost vectors, so that verify and search find them", async () => {
    const world = await indexed();
    world.index.vectors.clear();
    expect(await verify(world)).toMatchObject({ d1Count: 3, vectorCount: 0, synced: false });
    expect(await world.reindex("req-1")).toEqual({ status: 202, body: { accepted: true, rows: 3 } });
    expect(await world.consume()).toEqual([{ done: true }]);
    expect(await verify(world)).toEqual({ d1Count: 3, vectorCount: 3, synced: true, mismatches: [] });
    expect((await world.read("/api/search?portfolio=noor-vega&q=Rust&limit=1")).body).toMatchObject({
      hits: [{ id: "rust-1" }],
    });
  });

  test("a reindex is incomplete until the index shows the vectors", async () => {
    const world = await indexed();
    world.index.vectors.clear();
    world.index.isLate = true;
    await world.reindex("req-1");
    const [message] = world.queue.messages;
    expect(await world.consume()).toMatchObject([{ done: false }]);
    world.index.settle();
    expect(await handleIndexMessage(world.consumer, message)).toEqual({ done: true });
    expect(await verify(world)).toMatchObject({ vectorCount: 3, synced: true });
  });

  test("a reindex includes rows that have no record of their vector", async () => {
    const world = await indexed();
    world.index.vectors.clear();
    await bindings.DB.prepare("DELETE FROM vectors WHERE id = 'rust-1'").run();
    await world.reindex("req-1");
    await world.consume();
    expect(await verify(world)).toMatchObject({ vectorCount: 3, synced: true });
  });

  test("a reindex sends no webhooks, because it is no job", async () => {
    const world = await indexed();
    world.index.vectors.clear();
    await world.reindex("req-1");
    await world.consume();
    expect(world.receiver.received).toEqual([]);
    expect(await bindings.DB.prepare("SELECT count(*) AS count FROM receipts").first("count")).toBe(2);
  });

  test("a reindex embeds only rows whose vector is missing or outdated", async () => {
    const world = await indexed();
    world.index.vectors.delete(await vectorIdOf("noor-vega", { entityType: "technology", id: "go-1" }));
    await world.reindex("req-1");
    await world.consume();
    expect(world.model.calls).toEqual([1]);
  });

  test("a reindex is idempotent for one request, also concurrently", async () => {
    const world = await indexed();
    const before = Number(await tasks());
    const answers = await Promise.all([world.reindex("req-1"), world.reindex("req-1")]);
    await world.apply("job-3", { inserts: [technology("c-1")] });
    await world.consume();
    answers.push(await world.reindex("req-1"));
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ status: 202, body: { accepted: true, rows: 3 } })));
    expect(await tasks()).toBe(before + 2);
    expect(world.queue.messages).toEqual([]);
  });

  test("a reindex starts again for another request id", async () => {
    const world = await indexed();
    for (const requestId of ["req-1", "req-2"]) {
      world.index.vectors.clear();
      await world.reindex(requestId);
      await world.consume();
      expect(await verify(world)).toMatchObject({ vectorCount: 3, synced: true });
    }
  });

  test("a reindex that could not be queued is sent by cron", async () => {
    const world = await indexed();
    world.index.vectors.clear();
    world.queue.isDown = true;
    expect(await world.reindex("req-1")).toMatchObject({ status: 202 });
    world.queue.isDown = false;
    await bindings.DB.prepare("UPDATE index_tasks SET due_at_ms = 0 WHERE state = 'open'").run();
    await world.cron();
    await world.consume();
    expect(await verify(world)).toMatchObject({ vectorCount: 3, synced: true });
  });

  test("a reindex uses several messages for more rows than one can contain", async () => {
    const world = createWorld();
    await world.apply("job-1", { inserts: Array.from({ length: 101 }, (_, index) => technology(`t-${index}`)) });
    await world.consume();
    world.index.vectors.clear();
    expect(await world.reindex("req-1")).toMatchObject({ body: { rows: 101 } });
    expect(world.queue.messages.map(({ rows }) => rows.length).toSorted((a, b) => a - b)).toEqual([1, 100]);
    await world.consume();
    expect(await verify(world)).toMatchObject({ vectorCount: 101, synced: true });
  });

  test("a reindex does not affect other portfolios", async () => {
    const world = await indexed();
    await world.apply("job-1", { inserts: [technology("rust-1")] }, { portfolioId: "ada-lindt" });
    await world.consume();
    world.index.vectors.clear();
    expect(await world.reindex("req-1", "ada-lindt")).toMatchObject({ body: { rows: 1 } });
    await world.consume();
    expect(await verify(world, "ada-lindt")).toMatchObject({ vectorCount: 1, synced: true });
    expect(await verify(world)).toMatchObject({ vectorCount: 0, synced: false });
  });

  test("a reindex without the portfolio's signature is refused and changes nothing", async () => {
    const world = await indexed();
    const before = await tasks();
    const foreign = `whsec_${btoa("somebody else".padEnd(32, "."))}`;
    expect(await world.reindex("req-1", "noor-vega", { secret: foreign })).toMatchObject({ status: 401 });
    expect(await tasks()).toBe(before);
  });

  test("a reindex of an empty portfolio covers no row", async () => {
    const world = createWorld();
    expect(await world.reindex("req-1")).toEqual({ status: 202, body: { accepted: true, rows: 0 } });
    expect(world.queue.messages).toEqual([]);
  });
});
