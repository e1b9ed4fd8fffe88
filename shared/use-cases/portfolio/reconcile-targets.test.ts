import { expect, test } from "vitest";
import {
  approvedCommit,
  createWorld,
  everythingOf,
  jobFor,
  push,
  reasonOf,
  report,
  valueOf,
  type World,
} from "../../../test/support/shared/world.ts";
import { deliver } from "../../../test/support/shared/deliver.ts";
import { retryPush } from "../pushes/retry-push.ts";
import { reconcileTargets } from "./reconcile-targets.ts";
import { verifyTargets } from "./verify-targets.ts";

const reconcile = (world: World, target: string | null = null, skipNumbers = false) =>
  reconcileTargets(world.as("admin"), { target, skipNumbers });
const same = {
  sent: [],
  left: [],
  recorded: [],
  forgotten: [],
  accepted: 0,
  more: 0,
  isReindexed: false,
  problem: null,
};

/** The target has applied the first commit, and its report is lost: the bot takes it for failed. */
const unreported = async (): Promise<World> => {
  const world = await createWorld();
  await approvedCommit(world);
  await push(world, 1, "d1cv");
  await deliver(world, "d1cv");
  valueOf(await report(world, "d1cv", { kind: "failed", error: { code: "x", message: "y" } }));
  return world;
};

test("reconciling is for admins, and changes nothing where both sides have the same jobs", async () => {
  const world = await createWorld();
  expect(reasonOf(await reconcileTargets(world.as("approver"), { target: null, skipNumbers: false }))).toMatchObject({
    code: "forbidden",
  });
  expect(reasonOf(await reconcile(world, "nothing"))).toMatchObject({ code: "unknown_target" });
  const before = { ...(await everythingOf(world.workspaceId)), idempotency_records: null, cards: null };
  const done = valueOf(await reconcile(world));
  expect(done).toEqual({
    targets: [
      { ...same, target: "d1cv" },
      { ...same, target: "ai-agent" },
    ],
    numbersLeftOut: null,
  });
  expect({ ...(await everythingOf(world.workspaceId)), idempotency_records: null, cards: null }).toEqual(before);
});

test("a target that gives no answer or lists no jobs hides no other", async () => {
  const world = await createWorld();
  world.d1cv.isDown = true;
  world.ai.answerNext("jobs", { status: 404 });
  expect(valueOf(await reconcile(world)).targets).toMatchObject([
    { target: "d1cv", problem: "could not be reached" },
    { target: "ai-agent", problem: "does not list its jobs" },
  ]);
});

test("numbers are left out on request, also of events, and the next commit has a higher one", async () => {
  const world = await createWorld();
  await approvedCommit(world);
  expect(valueOf(await reconcile(world, null, true))).toMatchObject({ numbersLeftOut: 1000 });
  expect(await approvedCommit(world, { row: "go-1" })).toBe(1002);
  const events = await world.table("job_events");
  const raised = events.findIndex(({ type }) => type === "workspace.numbers_left_out");
  expect(Number(events[raised]?.["number"])).toBe(Number(events[raised - 1]?.["number"]) + 10_000);
  expect(events.at(-1)?.["number"]).toBeGreaterThan(Number(events[raised]?.["number"]));
});

test("a job that failed here and was applied there counts as applied, and no number is left out", async () => {
  const world = await unreported();
  expect(valueOf(await reconcile(world, "d1cv"))).toMatchObject({ targets: [{ recorded: [1] }], numbersLeftOut: null });
  expect(await jobFor(world, "d1cv")).toMatchObject({ state: "completed", completedAfter: "failed" });
});

test("a job that was applied with other content than it has here is not sent again under its id", async () => {
  const world = await unreported();
  await world.run("UPDATE commits SET hash = 'another' WHERE workspace_id = ?1", world.workspaceId);
  await world.run(
    `UPDATE staged_changes SET payload = '{"experience_years":9}' WHERE workspace_id = ?1`,
    world.workspaceId,
  );
  expect(valueOf(await reconcile(world, "d1cv"))).toMatchObject({ targets: [{ recorded: [1], accepted: 1 }] });
  expect(reasonOf(await retryPush(world.as("approver"), { number: 1, target: null }))).toMatchObject({
    code: "nothing_to_retry",
  });
  const { differences } = valueOf(await verifyTargets(world.as("approver")));
  expect(differences.filter(({ target }) => target === "d1cv")).toEqual([]);
});
