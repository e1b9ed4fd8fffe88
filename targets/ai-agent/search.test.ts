import { describe, expect, test } from "vitest";
import { searchBody } from "../../shared/targets/protocol.ts";
import { technology } from "../service/testing/kit.ts";
import { createWorld } from "./testing/world.ts";

const setUp = async () => {
  const world = createWorld();
  await world.apply("job-1", {
    inserts: [
      technology("rust-1", { name: "Rust", summary: "Services, command line tools, embedded devices" }),
      technology("iron-1", { name: "Iron", summary: "rust rust rust" }),
      technology("jquery-1", { name: "jQuery", category: "Frontend" }),
    ],
  });
  await world.apply("job-1", { inserts: [technology("rust-9", { name: "Rust" })] }, { portfolioId: "ada-lindt" });
  await world.consume();
  const find = async (query: string) =>
    searchBody.parse((await world.read(`/api/search?portfolio=noor-vega&${query}`)).body).hits;
  return { ...world, find };
};

describe("search", () => {
  test("search ranks a row named as the query above rows of higher similarity", async () => {
    const { find } = await setUp();
    const hits = await find("q=rust");
    expect(hits.map(({ id }) => id)).toEqual(["rust-1", "iron-1", "jquery-1"]);
    expect(hits[0]).toEqual({ entityType: "technology", id: "rust-1", name: "Rust", score: expect.any(Number) });
    expect(hits[1]?.score).toBeGreaterThan(hits[0]?.score ?? 1);
  });

  test("search ranks a row named in a short query first, others by similarity", async () => {
    const { find } = await setUp();
    expect((await find("q=old%20rust%20rust"))[0]?.id).toBe("rust-1");
    expect((await find("q=a%20long%20question%20about%20rust%20rust%20rust"))[0]?.id).toBe("iron-1");
    expect((await find("q=frontend"))[0]?.id).toBe("jquery-1");
  });

  test("search leaves out rows below the threshold that is set, except one that the query names", async () => {
    const { find, env } = await setUp();
    const scored = await find("q=rust");
    const [named, , last] = scored;
    if (!named || !last) throw new Error("nothing was found");
    env.SEARCH_THRESHOLD = String(last.score + 0.001);
    expect((await find("q=rust")).map(({ id }) => id)).toEqual(scored.slice(0, 2).map(({ id }) => id));
    env.SEARCH_THRESHOLD = "1.1";
    expect((await find("q=rust")).map(({ id }) => id)).toEqual([named.id]);
    expect(await find("q=banana%20bread")).toEqual([]);
    env.SEARCH_THRESHOLD = "high";
    expect(await find("q=rust")).toEqual(scored);
  });

  test("search finds a row by the end of a text that is longer than the model reads", async () => {
    const world = await setUp();
    const long = `${"on a site ".repeat(255)}kubernetes kubernetes kubernetes kubernetes`;
    await world.apply("job-2", { inserts: [technology("ops-1", { name: "Operations", summary: long })] });
    await world.apply("job-3", {
      inserts: [technology("cut-1", { name: "Operations too", summary: "on a site ".repeat(255) })],
    });
    await world.consume();
    const scores = Object.fromEntries((await world.find("q=kubernetes")).map(({ id, score }) => [id, score]));
    expect(scores["ops-1"]).toBeGreaterThan(3 * (scores["cut-1"] ?? 1));
  });

  test("search excludes a deleted row whose vector still exists", async () => {
    const { find, apply, index } = await setUp();
    await apply("job-2", { deletes: [{ entityType: "technology", id: "jquery-1", ifVersion: null }] });
    expect(index.vectors.size).toBe(4);
    expect((await find("q=jQuery")).map(({ id }) => id)).not.toContain("jquery-1");
  });

  test("search returns at most the requested number of hits, of one portfolio", async () => {
    const { find } = await setUp();
    expect(await find("q=rust&limit=1")).toHaveLength(1);
    expect((await find("q=rust&limit=50")).map(({ id }) => id)).not.toContain("rust-9");
  });

  test("search requires the portfolio's token, a query and a valid limit", async () => {
    const { read } = await setUp();
    expect((await read("/api/search?portfolio=noor-vega&q=rust", "ada-lindt")).status).toBe(401);
    for (const query of ["", "q=", "q=%20", "q=rust&limit=0", "q=rust&limit=51", `q=${"x".repeat(501)}`]) {
      expect((await read(`/api/search?portfolio=noor-vega&${query}`)).status).toBe(422);
    }
  });
});
