import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { Job } from "../../domain/pushes/push.ts";
import { read } from "../../storage/database.ts";
import { nextDeadlineQuery, overdueJobsQuery } from "../../storage/pushes/jobs.ts";
import { deliver } from "../../../test/support/shared/deliver.ts";
import {
  applyResult,
  approvedCommit,
  completed,
  createWorld,
  jobFor,
  push,
  report,
  timeouts,
  type World,
} from "../../../test/support/shared/world.ts";
import { recordOutcome } from "./record-outcome.ts";
import { settleJob, settleJobs } from "./settle-job.ts";

const minuteMs = 60_000;

const pushed = async (): Promise<World> => {
  const world = await createWorld();
  await push(world, await approvedCommit(world));
  return world;
};
const overdue = async (world: World): Promise<Job[]> =>
  (await read(env.DB, overdueJobsQuery(new Date(world.clock.ms).toISOString(), 10, world.workspaceId)))[0];

/** Lets the time pass and takes one step for what is overdue. */
const settleAfter = async (world: World, delayMs: number) => {
  world.clock.ms += delayMs;
  const jobs = await overdue(world);
  return Promise.all(jobs.map((job) => settleJob(world.system, job)));
};

/** The target accepts what it is sent and is at work on it. */
const acceptedBy = async (world: World): Promise<void> => {
  world.d1cv.isSlow = true;
  await deliver(world, "d1cv");
  await report(world, "d1cv", { kind: "accepted" });
};

describe("deadlines", () => {
  test("a dispatched job has a deadline, but a waiting or settled job has none", async () => {
    const world = await pushed();
    const next = async () => (await read(env.DB, nextDeadlineQuery(world.workspaceId)))[0];
    expect(await next()).toBe("2026-11-23T08:00:20.000Z");
    expect(await overdue(world)).toEqual([]);
    world.clock.ms += timeouts.dispatchMs + 1;
    expect((await overdue(world)).map(({ target }) => target)).toEqual(["d1cv"]);
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", completed);
    world.clock.ms += 60 * minuteMs;
    expect(await overdue(world)).toEqual([]);
    expect(await next()).toBeNull();
  });

  test("an overdue job is listed for its workspace and for the sweep over all", async () => {
    const mine = await pushed();
    const other = await pushed();
    mine.clock.ms = other.clock.ms += timeouts.dispatchMs + 1;
    expect((await overdue(mine)).map(({ workspaceId }) => workspaceId)).toEqual([mine.workspaceId]);
    const [all] = await read(env.DB, overdueJobsQuery(new Date(mine.clock.ms).toISOString(), 10, null));
    expect(all.map(({ workspaceId }) => workspaceId)).toEqual(
      expect.arrayContaining([mine.workspaceId, other.workspaceId]),
    );
  });
});

describe("a job without a report", () => {
  test("a job without a report is queued again under the same attempt", async () => {
    const world = await pushed();
    expect(await settleAfter(world, timeouts.dispatchMs + 1)).toEqual(["resent"]);
    const job = await jobFor(world, "d1cv");
    expect(job).toMatchObject({ state: "pending", attempt: 1, deadlineAt: "2026-11-23T08:00:40.001Z" });
    expect((await world.table("outbox")).map(({ payload }) => JSON.parse(String(payload)))).toEqual([
      { workspaceId: world.workspaceId, jobId: job.id, attempt: 1, traceId: world.as("author").traceId },
      { workspaceId: world.workspaceId, jobId: job.id, attempt: 1, traceId: world.as("author").traceId },
    ]);
    expect(world.d1cv.calls).not.toContain("GET job");
  });

  test("a job without a report is queued once by workers that run at once", async () => {
    const world = await pushed();
    world.clock.ms += timeouts.dispatchMs + 1;
    const [job] = await overdue(world);
    if (!job) throw new Error("nothing overdue");
    const settled = await Promise.all([
      settleJob(world.system, job),
      settleJob(world.system, job),
      settleJob(world.system, job),
    ]);
    expect(settled.toSorted()).toEqual(["resent", "waiting", "waiting"]);
    expect(await world.table("outbox")).toHaveLength(2);
  });

  test("a job is not queued again when its 202 arrives meanwhile", async () => {
    const world = await pushed();
    world.clock.ms += timeouts.dispatchMs + 1;
    const [job] = await overdue(world);
    if (!job) throw new Error("nothing overdue");
    await report(world, "d1cv", { kind: "accepted" });
    expect(await settleJob(world.system, job)).toBe("waiting");
    expect(await world.table("outbox")).toHaveLength(1);
  });

  test("a job that no consumer has taken waits for a day, and fails as never sent", async () => {
    const world = await pushed();
    expect(await settleAfter(world, 10 * minuteMs + 1)).toEqual(["resent"]);
    expect(await settleAfter(world, timeouts.dispatchMs + 1)).toEqual([]);
    expect(await settleAfter(world, 10 * minuteMs)).toEqual(["resent"]);
    world.d1cv.calls = [];
    expect(await settleAfter(world, 24 * 60 * minuteMs)).toEqual(["recorded"]);
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "failed", errorCode: "unsent" });
    expect(world.d1cv.calls).toEqual([]);
  });

  test("a job without a report for ten minutes fails once the target cancels it", async () => {
    const world = await pushed();
    await world.run("UPDATE jobs SET tries = 1 WHERE workspace_id = ?1", world.workspaceId);
    expect(await settleAfter(world, 10 * minuteMs - 1)).toEqual(["resent"]);
    expect(await settleAfter(world, timeouts.dispatchMs + 1)).toEqual(["recorded"]);
    expect(await jobFor(world, "d1cv")).toMatchObject({
      state: "failed",
      errorMessage: "d1cv could not be reached; nothing was applied there",
    });
    expect((await world.eventTypes()).slice(-2)).toEqual(["job.timeout", "job.failed"]);
  });
});

describe("an accepted job without completion", () => {
  test("an accepted job times out at its deadline, and waits while the target works", async () => {
    const world = await pushed();
    await acceptedBy(world);
    world.d1cv.calls = [];
    expect(await settleAfter(world, timeouts.completionMs - 1)).toEqual([]);
    expect(await settleAfter(world, 2)).toEqual(["waiting"]);
    expect(world.d1cv.calls).toEqual(["GET job"]);
    const job = await jobFor(world, "d1cv");
    expect(job).toMatchObject({
      state: "timeout",
      errorCode: "timeout",
      errorMessage: "Timeout: d1cv accepted the push but did not report back within 5 min",
    });
    expect(Date.parse(job.deadlineAt ?? "") - world.clock.ms).toBe(timeouts.askMs);
    expect(await world.table("commits")).toMatchObject([
      { status: "failed", error_target: "d1cv", error_message: expect.stringContaining("Timeout") },
    ]);
  });

  test.each(["job", "cancel"] as const)(
    "a job is asked about no sooner than the target's Retry-After: %s",
    async (call) => {
      const world = await pushed();
      await report(world, "d1cv", { kind: "accepted" });
      world.d1cv.answerNext(call, { status: 429, headers: { "retry-after": "200" } });
      expect(await settleAfter(world, timeouts.completionMs + 1)).toEqual(["waiting"]);
      const { deadlineAt } = await jobFor(world, "d1cv");
      expect(Date.parse(deadlineAt ?? "") - world.clock.ms).toBe(200_000);
    },
  );

  test("overdue jobs are asked about side by side, so a slow one delays no other", async () => {
    const world = await pushed();
    const second = await approvedCommit(world, { values: { experience_years: "9" }, targets: ["d1cv"] });
    await push(world, second, "d1cv");
    for (const { id } of await world.table("jobs"))
      await world.run("UPDATE jobs SET state = 'timeout', deadline_at = '2026' WHERE id = ?1 AND target = 'd1cv'", id);
    const { fetch } = world.d1cv;
    const arrived = Promise.withResolvers<null>();
    let asked = 0;
    // No answer before both have asked.
    world.d1cv.fetch = async (input, init) => {
      asked += 1;
      if (asked === 2) arrived.resolve(null);
      await arrived.promise;
      return fetch(input, init);
    };
    const jobs = await overdue(world);
    expect(jobs).toHaveLength(2);
    await settleJobs(world.system, jobs);
    expect((await world.table("jobs")).filter(({ target }) => target === "d1cv").map(({ state }) => state)).toEqual([
      "failed",
      "failed",
    ]);
  });

  test("an accepted job is asked about repeatedly until the target knows its outcome", async () => {
    const world = await pushed();
    await acceptedBy(world);
    await settleAfter(world, timeouts.completionMs + 1);
    expect(await settleAfter(world, timeouts.askMs + 1)).toEqual(["waiting"]);
    expect(await settleAfter(world, timeouts.askMs + 1)).toEqual(["waiting"]);
    world.d1cv.finish((await jobFor(world, "d1cv")).id);
    expect(await settleAfter(world, timeouts.askMs + 1)).toEqual(["recorded"]);
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "completed", result: { updated: 1 } });
    expect(await jobFor(world, "ai-agent")).toMatchObject({ state: "pending", dispatchedAt: expect.any(String) });
    expect((await world.eventTypes()).filter((type) => type === "job.timeout")).toHaveLength(1);
    expect(world.d1cv.calls).not.toContain("POST cancel");
  });

  test("a job that its target reports as failed gets the target's error message", async () => {
    const world = await pushed();
    await acceptedBy(world);
    world.d1cv.giveUp((await jobFor(world, "d1cv")).id, { code: "crashed", message: "d1cv crashed" });
    expect(await settleAfter(world, timeouts.completionMs + 1)).toEqual(["recorded"]);
    expect(await jobFor(world, "d1cv")).toMatchObject({
      state: "failed",
      errorCode: "crashed",
      errorMessage: "d1cv crashed",
    });
  });

  test("a job that its target does not know is cancelled there before it fails", async () => {
    const world = await pushed();
    await report(world, "d1cv", { kind: "accepted" });
    world.d1cv.calls = [];
    expect(await settleAfter(world, timeouts.completionMs + 1)).toEqual(["recorded"]);
    expect(world.d1cv.calls).toEqual(["GET job", "POST cancel"]);
    const job = await jobFor(world, "d1cv");
    expect(job).toMatchObject({ state: "failed", errorCode: "timeout" });
    expect(job.errorMessage).toContain("nothing was applied there");
    await world.d1cv.fetch("https://d1cv.internal/api/admin/apply", { method: "POST", body: "{}" });
    expect(world.d1cv.applied).toEqual([]);
  });

  test("a job that its target applied before the cancellation is completed", async () => {
    const world = await pushed();
    await acceptedBy(world);
    world.d1cv.finish((await jobFor(world, "d1cv")).id);
    world.d1cv.answerNext("job", { status: 404 });
    expect(await settleAfter(world, timeouts.completionMs + 1)).toEqual(["recorded"]);
    expect(world.d1cv.calls).toContain("POST cancel");
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "completed" });
  });

  test.each<[string, (world: World) => void]>([
    ["cannot be reached", (world) => (world.d1cv.isDown = true)],
    ["answers 500", (world) => world.d1cv.answerNext("job", { status: 500 })],
    ["answers 401", (world) => world.d1cv.answerNext("job", { status: 401 })],
    ["cannot be fenced", (world) => world.d1cv.answerNext("cancel", { status: 500 })],
    [
      "says applied without a result",
      (world) => {
        const applied = {
          jobId: "x",
          attempt: 1,
          state: "applied",
          stage: null,
          result: null,
          error: null,
          searchableAt: null,
          verifiedAt: null,
        };
        world.d1cv.answerNext("job", { status: 200, body: applied });
        world.d1cv.answerNext("cancel", { status: 200, body: { state: "applied", result: null } });
      },
    ],
  ])("a job's outcome stays unknown while the target %s", async (_name, script) => {
    const world = await pushed();
    await report(world, "d1cv", { kind: "accepted" });
    script(world);
    expect(await settleAfter(world, timeouts.completionMs + 1)).toEqual(["waiting"]);
    const job = await jobFor(world, "d1cv");
    expect(job.state).toBe("timeout");
    expect(Date.parse(job.deadlineAt ?? "") - world.clock.ms).toBe(timeouts.askMs);
    expect(await overdue(world)).toEqual([]);
  });

  test("a target's answer about an older attempt does not settle the job", async () => {
    const world = await pushed();
    await report(world, "d1cv", { kind: "accepted" });
    await world.run("UPDATE jobs SET attempt = 2 WHERE workspace_id = ?1 AND target = 'd1cv'", world.workspaceId);
    const old = {
      jobId: "x",
      attempt: 1,
      state: "failed",
      stage: null,
      result: null,
      error: { code: "old", message: "old" },
      searchableAt: null,
      verifiedAt: null,
    };
    world.d1cv.answerNext("job", { status: 200, body: old });
    expect(await settleAfter(world, timeouts.completionMs + 1)).toEqual(["recorded"]);
    expect(world.d1cv.calls).toContain("POST cancel");
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "failed", errorCode: "timeout" });
  });

  test("an overdue job is settled once by workers that run at once", async () => {
    const world = await pushed();
    await report(world, "d1cv", { kind: "accepted" });
    world.clock.ms += timeouts.completionMs + 1;
    const [job] = await overdue(world);
    if (!job) throw new Error("nothing overdue");
    await Promise.all([settleJob(world.system, job), settleJob(world.system, job)]);
    expect((await world.eventTypes()).filter((type) => type === "job.timeout" || type === "job.failed")).toEqual([
      "job.timeout",
      "job.failed",
    ]);
    expect((await jobFor(world, "d1cv")).state).toBe("failed");
  });

  test("a webhook that arrives while the target is asked decides the outcome", async () => {
    const world = await pushed();
    await report(world, "d1cv", { kind: "accepted" });
    world.clock.ms += timeouts.completionMs + 1;
    const [job] = await overdue(world);
    if (!job) throw new Error("nothing overdue");
    // Round trips: 1, 2 record the timeout, 3 reads the origin, 4, 5 record the answer.
    world.db.interrupt(5, () =>
      recordOutcome(
        { ...world.system, db: env.DB },
        {
          jobId: job.id,
          attempt: 1,
          outcome: { kind: "completed", result: applyResult },
          actor: { kind: "target", id: "d1cv" },
          webhook: null,
        },
      ),
    );
    expect(await settleJob(world.system, job)).toBe("waiting");
    expect((await jobFor(world, "d1cv")).state).toBe("completed");
  });
});
