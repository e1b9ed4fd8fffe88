/** The rows that forms show, kept in KV: whose they are, how long they last, when they are forgotten. */
import { env } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { applied } from "../../../test/support/bot/fake-target.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { targets } from "../../../test/support/bot/stand-ins.ts";
import { type CacheStore, createRowCache } from "./row-cache.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, approver } = people;

const keysOf = async ({ team }: World): Promise<string[]> =>
  (await env.CACHE.list({ prefix: `rows:${team}:` })).keys
    .map(({ name }) => name.slice(`rows:${team}:`.length))
    .toSorted();

const reads = (target: keyof typeof targets): number =>
  targets[target].requests.filter((line) => line.endsWith("/technology")).length;

describe("cached rows", () => {
  test("cached rows are kept for a while by workspace and target", async () => {
    const world = await createWorld();
    await new Screen(world, author).command("stage");
    expect(await keysOf(world)).toEqual(["ai-agent", "d1cv"]);
    const other = await createWorld();
    expect(await keysOf(other)).toEqual([]);
    const { keys } = await env.CACHE.list({ prefix: `rows:${world.team}:` });
    expect(keys[0]?.expiration).toBeTypeOf("number");
  });

  test("cached rows that cannot be read are requested again", async () => {
    const world = await createWorld();
    await env.CACHE.put(`rows:${world.team}:d1cv`, '{"rows":"of another version"}');
    const screen = await new Screen(world, author).command("stage");
    expect((await screen.suggest("row", "py")).options.map(({ value }) => value)).toEqual(["python-1"]);
  });

  test("what is remembered of a target is one key for all types, so a push deletes one key a target", async () => {
    const stored = new Map<string, string>();
    const writes: string[] = [];
    const cache = createRowCache({
      get: async (key: string) => stored.get(key) ?? null,
      put: async (key: string, value: string) => void stored.set(key, value),
      delete: async (key: string) => void writes.push(key),
    } as unknown as CacheStore);
    await cache.forget("T1", "d1cv");
    expect(writes).toEqual(["rows:T1:d1cv"]);
  });

  test("cached rows of one target are not offered for another", async () => {
    const world = await createWorld();
    targets["ai-agent"].put(world.portfolioId, "technology", "only-here", { name: "Only here" });
    const screen = await new Screen(world, author).command("stage");
    screen.type("targets", ["ai-agent"]);
    expect((await screen.suggest("row", "only")).options.map(({ value }) => value)).toEqual(["only-here"]);
    screen.type("targets", ["d1cv"]);
    expect((await screen.suggest("row", "only")).options).toEqual([]);
  });

  test("cached rows are deleted when their target has applied a commit", async () => {
    const world = await createWorld();
    await world.run(
      [author, "stage update technology python-1 experience_years=8"],
      [author, "commit x"],
      [approver, "approve 1"],
      [approver, "push 1 all"],
    );
    const screen = await new Screen(world, author).command("stage");
    await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 50 });
    expect(await keysOf(world)).toEqual(["ai-agent", "d1cv"]);
    await world.report("d1cv", { type: "job.completed", result: applied() });
    expect(await keysOf(world)).toEqual(["ai-agent"]);

    world.putRow("python-1", { name: "Python", experience_years: 8 });
    const before = reads("d1cv");
    screen.type("targets", ["d1cv"]);
    await screen.suggest("row", "py");
    expect(reads("d1cv")).toBe(before + 1);
  });
});
