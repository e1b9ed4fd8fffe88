/** An outage of a target: pushes wait with a note, one of them tests the target, and all continue when it is back. */
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { Job } from "../shared/domain/pushes/push.ts";
import { failuresToOpen, longestWaitMs } from "../shared/domain/pushes/target-health.ts";
import type { Work } from "../shared/environment.ts";
import { read } from "../shared/storage/database.ts";
import { overdueJobsQuery } from "../shared/storage/pushes/jobs.ts";
import {
  approvedCommit,
  completed,
  createQueues,
  createWorld,
  jobFor,
  people,
  push,
  stage,
  timeouts,
  valueOf,
  relayAll,
  type World,
} from "../test/support/shared/world.ts";
import { cancelPush } from "../shared/use-cases/pushes/cancel-push.ts";
import { unstageChanges } from "../shared/use-cases/staging/unstage-changes.ts";
import { recordOutcome } from "../shared/use-cases/pushes/record-outcome.ts";
import { settleJobs } from "../shared/use-cases/pushes/settle-job.ts";
import { handlePushMessage } from "./push.ts";

/** A world with advancing time, running alarms and a delivering queue. */
const setUp = async () => {
  const world = await createWorld();
  await stage(world);
  valueOf(await unstageChanges(world.as("author"), { numbers: "all" }));
  await env.DB.exec("DELETE FROM outbox");
  const queues = createQueues();
  const queue = queues["cv-push"];
  const deps: Work = { ...world.system, queues, withEffects: (run) => run(world.effects) };
  const counted = { messages: 0 };
  let later: { atMs: number; body: unknown }[] = [];
  const deliver = async (body: unknown): Promise<void> => {
    const handled = await handlePushMessage(deps, body);
    if ("done" in handled && !handled.done) {
      later.push({ atMs: world.clock.ms + handled.retryInSeconds * 1000, body });
    }
  };
  /** Runs all due work; the outbox is relayed first and last. */
  const run = async (): Promise<void> => {
    const [jobs] = await read(world.db, overdueJobsQuery(iso(world), 100, world.workspaceId));
    await settleJobs(world.system, jobs);
    await relayAll(world, queues);
    const due = later.filter(({ atMs }) => atMs <= world.clock.ms);
    later = later.filter((each) => !due.includes(each));
    const sent = queue.sent.splice(0);
    counted.messages += sent.length;
    for (const body of [...due.map((each) => each.body), ...sent]) await deliver(body);
  };
  const pass = async (seconds: number, stepMs = 1000): Promise<void> => {
    const endMs = world.clock.ms + seconds * 1000;
    while (world.clock.ms < endMs) {
      world.clock.ms = Math.min(endMs, world.clock.ms + stepMs);
      await run();
    }
  };
  return { world, deps, counted, run, pass };
};

const iso = (world: World): string => new Date(world.clock.ms).toISOString();

/** A push to d1cv alone, with its own commit. */
const pushOne = async (world: World, years: number): Promise<string> => {
  const number = await approvedCommit(world, { values: { experience_years: String(years) }, targets: ["d1cv"] });
  await push(world, number, "d1cv");
  world.d1cv.calls = [];
  return (await newestJob(world)).id;
};
const newestJob = async (world: World): Promise<Job> => jobFor(world, "d1cv");
const jobs = async (world: World) =>
  (await world.table("jobs")).map(({ state, tries, waiting_since }) => ({
    state,
    tries,
    waits: waiting_since !== null,
  }));
const health = async (world: World) => (await world.table("target_health"))[0] ?? null;
/** A push that was staged in the outage is probed by reading its rows first. */
const requests = (world: World): number => world.d1cv.calls.length;
const applies = (world: World): number => world.d1cv.calls.filter((call) => call === "POST apply").length;
const report = async (world: World, jobId: string, outcome: Parameters<typeof recordOutcome>[1]["outcome"]) =>
  valueOf(
    await recordOutcome(world.system, {
      jobId,
      attempt: 1,
      outcome,
      actor: { kind: "target", id: "d1cv" },
      webhook: null,
    }),
  );

/** A push that waits because of the outage. */
const down = async () => {
  const scene = await setUp();
  const { world, pass } = scene;
  const first = await pushOne(world, 8);
  world.d1cv.isDown = true;
  await scene.run();
  await pass(5);
  return { ...scene, first };
};

describe("a target that is down", () => {
  test("a target that is down makes pushes wait, with one notice of the outage", async () => {
    const { world } = await down();
    expect(applies(world)).toBe(failuresToOpen);
    expect(await jobs(world)).toEqual([{ state: "pending", tries: failuresToOpen, waits: true }]);
    expect(await health(world)).toMatchObject({
      state: "open",
      failures: failuresToOpen,
      failing_since: "2026-11-23T08:00:00.000Z",
      error: "could not be reached",
    });
    expect(await world.table("pushes")).toMatchObject([{ state: "running" }]);
    expect(await world.table("commits")).toMatchObject([{ status: "pending" }]);
    expect((await world.eventTypes()).filter((type) => type === "target.down")).toHaveLength(1);
    expect((await world.table("cards")).filter(({ kind }) => kind === "outage")).toHaveLength(1);
    expect((await newestJob(world)).outage).toEqual({
      since: "2026-11-23T08:00:00.000Z",
      error: "could not be reached",
    });
  });

  test("a target that is down is not called for other pushes, which wait", async () => {
    const { world, pass } = await down();
    await pushOne(world, 9);
    await pushOne(world, 10);
    await pass(1);
    expect(applies(world)).toBe(0);
    expect((await jobs(world)).slice(1)).toEqual([
      { state: "pending", tries: 0, waits: true },
      { state: "pending", tries: 0, waits: true },
    ]);
    expect((await world.table("cards")).filter(({ kind }) => kind === "outage")).toHaveLength(1);
    const { probe_at } = (await health(world)) ?? {};
    expect((await world.table("jobs")).map(({ deadline_at }) => deadline_at)).toEqual([probe_at, probe_at, probe_at]);
  });

  test("a target that is down is probed by one push a minute, in turns", async () => {
    const { world, pass } = await down();
    await pushOne(world, 9);
    await pushOne(world, 10);
    await pass(400, 10_000);
    expect(requests(world)).toBeGreaterThanOrEqual(5);
    expect(requests(world)).toBeLessThanOrEqual(8);
    const tries = (await jobs(world)).map((job) => Number(job.tries));
    expect(Math.max(...tries) - Math.min(...tries)).toBeLessThanOrEqual(1);
    expect((await jobs(world)).every(({ state, waits }) => state === "pending" && waits)).toBe(true);
    expect((await world.eventTypes()).filter((type) => type === "target.down")).toHaveLength(1);
  });

  test("an outage's notice is updated when the reason changes, and only then", async () => {
    const { world, pass } = await down();
    const notice = async () => (await world.table("cards")).find(({ kind }) => kind === "outage")?.["desired_version"];
    const before = Number(await notice());
    await pass(90);
    expect(await notice()).toBe(before);
    world.d1cv.isDown = false;
    world.d1cv.answerNext("apply", { status: 502 }, { status: 502 });
    await pass(90);
    expect(await health(world)).toMatchObject({ state: "open", error: "answered 502" });
    expect(await notice()).toBe(before + 1);
  });

  test("an outage costs one message for each probe, not for each waiting push", async () => {
    const { world, pass, counted } = await down();
    for (const years of [9, 10, 11, 12, 13]) await pushOne(world, years);
    await pass(2);
    counted.messages = 0;
    await pass(150, 5000);
    expect(requests(world)).toBeGreaterThan(1);
    expect(counted.messages).toBe(requests(world));
  });

  test("an outage ends with a completed probe, and the waiting pushes continue", async () => {
    const { world, pass, first } = await down();
    const ids = [first];
    for (const years of [9, 10, 11, 12, 13, 14, 15, 16]) ids.push(await pushOne(world, years));
    await pass(2);
    world.d1cv.isDown = false;
    world.d1cv.isSlow = true;
    world.d1cv.calls = [];
    await pass(60);
    // The target has accepted the testing push. The target counts as back when it reports.
    const accepted = (await world.table("jobs")).filter(({ state }) => state === "processing");
    expect(accepted).toHaveLength(1);
    expect(await health(world)).toMatchObject({ state: "half_open", probe_job_id: accepted[0]?.["id"] });
    await report(world, String(accepted[0]?.["id"]), completed);
    expect(await health(world)).toMatchObject({ state: "closed", failures: 0, closed_at: iso(world) });
    // The other commits set the same field.
    const events = (await world.eventTypes()).filter((type) => type !== "commit.drifted");
    expect(events.slice(-2)).toEqual(["target.back", "job.completed"]);
    const due = (await world.table("jobs"))
      .filter(({ state }) => state === "pending")
      .map(({ deadline_at }) => Date.parse(String(deadline_at)) - world.clock.ms);
    expect(due).toEqual([200, 400, 600, 800, 1000, 1200, 1400, 1600]);
    await pass(4, 200);
    expect((await world.table("jobs")).filter(({ state }) => state === "processing")).toHaveLength(8);
    expect(applies(world)).toBe(ids.length);
  });

  test.each(["409", "422"])("an outage ends when the target answers %s, and the probing push fails", async (status) => {
    const { world, pass, first } = await down();
    await pushOne(world, 9);
    world.d1cv.isDown = false;
    const body = { error: status === "409" ? "conflict" : "invalid_request", message: "no", conflicts: [] };
    world.d1cv.answerNext("apply", { status: Number(status), body }, { status: Number(status), body });
    await pass(61);
    expect(await health(world)).toMatchObject({ state: "closed" });
    const states = (await world.table("jobs")).map(({ id, state }) => [id === first ? "first" : "other", state]);
    expect(states).toContainEqual(["other", "failed"]);
  });

  test("an outage does not end with a webhook about another job than the probe", async () => {
    const { world, pass } = await setUp();
    const early = await pushOne(world, 8);
    world.d1cv.isSlow = true;
    await pass(1);
    world.d1cv.isDown = true;
    await pushOne(world, 9);
    await pass(6);
    expect(await health(world)).toMatchObject({ state: "open" });
    await report(world, early, completed);
    expect(await health(world)).toMatchObject({ state: "open" });
  });

  test("an outage ends with the completion of a push whose answer was lost", async () => {
    const { world, first } = await down();
    await world.run("UPDATE target_health SET probe_job_id = ?2 WHERE workspace_id = ?1", world.workspaceId, first);
    await report(world, first, completed);
    expect(await health(world)).toMatchObject({ state: "closed" });
  });

  test("an outage has one probe when two pushes arrive at its time", async () => {
    const { world, deps, first } = await down();
    const second = await pushOne(world, 9);
    world.clock.ms += 20_000;
    const message = (jobId: string) => ({ workspaceId: world.workspaceId, jobId, attempt: 1 });
    const handled = await Promise.all([
      handlePushMessage(deps, message(first)),
      handlePushMessage(deps, message(second)),
    ]);
    expect(handled.filter((each) => "done" in each && !each.done)).toHaveLength(1);
    expect(applies(world)).toBe(1);
  });

  test("an unsent push fails after it waited a day for its target", async () => {
    const { world, pass } = await down();
    await pushOne(world, 9);
    await pass(1);
    await world.run(
      "UPDATE jobs SET waiting_since = ?2 WHERE workspace_id = ?1 AND tries = 0",
      world.workspaceId,
      new Date(world.clock.ms - longestWaitMs).toISOString(),
    );
    await pass(15);
    expect((await world.table("jobs")).at(-1)).toMatchObject({
      state: "failed",
      error_code: "unreachable",
      error_message: "d1cv did not answer for 24 h, and the push was never sent",
    });
    expect(await health(world)).toMatchObject({ state: "open" });
  });

  test("a sent push is unknown after it waited a day, and its target is queried", async () => {
    const { world, pass, first } = await down();
    await world.run(
      "UPDATE jobs SET waiting_since = ?2 WHERE id = ?1",
      first,
      new Date(world.clock.ms - longestWaitMs).toISOString(),
    );
    await pass(15);
    expect((await world.table("jobs")).at(-1)).toMatchObject({
      state: "timeout",
      error_message: "d1cv did not answer for 24 h",
    });
    expect(world.d1cv.calls).toContain("GET job");
  });

  test("an unsent push can be cancelled during an outage of its target", async () => {
    const { world, pass } = await down();
    await pushOne(world, 9);
    await pass(1);
    expect(valueOf(await cancelPush(world.as("approver"), { number: 2 }))).toMatchObject({
      cancelled: ["d1cv"],
      unknown: [],
    });
    expect(applies(world)).toBe(0);
    expect((await jobs(world)).at(-1)).toEqual({ state: "cancelled", tries: 0, waits: false });
    expect((await world.table("job_events")).at(-1)).toMatchObject({ actor_id: people.approver });
  });

  test("an outage of a target in one workspace does not affect another workspace", async () => {
    await down();
    const other = await setUp();
    await pushOne(other.world, 8);
    await other.pass(1);
    expect((await jobs(other.world))[0]).toMatchObject({ state: "processing", waits: false });
  });
});

describe("a push that its target never answers, while the target answers others", () => {
  test("a push that its target never answers ends after five tries, and blocks no other", async () => {
    const { world, pass } = await setUp();
    const poison = await pushOne(world, 8);
    const { fetch } = world.d1cv;
    world.d1cv.fetch = async (input, init) => {
      const request = new Request(input, init);
      const isPoison = request.headers.get("idempotency-key") === poison;
      return isPoison ? new Response("no", { status: 500 }) : fetch(request);
    };
    for (let years = 9; years < 20; years += 1) {
      const other = await pushOne(world, years);
      await pass(1);
      await report(world, other, completed);
    }
    await pass(20);
    expect((await world.table("jobs"))[0]).toMatchObject({
      state: "failed",
      error_message: "d1cv answered 500 (5 tries); nothing was applied there",
    });
    expect(await world.eventTypes()).not.toContain("target.down");
  });
});

describe("a target that accepts and does not report", () => {
  test("a target that accepts pushes without reporting on them counts as down", async () => {
    const { world, pass } = await setUp();
    world.d1cv.isSlow = true;
    for (const years of [8, 9, 10]) await pushOne(world, years);
    await pass(timeouts.completionMs / 1000 + 20, 5000);
    expect((await jobs(world)).map(({ state }) => state)).toEqual(["timeout", "timeout", "timeout"]);
    expect(await health(world)).toMatchObject({ state: "open", error: "accepts pushes but does not report on them" });
    world.d1cv.calls = [];
    // One push tests the target, and only its completion shows that the target works again.
    const tried = await pushOne(world, 11);
    await pass(1);
    await pushOne(world, 12);
    await pass(30);
    expect((await jobs(world)).slice(3)).toMatchObject([
      { state: "processing", tries: 1 },
      { state: "pending", tries: 0, waits: true },
    ]);
    await report(world, tried, completed);
    await pass(1);
    expect((await jobs(world)).at(-1)).toMatchObject({ state: "processing", waits: false });
  });
});
