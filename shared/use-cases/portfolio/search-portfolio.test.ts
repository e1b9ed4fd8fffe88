import { describe, expect, test } from "vitest";
import { commit, createWorld, everythingOf, reasonOf, stage, valueOf } from "../../../test/support/shared/world.ts";
import { searchPortfolio } from "./search-portfolio.ts";

describe("a search", () => {
  test("a search is answered by the target that has one, best hit first", async () => {
    const world = await createWorld();
    expect(valueOf(await searchPortfolio(world.as("viewer"), { query: "  Python ", limit: 5 }))).toEqual({
      query: "Python",
      target: "ai-agent",
      hits: [{ entityType: "technology", id: "python-1", name: "Python", score: 0.9 }],
      commits: [],
      mayChange: false,
    });
    expect(world.d1cv.calls).toEqual(["GET search"]);
  });

  test("a search finds commits by all words of their message and summary, the newest first", async () => {
    const world = await createWorld();
    await stage(world);
    const first = await commit(world);
    await stage(world, { values: { level: "Expert" } });
    const second = await commit(world);
    const found = async (query: string) =>
      valueOf(await searchPortfolio(world.as("viewer"), { query, limit: 5 })).commits.map(({ number }) => number);
    expect(await found("PYTHON")).toEqual([second, first]);
    expect(await found("python expert")).toEqual([second]);
    expect(await found("python 100%_")).toEqual([]);
  });

  test("a search says whether the reader may change what it finds", async () => {
    const world = await createWorld();
    expect(valueOf(await searchPortfolio(world.as("otherAuthor"), { query: "Go", limit: 5 })).mayChange).toBe(true);
  });

  test("a search lists no more hits than the limit, and none for an unknown word", async () => {
    const world = await createWorld();
    expect(
      valueOf(await searchPortfolio(world.as("viewer"), { query: "Go Python jQuery", limit: 2 })).hits,
    ).toHaveLength(2);
    expect(valueOf(await searchPortfolio(world.as("viewer"), { query: "COBOL", limit: 2 })).hits).toEqual([]);
  });

  test("a search needs only one target that answers", async () => {
    const world = await createWorld();
    world.d1cv.isDown = true;
    expect(valueOf(await searchPortfolio(world.as("viewer"), { query: "Go", limit: 5 })).target).toBe("ai-agent");
  });

  test("a search names the targets that gave no answer when none did", async () => {
    const world = await createWorld();
    world.ai.isDown = true;
    expect(reasonOf(await searchPortfolio(world.as("viewer"), { query: "Go", limit: 5 }))).toEqual({
      code: "search_unavailable",
      unanswered: [{ target: "ai-agent", message: "could not be reached" }],
    });
  });

  test.each([
    ["", { code: "query_required" }],
    ["   ", { code: "query_required" }],
    ["x".repeat(201), { code: "query_too_long", length: 201, maxLength: 200 }],
  ])("a search for %j is refused without asking a target", async (query, reason) => {
    const world = await createWorld();
    expect(reasonOf(await searchPortfolio(world.as("viewer"), { query, limit: 5 }))).toEqual(reason);
    expect([...world.d1cv.calls, ...world.ai.calls]).toEqual([]);
  });

  test("a search with half a character is sent without it, in one normal form", async () => {
    const world = await createWorld();
    const found = valueOf(await searchPortfolio(world.as("viewer"), { query: "Cafe\u0301 \ud83d", limit: 5 }));
    expect(found.query).toBe("Café \ufffd");
  });

  test("a search with a query of 200 characters is sent", async () => {
    const world = await createWorld();
    expect(valueOf(await searchPortfolio(world.as("viewer"), { query: "x".repeat(200), limit: 5 })).hits).toEqual([]);
  });

  test("a search changes nothing in the workspace", async () => {
    const world = await createWorld();
    const before = await everythingOf(world.workspaceId);
    valueOf(await searchPortfolio(world.as("viewer"), { query: "Go", limit: 5 }));
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });
});
