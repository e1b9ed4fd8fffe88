/// <reference types="@cloudflare/vitest-plugin/types" />
import { evictDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const index = exports.VectorizeIndexStub;

/** A vector that points along one axis. */
const along = (axis: number): number[] => Array.from({ length: 768 }, (_, i) => (i === axis ? 1 : 0));
const vector = (id: string, axis: number, more: Partial<VectorizeVector> = {}): VectorizeVector => ({
  id,
  values: along(axis),
  ...more,
});

const startMs = Date.UTC(2026, 10, 23);
const passDelay = () => vi.setSystemTime(Date.now() + 400);

describe("Vectorize", () => {
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: startMs });
    await exports.default.fetch("https://local-ai/reset", { method: "POST" });
  });
  afterEach(() => vi.useRealTimers());

  it("local Vectorize shows an upsert only after the delay", async () => {
    const { mutationId } = await index.upsert([vector("a", 0, { metadata: { hash: "1" } })]);
    expect(await index.getByIds(["a"])).toEqual([]);
    expect(await index.describe()).toMatchObject({ vectorCount: 0, processedUpToMutation: null });

    passDelay();
    expect(await index.getByIds(["a"])).toEqual([vector("a", 0, { metadata: { hash: "1" } })]);
    expect(await index.describe()).toEqual({
      vectorCount: 1,
      dimensions: 768,
      processedUpToMutation: mutationId,
      processedUpToDatetime: new Date(startMs + 400).toISOString(),
    });
  });

  it("local Vectorize keeps a deleted vector visible until the delay has passed", async () => {
    await index.upsert([vector("a", 0), vector("b", 1)]);
    passDelay();
    await index.deleteByIds(["a", "unknown"]);
    expect((await index.describe()).vectorCount).toBe(2);
    passDelay();
    expect(await index.getByIds(["a", "b"])).toEqual([vector("b", 1)]);
  });

  it("local Vectorize applies mutations of one vector in their order", async () => {
    await index.upsert([vector("a", 0)]);
    await index.deleteByIds(["a"]);
    await index.upsert([vector("a", 2)]);
    passDelay();
    expect(await index.getByIds(["a"])).toEqual([vector("a", 2)]);
  });

  it("local Vectorize replaces a vector by upsert, and keeps it on insert", async () => {
    await index.upsert([vector("a", 0, { metadata: { hash: "1" } })]);
    await index.insert([vector("a", 1), vector("b", 1)]);
    passDelay();
    expect(await index.getByIds(["a"])).toEqual([vector("a", 0, { metadata: { hash: "1" } })]);
    await index.upsert([vector("a", 1)]);
    passDelay();
    expect(await index.getByIds(["a", "b"])).toEqual([vector("a", 1), vector("b", 1)]);
  });

  it("local Vectorize finds the nearest of one namespace first, with bare matches", async () => {
    const mixed = along(0).map((value, i) => (i === 1 ? 1 : value));
    await index.upsert([
      vector("far", 1, { namespace: "one", metadata: { hash: "f" } }),
      vector("near", 0, { namespace: "one", metadata: { hash: "n" } }),
      { id: "between", values: mixed, namespace: "one" },
      vector("foreign", 0, { namespace: "two" }),
    ]);
    passDelay();
    const found = await index.query(new Float32Array(along(0)), { namespace: "one", topK: 2 });
    expect(found.count).toBe(2);
    expect(found.matches).toEqual([
      { id: "near", namespace: "one", score: 1 },
      { id: "between", namespace: "one", score: expect.closeTo(Math.SQRT1_2, 5) },
    ]);
    const detailed = await index.query(along(1), {
      namespace: "one",
      topK: 1,
      returnValues: true,
      returnMetadata: "all",
    });
    expect(detailed.matches).toEqual([
      { id: "far", namespace: "one", score: 1, values: along(1), metadata: { hash: "f" } },
    ]);
    expect((await index.query(along(0), {})).count).toBe(4);
  });

  it("local Vectorize keeps vectors and pending mutations when its object is evicted", async () => {
    await index.upsert([vector("a", 0)]);
    passDelay();
    await index.upsert([vector("b", 1)]);
    await evictDurableObject(env.VECTORS.get(env.VECTORS.idFromName("cv-ops-portfolio")));
    passDelay();
    expect(await index.getByIds(["a", "b"])).toHaveLength(2);
  });

  it("local Vectorize accepts the largest batch of 1000 vectors", async () => {
    await index.upsert(Array.from({ length: 1000 }, (_, i) => vector(`id-${i}`, i % 768)));
    passDelay();
    expect((await index.describe()).vectorCount).toBe(1000);
  });

  it("local Vectorize is emptied by a reset, pending mutations included", async () => {
    await index.upsert([vector("a", 0)]);
    passDelay();
    expect((await index.describe()).vectorCount).toBe(1);
    await index.upsert([vector("b", 0)]);
    const answer = await exports.default.fetch("https://local-ai/reset", { method: "POST" });
    expect(answer.status).toBe(200);
    passDelay();
    expect(await index.describe()).toMatchObject({ vectorCount: 0, processedUpToMutation: null });
  });
});
