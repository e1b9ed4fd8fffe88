import { describe, expect, test } from "vitest";
import { deliver } from "../../../test/support/shared/deliver.ts";
import {
  approvedCommit,
  completed,
  createWorld,
  everythingButDriftOf,
  everythingOf,
  jobFor,
  push,
  reasonOf,
  report,
  type World,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { retryPush } from "./retry-push.ts";

const failure = { kind: "failed", error: { code: "disk_full", message: "no space" } } as const;
const timeout = { kind: "timeout", error: { code: "timeout", message: "Timeout" } } as const;
const retry = (world: World, target: string | null = null) => retryPush(world.as("approver"), { number: 1, target });

const pushed = async (): Promise<World> => {
  const world = await createWorld();
  await push(world, await approvedCommit(world));
  return world;
};

describe("a retry after a failure", () => {
  test("a retry sends the same job again, one attempt higher", async () => {
    const world = await pushed();
    const before = await jobFor(world, "d1cv");
    await report(world, "d1cv", failure);
    world.clock.ms += 60_000;
    const roundTrips = world.db.roundTrips;
    expect(valueOf(await retry(world))).toMatchObject({
      target: "d1cv",
      attempt: 2,
    });
    expect(world.db.roundTrips - roundTrips).toBe(2);
    expect(await jobFor(world, "d1cv")).toMatchObject({
      id: before.id,
      attempt: 2,
      state: "pending",
      stage: null,
      percent: 0,
      errorCode: null,
      errorMessage: null,
      acceptedAt: null,
      completedAt: null,
      dispatchedAt: "2026-11-23T08:01:00.000Z",
      deadlineAt: "2026-11-23T08:01:20.000Z",
    });
    expect(await world.table("commits")).toMatchObject([
      { status: "pending", error_target: null, error_message: null },
    ]);
    expect(await world.table("pushes")).toMatchObject([{ state: "running", finished_at: null }]);
    expect((await world.table("outbox")).map(({ payload }) => JSON.parse(String(payload)))).toContainEqual({
      workspaceId: world.workspaceId,
      jobId: before.id,
      attempt: 2,
      traceId: world.as("approver").traceId,
    });
    expect((await world.eventTypes()).slice(-2)).toEqual(["push.retried", "job.dispatched"]);
  });

  test("a retry counts attempts, and its completion dispatches the waiting target", async () => {
    const world = await pushed();
    for (const attempt of [2, 3, 4]) {
      await report(world, "d1cv", failure);
      expect(valueOf(await retry(world)).attempt).toBe(attempt);
    }
    valueOf(await report(world, "d1cv", completed));
    await report(world, "ai-agent", completed);
    expect(await world.table("commits")).toMatchObject([{ status: "applied_all" }]);
    expect(await world.table("pushes")).toMatchObject([{ state: "completed" }]);
  });

  test("a retry of the second target keeps the first as applied", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", failure);
    expect(valueOf(await retry(world))).toMatchObject({ target: "ai-agent" });
    expect(await world.table("commits")).toMatchObject([{ status: "applied_d1cv", error_target: null }]);
  });

  test("a retry sends the versions that rows have now", async () => {
    const world = await pushed();
    await report(world, "d1cv", failure);
    world.d1cv.put("technology", "python-1", { ...world.d1cv.row("technology", "python-1")?.values, level: "Expert" });
    valueOf(await retry(world));
    expect((await jobFor(world, "d1cv")).operations.updates).toMatchObject([
      { ifVersion: world.d1cv.row("technology", "python-1")?.version },
    ]);
  });

  test("a retry is refused when a row has drifted from the commit", async () => {
    const world = await pushed();
    await report(world, "d1cv", failure);
    world.d1cv.put("technology", "python-1", { name: "Python", category: "Backend", experience_years: 7 });
    const before = await everythingButDriftOf(world.workspaceId);
    expect(reasonOf(await retry(world))).toMatchObject({
      code: "drifted",
      targets: ["d1cv"],
      conflicts: [{ fields: [{ field: "experience_years", base: 5, live: 7, yours: 8 }] }],
    });
    expect(await everythingButDriftOf(world.workspaceId)).toEqual(before);
  });

  test("a retry by two people at once happens once", async () => {
    const world = await pushed();
    await report(world, "d1cv", failure);
    const results = await Promise.all([
      retry(world),
      retryPush(world.as("otherApprover"), { number: 1, target: null }),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: { code: "conflict" } });
    expect(await jobFor(world, "d1cv")).toMatchObject({ attempt: 2 });
    expect(await world.table("outbox")).toHaveLength(2);
  });
});

describe("a refused retry", () => {
  test.each<[string, (world: World) => Promise<unknown>, string | null]>([
    ["while a job is on its way", async () => null, null],
    ["after a completion", (world) => report(world, "d1cv", completed), "d1cv"],
    ["at a target that waits for one that failed", (world) => report(world, "d1cv", failure), "ai"],
    [
      "at a target that has not failed",
      async (world) => {
        await report(world, "d1cv", completed);
        await report(world, "ai-agent", failure);
      },
      "d1cv",
    ],
  ])("a retry is refused %s, for there is nothing to retry", async (_name, advance, target) => {
    const world = await pushed();
    await advance(world);
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await retry(world, target))).toMatchObject({ code: "nothing_to_retry", number: 1 });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("a retry of an unknown target or commit is refused", async () => {
    const world = await pushed();
    expect(reasonOf(await retry(world, "nowhere"))).toMatchObject({ code: "unknown_target" });
    expect(reasonOf(await retryPush(world.as("approver"), { number: 7, target: null }))).toEqual({
      code: "commit_not_found",
      number: 7,
    });
  });
});

describe("a retry after a timeout", () => {
  test("a retry after a timeout cancels the unknown job at the target, then sends it", async () => {
    const world = await pushed();
    await report(world, "d1cv", timeout);
    world.d1cv.calls = [];
    expect(valueOf(await retry(world))).toMatchObject({ attempt: 2 });
    expect(world.d1cv.calls).toEqual(["GET job", "POST cancel", "GET rows"]);
    expect((await world.eventTypes()).slice(-3)).toEqual(["job.failed", "push.retried", "job.dispatched"]);
    await deliver(world, "d1cv");
    expect(world.d1cv.applied).toMatchObject([{ attempt: 2 }]);
  });

  test("a retry after a timeout sends nothing when the target has applied the job", async () => {
    const world = await pushed();
    await deliver(world, "d1cv");
    await report(world, "d1cv", timeout);
    expect(reasonOf(await retry(world))).toEqual({ code: "outcome_received", number: 1, target: "d1cv" });
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "completed", attempt: 1, result: { updated: 1 } });
    expect(await jobFor(world, "ai-agent")).toMatchObject({ state: "pending", dispatchedAt: expect.any(String) });
    expect(world.d1cv.applied).toHaveLength(1);
  });

  test("a retry after a timeout sends the job that the target reports as failed", async () => {
    const world = await pushed();
    world.d1cv.isSlow = true;
    await deliver(world, "d1cv");
    world.d1cv.giveUp((await jobFor(world, "d1cv")).id, { code: "crashed", message: "d1cv crashed" });
    await report(world, "d1cv", timeout);
    expect(valueOf(await retry(world))).toMatchObject({ attempt: 2 });
  });

  test.each<[string, (world: World) => void]>([
    ["cannot be reached", (world) => (world.d1cv.isDown = true)],
    ["cannot be asked", (world) => world.d1cv.answerNext("job", { status: 503 })],
    ["answers nonsense", (world) => world.d1cv.answerNext("job", { status: 200, body: { state: "perhaps" } })],
    ["does not confirm the fence", (world) => world.d1cv.answerNext("cancel", "no_answer")],
    ["is still at work", (world) => (world.d1cv.isSlow = true)],
  ])("a retry after a timeout sends nothing when the target %s", async (_name, script) => {
    const world = await pushed();
    script(world);
    if (world.d1cv.isSlow) await deliver(world, "d1cv");
    await report(world, "d1cv", timeout);
    expect(reasonOf(await retry(world))).toEqual({ code: "outcome_unknown", number: 1, target: "d1cv" });
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "timeout", attempt: 1 });
    expect(await world.table("outbox")).toHaveLength(1);
  });
});
