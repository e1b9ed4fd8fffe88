import { describe, expect, test } from "vitest";
import { createWorld, everythingOf, people, reasonOf, valueOf } from "../../../test/support/shared/world.ts";
import { reindexTargets } from "./reindex-targets.ts";
import { verifyTargets } from "./verify-targets.ts";

describe("a reindex", () => {
  test("a reindex restores missing vectors and is recorded with its number of rows", async () => {
    const world = await createWorld();
    world.ai.index.lost.add("technology/go-1");
    expect(valueOf(await reindexTargets(world.as("approver"), { target: null }))).toEqual({
      begun: [{ target: "ai-agent", rows: 3 }],
      without: ["d1cv"],
      failed: [],
    });
    expect(valueOf(await verifyTargets(world.as("approver"))).checks[1]?.found).toMatchObject({
      vectorCount: 3,
      synced: true,
    });
    expect(await world.table("job_events")).toMatchObject([
      { type: "target.reindexed", actor_id: people.approver, data: '{"target":"ai-agent","rows":3}' },
    ]);
  });

  test("a reindex of one target asks no other target", async () => {
    const world = await createWorld();
    valueOf(await reindexTargets(world.as("approver"), { target: "ai" }));
    expect(world.d1cv.calls).toEqual([]);
  });

  test("a reindex that is requested twice begins once and is recorded once", async () => {
    const world = await createWorld();
    const ctx = world.as("approver", { idempotencyKey: "slack:twice" });
    const results = await Promise.all([reindexTargets(ctx, { target: null }), reindexTargets(ctx, { target: null })]);
    const begun = { begun: [{ target: "ai-agent", rows: 3 }], without: ["d1cv"], failed: [] };
    expect(results.map((result) => valueOf(result))).toEqual([begun, begun]);
    expect(valueOf(await reindexTargets(ctx, { target: null }))).toEqual(begun);
    expect(world.ai.index.rebuilt).toHaveLength(1);
    expect(await world.eventTypes()).toEqual(["target.reindexed"]);
  });

  test("a second reindex command begins another reindex", async () => {
    const world = await createWorld();
    for (const _time of [1, 2]) valueOf(await reindexTargets(world.as("approver"), { target: null }));
    expect(world.ai.index.rebuilt).toHaveLength(2);
  });

  test("a reindex without an index or an answer is refused and not recorded", async () => {
    const world = await createWorld();
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await reindexTargets(world.as("approver"), { target: "d1cv" }))).toEqual({
      code: "reindex_failed",
      without: ["d1cv"],
      failed: [],
    });
    world.ai.isDown = true;
    expect(reasonOf(await reindexTargets(world.as("approver"), { target: null }))).toEqual({
      code: "reindex_failed",
      without: ["d1cv"],
      failed: [{ target: "ai-agent", message: "could not be reached" }],
    });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("a reindex of an unknown target, or by an editor, asks no target", async () => {
    const world = await createWorld();
    expect(reasonOf(await reindexTargets(world.as("approver"), { target: "nowhere" }))).toMatchObject({
      code: "unknown_target",
    });
    expect(reasonOf(await reindexTargets(world.as("otherAuthor"), { target: null }))).toMatchObject({
      code: "forbidden",
      needed: "approver",
    });
    expect([...world.d1cv.calls, ...world.ai.calls]).toEqual([]);
  });
});
