import { expect, test } from "vitest";
import { deliver } from "../../../test/support/shared/deliver.ts";
import {
  approvedCommit,
  completed,
  createWorld,
  everythingOf,
  jobFor,
  people,
  push,
  reasonOf,
  report,
  type World,
  type WorldOptions,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { cancelPush } from "../pushes/cancel-push.ts";
import { retryPush } from "../pushes/retry-push.ts";
import { setRole } from "../workspace/set-role.ts";
import { pushAgain } from "./push-again.ts";
import { acceptLive } from "./settle-difference.ts";
import { verifyTargets } from "./verify-targets.ts";

const row = { target: "d1cv", entityType: "technology", entityId: "python-1" };
const again = (world: World, overrides: Partial<typeof row> = {}) =>
  pushAgain(world.as("approver"), { ...row, ...overrides, channelId: null });

const applyAt = async (world: World, ...targets: ("d1cv" | "ai-agent")[]): Promise<void> => {
  for (const target of targets) {
    await deliver(world, target);
    valueOf(await report(world, target, completed));
  }
};

const applied = async (world: World, number: number): Promise<void> => {
  world.clock.ms += 60_000;
  await push(world, number);
  await applyAt(world, "d1cv", "ai-agent");
};

/** Commit #1 has set Python to 8 years everywhere; somebody has set it to 3 at one target. */
const parted = async (options: WorldOptions = {}): Promise<World> => {
  const world = await createWorld(options);
  await approvedCommit(world);
  await applied(world, 1);
  setYears(world, 3);
  return world;
};

const setYears = (world: World, years: number): void => {
  const values = world.d1cv.row("technology", "python-1")?.values ?? {};
  world.d1cv.put("technology", "python-1", { ...values, experience_years: years });
};

const differences = async (world: World) => valueOf(await verifyTargets(world.as("approver"))).differences;

test("verifying offers the commit that wrote a row last, with what is live at the other targets", async () => {
  const world = await parted();
  expect(await differences(world)).toMatchObject([
    {
      ...row,
      expected: { value: 8 },
      live: { value: 3 },
      elsewhere: [{ target: "ai-agent", live: { value: 8 } }],
      pushAgain: 1,
    },
  ]);
});

test("pushing again sends what is not live to the one target, and the commit stays applied throughout", async () => {
  const world = await parted();
  const commits = await world.table("commits");
  const targets = await world.table("commit_targets");
  expect(valueOf(await again(world))).toMatchObject({ pushNumber: 2, targets: ["d1cv"], commit: { number: 1 } });
  const { version } = world.d1cv.row("technology", "python-1") ?? {};
  expect((await jobFor(world, "d1cv")).operations).toEqual({
    inserts: [],
    updates: [{ entityType: "technology", id: "python-1", changes: { experience_years: 8 }, ifVersion: version }],
    deletes: [],
  });
  expect(await world.table("commit_targets")).toEqual(targets);
  await applyAt(world, "d1cv");
  expect(world.d1cv.row("technology", "python-1")?.values).toMatchObject({ experience_years: 8 });
  expect(await differences(world)).toEqual([]);
  expect(await world.table("commit_targets")).toEqual(targets);
  expect((await world.table("commits"))[0]?.["status"]).toBe(commits[0]?.["status"]);
  expect(await world.table("pushes")).toMatchObject([{ state: "completed" }, { state: "completed", scope: "d1cv" }]);
  expect((await world.eventTypes()).filter((type) => type === "push.started")).toHaveLength(2);
});

test("a row that a commit has created and somebody has deleted comes back by pushing again", async () => {
  const world = await createWorld();
  await approvedCommit(world, { action: "CREATE", row: null, values: { name: "Rust", category: "Backend" } });
  await applied(world, 1);
  const entityId = String((await world.table("staged_changes"))[0]?.["entity_id"]);
  world.d1cv.remove("technology", entityId);
  expect(await differences(world)).toMatchObject([{ field: null, expected: { row: true }, pushAgain: 1 }]);
  valueOf(await again(world, { entityId }));
  await applyAt(world, "d1cv");
  expect(await differences(world)).toEqual([]);
});

test("pushing again is refused where the last word about another row of the commit is somebody else's", async () => {
  const world = await createWorld();
  await approvedCommit(world, {}, { row: "go-1", values: { experience_years: "4" } });
  await applied(world, 1);
  setYears(world, 3);
  world.d1cv.put("technology", "go-1", { name: "Go", category: "Backend", experience_years: 2 });
  valueOf(await acceptLive(world.as("approver"), { ...row, entityId: "go-1" }));
  expect(await differences(world)).toMatchObject([{ entityId: "python-1", pushAgain: null }]);
  const before = await everythingOf(world.workspaceId);
  expect(reasonOf(await again(world))).toMatchObject({ code: "push_again_not_possible", number: 1 });
  expect(await everythingOf(world.workspaceId)).toEqual(before);
});

test("pushing again is refused as superseded where a newer commit is applied to another of its fields", async () => {
  const world = await createWorld();
  await approvedCommit(world, {}, { row: "go-1", values: { experience_years: "4" } });
  await applied(world, 1);
  world.clock.ms += 60_000;
  await approvedCommit(world, { row: "go-1", values: { experience_years: "6" } });
  await applied(world, 2);
  setYears(world, 3);
  expect(await differences(world)).toMatchObject([{ entityId: "python-1", commitNumber: 1, pushAgain: null }]);
  expect(reasonOf(await again(world))).toMatchObject({
    code: "superseded",
    by: [{ commitNumber: 2 }],
    canReopen: false,
  });
});

test("pushing again judges the approvals as they count today", async () => {
  const world = await parted();
  valueOf(await setRole(world.as("admin"), { userIds: [people.approver], role: "editor" }));
  valueOf(await setRole(world.as("admin"), { userIds: [people.otherApprover], role: "approver" }));
  const asOther = () => pushAgain(world.as("otherApprover"), { ...row, channelId: null });
  expect(reasonOf(await asOther())).toMatchObject({ code: "not_approved", number: 1, isApplied: true });
  expect(valueOf(await verifyTargets(world.as("otherApprover"))).differences).toMatchObject([{ pushAgain: null }]);
});

test("pushing again is refused to an editor, where nothing differs, and for a target that does not answer", async () => {
  const world = await parted();
  expect(reasonOf(await pushAgain(world.as("otherAuthor"), { ...row, channelId: null }))).toMatchObject({
    code: "forbidden",
  });
  expect(reasonOf(await again(world, { target: "ai" }))).toMatchObject({ code: "no_difference", target: "ai-agent" });
  world.d1cv.isDown = true;
  expect(reasonOf(await again(world))).toMatchObject({ code: "rows_unavailable" });
});

test("pushing again twice at once sends one push", async () => {
  const world = await parted();
  const results = await Promise.all([again(world), pushAgain(world.as("otherApprover"), { ...row, channelId: null })]);
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(reasonOf(await again(world))).toMatchObject({ code: "push_in_progress", target: "d1cv" });
});

test("a push again that failed is not retried, and may be begun anew; one that is cancelled leaves the commit applied", async () => {
  const world = await parted();
  valueOf(await again(world));
  await report(world, "d1cv", { kind: "failed", error: { code: "disk_full", message: "no space" } });
  expect(reasonOf(await retryPush(world.as("approver"), { number: 1, target: null }))).toMatchObject({
    code: "nothing_to_retry",
  });
  valueOf(await again(world));
  valueOf(await cancelPush(world.as("approver"), { number: 1 }));
  expect(await world.table("commits")).toMatchObject([{ status: "applied_all" }]);
  expect(await differences(world)).toMatchObject([{ pushAgain: 1 }]);
});
