import { describe, expect, test } from "vitest";
import {
  type Person,
  type World,
  approvedCommit,
  channelId,
  completed,
  createWorld,
  everythingOf,
  people,
  push,
  reasonOf,
  report,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { showCommit } from "../commits/show-commit.ts";
import { startPush } from "../pushes/start-push.ts";
import { approveCommit } from "./decide-commit.ts";
import { withdrawApproval } from "./withdraw-approval.ts";

const withdraw = (world: World, person: Person = "approver") => withdrawApproval(world.as(person), 1);
const pushIt = (world: World) => startPush(world.as("otherApprover"), { number: 1, scope: "all", channelId });

const approved = async (): Promise<World> => {
  const world = await createWorld();
  await approvedCommit(world);
  return world;
};

describe("withdrawing an approval", () => {
  test("withdrawing an approval returns the commit to review, with an event, and keeps that it was given", async () => {
    const world = await approved();
    expect(valueOf(await withdraw(world))).toMatchObject({ commit: { review: "in_review" }, missing: 1 });
    expect((await world.eventTypes()).at(-1)).toBe("approval.withdrawn");
    expect(await world.table("approvals")).toMatchObject([{ decision: "withdrawn", decided_by: people.approver }]);
    expect(await world.table("cards")).toMatchObject([{ desired_version: 3 }]);
    expect(reasonOf(await pushIt(world))).toMatchObject({
      code: "not_approved",
      voided: [{ userId: people.approver, because: "withdrawn" }],
    });
  });

  test("withdrawing an approval can be undone by approving again", async () => {
    const world = await approved();
    valueOf(await withdraw(world));
    const decide = { number: 1, seenHash: null };
    expect(valueOf(await approveCommit(world.as("approver"), decide)).commit.review).toBe("approved");
    expect(await world.table("approvals")).toMatchObject([{ decision: "approved" }]);
  });

  test("withdrawing one of more approvals than are needed leaves the commit approved", async () => {
    const world = await createWorld({ approvalsNeeded: 2 });
    await approvedCommit(world);
    valueOf(await approveCommit(world.as("otherApprover"), { number: 1, seenHash: null }));
    await world.run("UPDATE workspaces SET approvals_needed = 1 WHERE workspace_id = ?1", world.workspaceId);
    expect(valueOf(await withdraw(world))).toMatchObject({ commit: { review: "approved" }, missing: 0 });
  });

  test("withdrawing an approval that one has not given, or not any more, is refused", async () => {
    const world = await approved();
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await withdraw(world, "otherApprover"))).toEqual({ code: "no_approval", number: 1 });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
    valueOf(await withdraw(world));
    expect(reasonOf(await withdraw(world))).toEqual({ code: "no_approval", number: 1 });
  });

  test("withdrawing an approval is refused once a push has begun, until it has failed", async () => {
    const world = await approved();
    await push(world, 1);
    expect(reasonOf(await withdraw(world))).toEqual({ code: "already_pushed", number: 1 });
    await report(world, "d1cv", { kind: "failed", error: { code: "disk_full", message: "no space" } });
    valueOf(await withdraw(world));
    const other = await approved();
    await push(other, 1, "d1cv");
    await report(other, "d1cv", completed);
    expect(reasonOf(await withdraw(other))).toEqual({ code: "already_pushed", number: 1 });
  });

  test("withdrawing an approval and pushing at once: one of them happens", async () => {
    const world = await approved();
    world.db.interrupt(2, () => withdraw(world));
    expect(reasonOf(await pushIt(world))).toEqual({ code: "conflict" });
    const other = await approved();
    other.db.interrupt(2, () => pushIt(other));
    expect(reasonOf(await withdraw(other))).toEqual({ code: "conflict" });
    expect(valueOf(await showCommit(other.as("viewer"), 1)).commit.review).toBe("approved");
  });
});
