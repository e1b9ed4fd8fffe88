import { expect, test } from "vitest";
import { technology } from "../service/testing/kit.ts";
import { createWorld } from "./testing/world.ts";

test("a ping sends a signed webhook and says that it arrived, and what the index is", async () => {
  const world = createWorld();
  await world.apply("job-1", { inserts: [technology("rust-1")] });
  await world.consume();
  expect(await world.ping()).toEqual({
    status: 200,
    body: {
      version: expect.stringMatching(/^[0-9a-f-]{36}$/),
      callback: { ok: true, error: null },
      index: { dimensions: 768, needed: 768, vectors: 1 },
    },
  });
  expect(world.receiver.pings).toMatchObject([{ target: "ai-agent", portfolioId: "noor-vega" }]);
});

test("a ping says why its webhook was not taken", async () => {
  const world = createWorld();
  world.receiver.answer = () => 401;
  expect(await world.ping()).toMatchObject({ body: { callback: { ok: false, error: "status 401" } } });
  expect(await world.ping({}, "https://elsewhere.example/v2/webhook/target")).toMatchObject({
    body: { callback: { ok: false, error: expect.stringContaining("callback address") } },
  });
});

test("a ping says of an index what it is made for, and where it gives no answer", async () => {
  const world = createWorld();
  world.index.dimensions = 384;
  expect(await world.ping()).toMatchObject({ body: { index: { dimensions: 384, needed: 768 } } });
  world.index.describe = () => Promise.reject(new Error("vectorize.unknown_index"));
  expect(await world.ping()).toMatchObject({ status: 200, body: { index: { dimensions: null, needed: 768 } } });
});

test("a ping that is not signed sends nothing", async () => {
  const world = createWorld();
  const secret = `whsec_${btoa("somebody else's secret, 32 bytes")}`;
  expect(await world.ping({ secret })).toMatchObject({ status: 401 });
  expect(world.receiver.pings).toEqual([]);
});
