/** A push that leaves late, after a newer commit: what was staged while its target was down has no version. */
import { describe, expect, test } from "vitest";
import type { Work } from "../shared/environment.ts";
import { retryPush } from "../shared/use-cases/pushes/retry-push.ts";
import { unstageChanges } from "../shared/use-cases/staging/unstage-changes.ts";
import {
  type World,
  approvedCommit,
  completed,
  createQueues,
  createWorld,
  jobFor,
  push,
  reasonOf,
  report,
  stage,
  valueOf,
} from "../test/support/shared/world.ts";
import { handlePushMessage } from "./push.ts";

const minuteMs = 60_000;

/** Pushes to d1cv what would be sent by the returned function. */
const pushed = async (world: World, values: Record<string, string>) => {
  const deps: Work = { ...world.system, queues: createQueues(), withEffects: (run) => run(world.effects) };
  await push(world, await approvedCommit(world, { values, targets: ["d1cv"] }), "d1cv");
  const { id: jobId, attempt } = await jobFor(world, "d1cv");
  world.clock.ms += minuteMs;
  return () => handlePushMessage(deps, { workspaceId: world.workspaceId, jobId, attempt });
};

/** In an outage only rows can be named that were read before. */
const inOutage = async () => {
  const world = await createWorld();
  await stage(world);
  valueOf(await unstageChanges(world.as("author"), { numbers: "all" }));
  world.d1cv.isDown = true;
  return world;
};

/** Commit 1 was staged and pushed while d1cv was down, and its request has not left. */
const setUp = async () => {
  const world = await inOutage();
  const sendOlder = await pushed(world, { experience_years: "8" });
  world.d1cv.isDown = false;
  return { world, sendOlder };
};

/** Commit 2 on the same row is applied before. */
const overtaken = async (values: Record<string, string>) => {
  const scene = await setUp();
  const { world } = scene;
  const sendNewer = await pushed(world, values);
  await sendNewer();
  await report(world, "d1cv", completed);
  world.d1cv.calls = [];
  return scene;
};

const years = (world: World) => world.d1cv.row("technology", "python-1")?.values["experience_years"];
const olderJob = async (world: World) => (await world.table("jobs"))[0];

describe("a push that leaves late", () => {
  test("a push from an outage carries the version that its row has when it leaves, in every try", async () => {
    const { world, sendOlder } = await setUp();
    const ifVersion = world.d1cv.row("technology", "python-1")?.version;
    world.d1cv.answerNext("apply", { status: 503 });
    expect(await sendOlder()).toMatchObject({ done: false });
    world.d1cv.put("technology", "python-1", { name: "Python", experience_years: 6 });
    await sendOlder();
    expect(JSON.parse(String((await olderJob(world))?.["operations"]))).toMatchObject({ updates: [{ ifVersion }] });
    // Somebody has changed the row since the first try, which may have arrived.
    expect(await olderJob(world)).toMatchObject({ state: "failed", error_code: "conflict" });
    expect(years(world)).toBe(6);
  });

  test("a push from an outage is not sent over what a newer commit has applied since", async () => {
    const { world, sendOlder } = await overtaken({ experience_years: "10" });
    expect(await sendOlder()).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual(["GET rows"]);
    expect(years(world)).toBe(10);
    expect(await olderJob(world)).toMatchObject({
      state: "failed",
      error_code: "conflict",
      error_message:
        "The newer commit #2 has changed the same at d1cv meanwhile: technology python-1 (experience_years)",
    });
    expect(reasonOf(await retryPush(world.as("approver"), { number: 1, target: "d1cv" })).code).toBe("superseded");
  });

  test("a push from an outage whose earlier try may have arrived is asked about, and fenced", async () => {
    const { world, sendOlder } = await overtaken({ experience_years: "10" });
    await world.run("UPDATE jobs SET tries = 1 WHERE id = ?1", (await olderJob(world))?.["id"]);
    expect(await sendOlder()).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual(["GET rows", "GET job", "POST cancel"]);
    expect(await olderJob(world)).toMatchObject({ state: "failed", error_code: "conflict" });
    expect(years(world)).toBe(10);
  });

  test.each([
    ["another field", { level: "Expert" }],
    ["the same value", { experience_years: "8" }],
  ])("a push from an outage is sent after a newer commit of %s", async (_what, values: Record<string, string>) => {
    const { world, sendOlder } = await overtaken(values);
    const ifVersion = world.d1cv.row("technology", "python-1")?.version;
    await sendOlder();
    expect(world.d1cv.applied.at(-1)).toMatchObject({ operations: { updates: [{ ifVersion }] } });
    expect(await olderJob(world)).toMatchObject({ state: "processing" });
    expect(years(world)).toBe(8);
  });

  test("a push from an outage does not race with a newer commit that has left", async () => {
    const { world, sendOlder } = await setUp();
    world.d1cv.isSlow = true;
    const sendNewer = await pushed(world, { experience_years: "10" });
    await sendNewer();
    await sendOlder();
    expect(await olderJob(world)).toMatchObject({
      state: "failed",
      error_message:
        "The newer commit #2 is on its way to d1cv and changes the same: technology python-1 (experience_years)",
    });
    expect(reasonOf(await retryPush(world.as("approver"), { number: 1, target: "d1cv" })).code).toBe(
      "newer_on_its_way",
    );
  });

  test("pushes from an outage go out in their order", async () => {
    const { world, sendOlder } = await setUp();
    world.d1cv.isDown = true;
    const sendNewer = await pushed(world, { experience_years: "10" });
    world.d1cv.isDown = false;
    await sendOlder();
    await sendNewer();
    expect((await world.table("jobs")).map(({ state }) => state)).toEqual(["processing", "processing"]);
    expect(years(world)).toBe(10);
  });

  test("a push from an outage waits when its target does not say which rows it has", async () => {
    const { world, sendOlder } = await setUp();
    world.d1cv.answerNext("rows", { status: 502 });
    expect(await sendOlder()).toMatchObject({ done: false, reason: "d1cv answered 502" });
    expect(await olderJob(world)).toMatchObject({ state: "pending", tries: 1 });
    await sendOlder();
    expect(years(world)).toBe(8);
  });

  test("a deletion from an outage is not sent over a newer change of its row", async () => {
    const world = await inOutage();
    const number = await approvedCommit(world, { action: "DELETE", values: {}, targets: ["d1cv"] });
    await push(world, number, "d1cv");
    const { id: jobId, attempt } = await jobFor(world, "d1cv");
    world.d1cv.isDown = false;
    world.clock.ms += minuteMs;
    const sendNewer = await pushed(world, { experience_years: "10" });
    await sendNewer();
    await report(world, "d1cv", completed);
    const deps: Work = { ...world.system, queues: createQueues(), withEffects: (run) => run(world.effects) };
    await handlePushMessage(deps, { workspaceId: world.workspaceId, jobId, attempt });
    expect(await olderJob(world)).toMatchObject({ state: "failed", error_code: "conflict" });
    expect(years(world)).toBe(10);
  });
});
