import { describe, expect, test } from "vitest";
import { createBusyWorld } from "../../../test/support/shared/use-case-fixtures.ts";
import {
  type Person,
  type World,
  approvedCommit,
  commit,
  completed,
  createWorld,
  people,
  push,
  report,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { rejectCommit } from "../reviews/decide-commit.ts";
import { listActionItems } from "./list-action-items.ts";

const listed = async (world: World, person: Person) =>
  valueOf(await listActionItems(world.as(person, { idempotencyKey: null })));

const seenBy = async (world: World, person: Person): Promise<{ actionItems: string[]; waiting: string[] }> => {
  const { actionItems, waiting } = await listed(world, person);
  return {
    actionItems: actionItems.map((actionItem) => {
      if (actionItem.kind === "dead_letters") return `letters ${actionItem.count}`;
      if (actionItem.kind === "unreadable") return `unreadable ${actionItem.rows.length}`;
      return actionItem.kind === "commit"
        ? `commit ${actionItem.changes.length}`
        : `${actionItem.kind} ${actionItem.commit.number}`;
    }),
    waiting: waiting.map(({ kind, commit: { number } }) => `${kind} ${number}`),
  };
};

describe("action items", () => {
  test("action items follow from a person's role and from whose commits there are", async () => {
    const world = await createBusyWorld();
    expect(await seenBy(world, "author")).toEqual({
      actionItems: ["resolve 3", "ask 4", "commit 1"],
      waiting: ["retry 1", "push 2", "approve 3"],
    });
    expect(await seenBy(world, "approver")).toEqual({
      actionItems: ["retry 1", "approve 3", "push 2"],
      waiting: ["resolve 3"],
    });
    expect(await seenBy(world, "viewer")).toEqual({
      actionItems: [],
      waiting: ["retry 1", "push 2", "resolve 3", "approve 3"],
    });
  });

  test("the author's action items include a rejected commit with the reason", async () => {
    const world = await createWorld();
    await stage(world);
    const number = await commit(world);
    valueOf(await rejectCommit(world.as("approver"), { number, seenHash: null, reason: "7, not 8" }));
    expect((await listed(world, "author")).actionItems).toMatchObject([
      { kind: "revise", rejection: { reason: "7, not 8", decidedBy: people.approver } },
    ]);
  });

  test("a push is in progress for everybody until its commit is applied everywhere", async () => {
    const world = await createWorld();
    const number = await approvedCommit(world);
    await push(world, number);
    expect((await listed(world, "approver")).onTheWay).toMatchObject([{ commit: { number }, percent: 0 }]);
    await report(world, "d1cv", completed);
    expect((await listed(world, "approver")).onTheWay).toMatchObject([{ commit: { number }, percent: 50 }]);
    await report(world, "ai-agent", completed);
    expect(await listed(world, "approver")).toMatchObject({ actionItems: [], onTheWay: [], waiting: [] });
  });

  test("action items are read in one round trip, however many there are", async () => {
    const world = await createBusyWorld();
    const ctx = world.as("admin", { idempotencyKey: null });
    const before = world.db.roundTrips;
    await listActionItems(ctx);
    expect(world.db.roundTrips - before).toBe(1);
  });
});

test("a workspace is new until somebody has staged a change", async () => {
  const world = await createWorld();
  expect((await listed(world, "author")).isNew).toBe(true);
  await stage(world);
  await world.run("UPDATE staged_changes SET state = 'discarded' WHERE workspace_id = ?1", world.workspaceId);
  expect(await listed(world, "author")).toMatchObject({ isNew: false, staged: [] });
});
