import { describe, expect, test } from "vitest";
import { createWorld, everythingOf, reasonOf, valueOf } from "../../../test/support/shared/world.ts";
import { verifyTargets } from "./verify-targets.ts";

describe("a comparison of the targets' stores", () => {
  test("verifying shows each target's rows and vectors, and whether targets have equal counts", async () => {
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

  test("verifying shows missing vectors and that one target has more rows", async () => {
    const world = await createWorld();
    world.ai.index.lost.add("technology/go-1");
    world.ai.remove("technology", "jquery-1");
    const { checks, sameCount } = valueOf(await verifyTargets(world.as("approver")));
    expect(checks[1]?.found).toMatchObject({ d1Count: 2, vectorCount: 1, synced: false, mismatches: [{ id: "go-1" }] });
    expect(sameCount).toBe(false);
  });

  test("verifying shows the other targets when one does not answer", async () => {
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

  test("verifying is refused to an editor without asking a target", async () => {
    const world = await createWorld();
    expect(reasonOf(await verifyTargets(world.as("otherAuthor")))).toMatchObject({
      code: "forbidden",
      needed: "approver",
    });
    expect([...world.d1cv.calls, ...world.ai.calls]).toEqual([]);
  });
});
