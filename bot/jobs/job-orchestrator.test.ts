/** The workspace's alarm, with a clock that only a test advances. */
import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { clock } from "../../test/support/bot/clock.ts";
import { applied } from "../../test/support/bot/fake-target.ts";
import { targets } from "../../test/support/bot/stand-ins.ts";
import { createWorld, people, type World } from "../../test/support/bot/world.ts";

const { author, approver } = people;
const orchestratorOf = (world: World) => env.JOB_ORCHESTRATOR.getByName(world.team);
const alarmOf = (world: World) =>
  runInDurableObject(orchestratorOf(world), (_object, { storage }) => storage.getAlarm());

/** Runs the next alarm when it is due. */
const ring = async (world: World): Promise<void> => {
  const atMs = await alarmOf(world);
  if (atMs === null) throw new Error("no alarm stands");
  clock.to(atMs);
  await runDurableObjectAlarm(orchestratorOf(world));
};

const pushed = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit x"],
    [approver, "approve 1"],
    [approver, "push 1 all"],
  );
  return world;
};

const accepted = async (): Promise<World> => {
  const world = await pushed();
  await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 40 });
  return world;
};

const firstJob = async (world: World) => {
  const [job] = await world.rows("jobs");
  if (!job) throw new Error("no job");
  return job;
};

/** Runs every alarm until the deadline of an accepted job. */
const untilTimeout = async (world: World): Promise<void> => {
  const startMs = clock.nowMs();
  while (clock.nowMs() - startMs < 300_000) await ring(world);
};

describe("a job", () => {
  test("a job without a report is queued again by the alarm after 20 s", async () => {
    const world = await pushed();
    await world.queued(1);
    const sentMs = Date.parse(String((await firstJob(world))["dispatched_at"]));
    await ring(world);
    expect(clock.nowMs() - sentMs).toBeGreaterThanOrEqual(20_000);
    expect(await world.queued(2)).toEqual([
      expect.objectContaining({ attempt: 1 }),
      expect.objectContaining({ attempt: 1 }),
    ]);
    expect(await firstJob(world)).toMatchObject({ state: "pending", attempt: 1 });
    expect(await alarmOf(world)).not.toBeNull();
  });

  test("a job without completion for five minutes is queried by the alarm", async () => {
    const world = await accepted();
    targets.d1cv.jobs.set(String((await firstJob(world))["id"]), { state: "applied", result: applied() });
    await untilTimeout(world);
    expect(await world.rows("jobs")).toMatchObject([
      { state: "completed" },
      { state: "pending", dispatched_at: clock.iso() },
    ]);
    const events = (await world.rows("job_events")).map(({ type }) => type);
    expect(events).toContain("job.timeout");
    expect(events.indexOf("job.completed")).toBeGreaterThan(events.indexOf("job.timeout"));
  });

  test("a job of a silent target stays unknown and is queried every minute", async () => {
    const world = await accepted();
    targets.d1cv.mood = "down";
    await untilTimeout(world);
    expect(await firstJob(world)).toMatchObject({
      state: "timeout",
      error_message: expect.stringContaining("Timeout: d1cv accepted the push"),
    });
    expect(await world.rows("commits")).toMatchObject([{ status: "failed", error_target: "d1cv" }]);
    const asked = targets.d1cv.requests.length;
    const beforeMs = clock.nowMs();
    await ring(world);
    expect(clock.nowMs() - beforeMs).toBeGreaterThanOrEqual(60_000);
    expect(targets.d1cv.requests.length).toBeGreaterThan(asked);
    expect(await firstJob(world)).toMatchObject({ state: "timeout" });
  });

  test("a job that never reached its target is cancelled there before it fails", async () => {
    const world = await accepted();
    await untilTimeout(world);
    const { id, state } = await firstJob(world);
    expect(state).toBe("failed");
    expect(targets.d1cv.requests.at(-1)).toBe(`POST /api/admin/jobs/${String(id)}/cancel`);
  });
});

describe("the alarm", () => {
  test("the job alarm is not set again without unfinished jobs", async () => {
    const world = await pushed();
    for (const target of ["d1cv", "ai-agent"]) await world.report(target, { type: "job.completed", result: applied() });
    while ((await alarmOf(world)) !== null) await ring(world);
    expect(await world.rows("jobs")).toMatchObject([{ state: "completed" }, { state: "completed" }]);
  });

  test("the job alarm moves to an earlier time, never to a later one", async () => {
    const world = await pushed();
    const standing = await alarmOf(world);
    await orchestratorOf(world).watch(world.team, clock.nowMs() + 500_000);
    expect(await alarmOf(world)).toBe(standing);
    await orchestratorOf(world).watch(world.team, clock.nowMs() + 1000);
    expect(await alarmOf(world)).toBeLessThan(Number(standing));
  });

  test("the job alarm runs after its object was evicted", async () => {
    const world = await pushed();
    await world.queued(1);
    await evictDurableObject(orchestratorOf(world));
    await ring(world);
    expect(await world.queued(2)).toHaveLength(2);
  });

  test("the job alarm of an object without a workspace does nothing", async () => {
    const stub = env.JOB_ORCHESTRATOR.getByName("nobody");
    await runInDurableObject(stub, (_object, { storage }) => storage.setAlarm(clock.nowMs() + 1000));
    await runDurableObjectAlarm(stub);
    expect(await runInDurableObject(stub, (_object, { storage }) => storage.getAlarm())).toBeNull();
  });

  test("the job alarm of a workspace without jobs does nothing", async () => {
    const world = await createWorld();
    await orchestratorOf(world).watch(world.team, clock.nowMs() + 1000);
    await ring(world);
    expect(await alarmOf(world)).toBeNull();
  });

  test("the job alarm with a time in the past runs immediately", async () => {
    const world = await createWorld();
    await orchestratorOf(world).watch(world.team, clock.nowMs() - 60_000);
    expect(await alarmOf(world)).toBe(clock.nowMs() + 1);
  });

  test("an overdue job that cannot be read does not keep the job alarm ringing", async () => {
    const world = await pushed();
    await env.DB.prepare("UPDATE jobs SET result = '[]' WHERE dispatched_at IS NOT NULL").run();
    clock.to(clock.nowMs() + 60_000);
    await runDurableObjectAlarm(orchestratorOf(world));
    expect(await alarmOf(world)).toBeGreaterThanOrEqual(clock.nowMs() + 10_000);
  });

  test("the job alarm is set again after a database error", async () => {
    const world = await pushed();
    await env.DB.prepare("ALTER TABLE jobs RENAME TO jobs_away").run();
    await ring(world);
    await env.DB.prepare("ALTER TABLE jobs_away RENAME TO jobs").run();
    expect(await alarmOf(world)).toBeGreaterThan(clock.nowMs());
    await ring(world);
    expect(await world.queued(2)).toHaveLength(2);
  });
});
