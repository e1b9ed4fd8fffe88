import { describe, expect, test } from "vitest";
import { createWorld, everythingOf, reasonOf, valueOf } from "../../../test/support/shared/world.ts";
import { verifyTargets } from "./verify-targets.ts";

describe("a comparison of the targets' stores", () => {
  test("says of each what it holds, and that they hold as many rows", async () => {
    const world = await createWorld();
    const before = await everythingOf(world.workspaceId);
    expect(valueOf(await verifyTargets(world.as("approver")))).toEqual({
      checks: [
        { target: "d1cv", found: { d1Count: 3, vectorCount: null, synced: true, mismatches: [] }, problem: null },
        { target: "ai-agent", found: { d1Count: 3, vectorCount: 3, synced: true, mismatches: [] }, problem: null },
      ],
      sameCount: true,
    });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("shows vectors that are missing, and that one target holds more rows", async () => {
    const world = await createWorld();
    world.ai.index.lost.add("technology/go-1");
    world.ai.remove("technology", "jquery-1");
    const { checks, sameCount } = valueOf(await verifyTargets(world.as("approver")));
    expect(checks[1]?.found).toMatchObject({ d1Count: 2, vectorCount: 1, synced: false, mismatches: [{ id: "go-1" }] });
    expect(sameCount).toBe(false);
  });

  test("hides no target because another gives no answer", async () => {
    const world = await createWorld();
    world.d1cv.isDown = true;
    expect(valueOf(await verifyTargets(world.as("approver")))).toMatchObject({
      checks: [
        { target: "d1cv", found: null, problem: "could not be reached" },
        { target: "ai-agent", found: { d1Count: 3 }, problem: null },
      ],
      sameCount: null,
    });
  });

  test("is refused to an editor, without asking", async () => {
    const world = await createWorld();
    expect(reasonOf(await verifyTargets(world.as("otherAuthor")))).toMatchObject({
      code: "forbidden",
      needed: "approver",
    });
    expect([...world.d1cv.calls, ...world.ai.calls]).toEqual([]);
  });
});
