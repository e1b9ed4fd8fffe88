import { describe, expect, test } from "vitest";
import {
  approvedCommit,
  completed,
  createWorld,
  everythingOf,
  push,
  reasonOf,
  report,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { deliver } from "../../../test/support/shared/deliver.ts";
import { acceptLive, stageFix } from "./settle-difference.ts";
import { verifyTargets } from "./verify-targets.ts";

describe("a comparison of the targets' stores", () => {
  test("verifying shows each target's rows and vectors, and whether targets have equal counts", async () => {
    const world = await createWorld();
    const before = await everythingOf(world.workspaceId);
    expect(valueOf(await verifyTargets(world.as("approver")))).toEqual({
      checks: [
        {
          target: "d1cv",
          found: { d1Count: 3, vectorCount: null, synced: true, mismatches: [] },
          problem: null,
          unreadable: [],
        },
        {
          target: "ai-agent",
          found: { d1Count: 3, vectorCount: 3, synced: true, mismatches: [] },
          problem: null,
          unreadable: [],
        },
      ],
      differences: [],
    });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("verifying shows missing vectors and that one target has more rows", async () => {
    const world = await createWorld();
    world.ai.index.lost.add("technology/go-1");
    world.ai.remove("technology", "jquery-1");
    const { checks, differences } = valueOf(await verifyTargets(world.as("approver")));
    expect(checks[1]?.found).toMatchObject({ d1Count: 2, vectorCount: 1, synced: false, mismatches: [{ id: "go-1" }] });
    expect(differences).toMatchObject([
      {
        target: "ai-agent",
        entityId: "jquery-1",
        field: null,
        expected: { row: true },
        live: { row: false },
        unlike: "d1cv",
      },
    ]);
  });

  test("verifying shows the other targets when one does not answer", async () => {
    const world = await createWorld();
    world.d1cv.isDown = true;
    expect(valueOf(await verifyTargets(world.as("approver")))).toMatchObject({
      checks: [
        { target: "d1cv", found: null, problem: "could not be reached" },
        { target: "ai-agent", found: { d1Count: 3 }, problem: null },
      ],
      differences: [],
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

describe("a target that differs from what was pushed", () => {
  /** Commit #1 has set Python to 8 years everywhere; somebody has set it back at one target. */
  const parted = async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    for (const target of ["d1cv", "ai-agent"] as const) {
      await deliver(world, target);
      valueOf(await report(world, target, completed));
    }
    const values = world.d1cv.row("technology", "python-1")?.values ?? {};
    world.d1cv.put("technology", "python-1", { ...values, experience_years: 5 });
    return world;
  };
  const row = { target: "d1cv", entityType: "technology", entityId: "python-1" };

  test("verifying names the row, the field, both values and the commit", async () => {
    const world = await parted();
    expect(valueOf(await verifyTargets(world.as("approver"))).differences).toMatchObject([
      {
        ...row,
        name: "Python",
        field: "experience_years",
        expected: { value: 8 },
        live: { value: 5 },
        commitNumber: 1,
      },
    ]);
  });

  test("a fix stages the values that were pushed, for this target alone", async () => {
    const world = await parted();
    const { change } = valueOf(await stageFix(world.as("approver"), row));
    expect(change).toMatchObject({ targets: ["d1cv"], action: "UPDATE", payload: { experience_years: 8 } });
    expect(reasonOf(await stageFix(world.as("approver"), { ...row, target: "ai" }))).toMatchObject({
      code: "no_difference",
      target: "ai-agent",
    });
  });

  test("what is live is expected from the moment that it is accepted", async () => {
    const world = await parted();
    valueOf(await acceptLive(world.as("approver"), row));
    expect(valueOf(await verifyTargets(world.as("approver"))).differences).toEqual([]);
    world.d1cv.remove("technology", "python-1");
    expect(valueOf(await verifyTargets(world.as("approver"))).differences).toMatchObject([
      { ...row, field: null, expected: { row: true }, live: { row: false }, commitNumber: null },
    ]);
    expect(reasonOf(await stageFix(world.as("approver"), row))).toMatchObject({ code: "row_missing" });
    valueOf(await acceptLive(world.as("approver"), row));
    expect(valueOf(await verifyTargets(world.as("approver"))).differences).toEqual([]);
  });

  test("accepting is refused to an editor and for a target that does not answer", async () => {
    const world = await parted();
    expect(reasonOf(await acceptLive(world.as("otherAuthor"), row))).toMatchObject({ code: "forbidden" });
    world.d1cv.isDown = true;
    expect(reasonOf(await acceptLive(world.as("approver"), row))).toMatchObject({ code: "rows_unavailable" });
  });
});
