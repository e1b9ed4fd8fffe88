import { describe, expect, test } from "vitest";
import {
  approvedCommit,
  channelId,
  completed,
  createWorld,
  everythingOf,
  push,
  report,
  type World,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { listActionItems } from "../workspace/list-action-items.ts";
import { repairStuckRows, stuckAfterMs } from "./repair-stuck-rows.ts";
import { startPush } from "./start-push.ts";

const failure = { kind: "failed", error: { code: "disk_full", message: "no space" } } as const;

const pushed = async (): Promise<World> => {
  const world = await createWorld();
  await push(world, await approvedCommit(world), "d1cv");
  return world;
};
/** Other tests' rows are found too: this world's part of it. */
const repair = async (world: World): Promise<boolean> =>
  (await repairStuckRows(world.system, 10)).includes(world.workspaceId);
const later = (world: World): void => void (world.clock.ms += stuckAfterMs + 1);
const set = (world: World, sql: string) => world.run(`UPDATE ${sql} WHERE workspace_id = ?1`, world.workspaceId);

describe("rows in order", () => {
  test.each<[string, (world: World) => Promise<unknown>]>([
    ["a push on its way", async () => null],
    ["a push that is done", (world) => report(world, "d1cv", completed)],
    ["a push that has failed", (world) => report(world, "d1cv", failure)],
    [
      "a push whose outcome is unknown",
      (world) => report(world, "d1cv", { kind: "timeout", error: { code: "timeout", message: "Timeout" } }),
    ],
  ])("the repair leaves rows alone that are in order: %s", async (_name, advance) => {
    const world = await pushed();
    await advance(world);
    later(world);
    const before = await everythingOf(world.workspaceId);
    expect(await repair(world)).toBe(false);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });
});

describe("a job in progress without a deadline", () => {
  test.each(["pending", "processing", "timeout"])("the repair makes a stuck %s job due at once", async (state) => {
    const world = await pushed();
    await set(world, `jobs SET state = '${state}', deadline_at = NULL`);
    expect(await repair(world)).toBe(true);
    expect(await world.table("jobs")).toMatchObject([{ deadline_at: new Date(world.clock.ms).toISOString() }]);
  });

  test("the repair leaves a job alone whose turn has not come", async () => {
    const world = await createWorld();
    await push(world, await approvedCommit(world));
    expect(await repair(world)).toBe(false);
    expect((await world.table("jobs"))[1]).toMatchObject({ target: "ai-agent", deadline_at: null });
  });
});

describe("a running push without open jobs", () => {
  test.each([
    ["completed", "completed"],
    ["failed", "failed"],
    ["cancelled", "cancelled"],
  ])("the repair ends a running push whose only job is %s: it is %s", async (job, state) => {
    const world = await pushed();
    await set(world, `jobs SET state = '${job}', deadline_at = NULL`);
    expect(await repair(world)).toBe(false);
    later(world);
    expect(await repair(world)).toBe(true);
    expect(await world.table("pushes")).toMatchObject([{ state, finished_at: expect.any(String) }]);
    expect((await world.table("job_events")).filter(({ type }) => type === "push.repaired")).toMatchObject([
      { actor_kind: "system", data: JSON.stringify({ to: state }) },
    ]);
    expect(await repair(world)).toBe(false);
  });
});

describe("a target in flight without an open job", () => {
  test.each([
    ["completed", "applied", "applied_all"],
    ["failed", "failed", "failed"],
    ["cancelled", "pending", "pending"],
  ])("the repair settles a target in flight whose only job is %s: it is %s", async (job, state, status) => {
    const world = await pushed();
    await set(world, `jobs SET state = '${job}', error_message = 'no space', deadline_at = NULL`);
    later(world);
    expect(await repair(world)).toBe(true);
    expect((await world.table("commit_targets")).find(({ target }) => target === "d1cv")).toMatchObject({ state });
    expect(await world.table("commits")).toMatchObject([
      { status: status === "applied_all" ? "applied_d1cv" : status },
    ]);
    expect(await world.eventTypes()).toContain("commit.repaired");
  });

  test("a repaired target of a commit can be pushed again", async () => {
    const world = await pushed();
    await set(world, "jobs SET state = 'cancelled', deadline_at = NULL");
    later(world);
    await repair(world);
    const started = await startPush(world.as("approver"), { number: 1, scope: "d1cv", channelId });
    expect(valueOf(started).targets).toEqual(["d1cv"]);
  });
});

test("the backlog counts messages and cards that have waited for long", async () => {
  const world = await pushed();
  const backlog = async () => valueOf(await listActionItems(world.as("admin"))).backlog;
  expect(await backlog()).toEqual({ messages: 0, cards: 0 });
  world.clock.ms += 5 * 60_000 + 1;
  expect(await backlog()).toEqual({ messages: 1, cards: 0 });
  world.clock.ms += 5 * 60_000;
  const { messages, cards } = await backlog();
  expect(messages).toBe(1);
  expect(cards).toBe((await world.table("cards")).length);
});
