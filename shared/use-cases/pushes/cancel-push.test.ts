import { describe, expect, test } from "vitest";
import { deliver } from "../../../test/support/shared/deliver.ts";
import {
  approvedCommit,
  channelId,
  completed,
  createWorld,
  everythingButReportsOf,
  everythingOf,
  jobFor,
  people,
  push,
  reasonOf,
  report,
  type World,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { cancelPush } from "./cancel-push.ts";
import { retryPush } from "./retry-push.ts";
import { startPush } from "./start-push.ts";

const failure = { kind: "failed", error: { code: "disk_full", message: "no space" } } as const;
const timeout = { kind: "timeout", error: { code: "timeout", message: "Timeout" } } as const;
const cancel = (world: World, number = 1) => cancelPush(world.as("approver"), { number });

const pushed = async (): Promise<World> => {
  const world = await createWorld();
  await push(world, await approvedCommit(world));
  world.d1cv.calls = [];
  return world;
};
/** A request of it has left; whether it has arrived is unknown. */
const tried = (world: World, target = "d1cv") =>
  world.run("UPDATE jobs SET tries = 1 WHERE workspace_id = ?1 AND target = ?2", world.workspaceId, target);
const states = async (world: World) => ({
  jobs: (await world.table("jobs")).map(({ target, state }) => `${String(target)} ${String(state)}`),
  targets: (await world.table("commit_targets"))
    .map(({ target, state }) => `${String(target)} ${String(state)}`)
    .toSorted()
    .toReversed(),
  pushes: (await world.table("pushes")).map(({ state }) => state),
  status: (await world.table("commits")).map(({ status }) => status),
});

describe("a push that its first target has not applied", () => {
  test.each<[string, (world: World) => Promise<unknown>]>([
    ["was tried, and did not arrive", (world) => tried(world)],
    ["is in progress", (world) => ((world.d1cv.isSlow = true), deliver(world, "d1cv"))],
    ["has an unknown outcome", (world) => report(world, "d1cv", timeout)],
  ])("cancelling cancels every job of a push whose first target %s", async (_name, advance) => {
    const world = await pushed();
    await advance(world);
    const roundTrips = world.db.roundTrips;
    expect(valueOf(await cancel(world))).toMatchObject({
      cancelled: ["d1cv", "ai-agent"],
      applied: [],
      unknown: [],
    });
    expect(world.db.roundTrips - roundTrips).toBe(2);
    expect(world.d1cv.calls).toContain("POST cancel");
    expect(world.ai.calls).not.toContain("POST cancel");
    expect(await states(world)).toEqual({
      jobs: ["d1cv cancelled", "ai-agent cancelled"],
      targets: ["d1cv pending", "ai-agent pending"],
      pushes: ["cancelled"],
      status: ["pending"],
    });
    expect(await world.table("commits")).toMatchObject([{ error_target: null, error_message: null }]);
    expect(await jobFor(world, "d1cv")).toMatchObject({ errorCode: "cancelled", deadlineAt: null });
    expect((await world.eventTypes()).slice(-3)).toEqual(["job.cancelled", "job.cancelled", "push.cancelled"]);
    const events = (await world.table("job_events")).slice(-3);
    expect(events).toMatchObject([
      { actor_id: people.approver, data: '{"target":"ai-agent","sent":false}' },
      { actor_id: people.approver, data: '{"target":"d1cv","sent":true}' },
      { actor_id: people.approver },
    ]);
  });

  test("cancelling asks no target when no request has been sent", async () => {
    const world = await pushed();
    world.d1cv.isDown = true;
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["d1cv", "ai-agent"], unknown: [] });
    expect(world.d1cv.calls).toEqual([]);
    expect(await states(world)).toEqual({
      jobs: ["d1cv cancelled", "ai-agent cancelled"],
      targets: ["d1cv pending", "ai-agent pending"],
      pushes: ["cancelled"],
      status: ["pending"],
    });
    expect((await world.table("job_events")).slice(-3)).toMatchObject([
      { data: '{"target":"d1cv","sent":false}' },
      { data: '{"target":"ai-agent","sent":false}' },
      { type: "push.cancelled" },
    ]);
  });

  test("cancelling a push invalidates its cards", async () => {
    const world = await pushed();
    const wanted = async () =>
      (await world.table("cards")).map(({ kind, desired_version }) => [kind, Number(desired_version)] as const);
    const before = new Map(await wanted());
    valueOf(await cancel(world));
    for (const [kind, version] of await wanted()) expect(version, String(kind)).toBeGreaterThan(before.get(kind) ?? 0);
  });

  test("a cancelled push can be pushed again under new job ids", async () => {
    const world = await pushed();
    const before = await jobFor(world, "d1cv");
    valueOf(await cancel(world));
    valueOf(await startPush(world.as("approver"), { number: 1, scope: "all", channelId }));
    expect((await jobFor(world, "d1cv")).id).not.toBe(before.id);
    await deliver(world, "d1cv");
    expect(world.d1cv.row("technology", "python-1")?.values).toMatchObject({ experience_years: 8 });
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", completed);
    expect((await states(world)).pushes).toEqual(["cancelled", "completed"]);
    expect((await states(world)).status).toEqual(["applied_all"]);
  });

  test("a target does not apply a request that arrives after its job was cancelled", async () => {
    const world = await pushed();
    await tried(world);
    valueOf(await cancel(world));
    await expect(deliver(world, "d1cv")).rejects.toThrow("cancelled");
    expect(world.d1cv.applied).toEqual([]);
  });

  test("a cancelled push ignores webhooks that come late", async () => {
    const world = await pushed();
    valueOf(await cancel(world));
    const before = await everythingButReportsOf(world.workspaceId);
    for (const outcome of [
      completed,
      failure,
      { kind: "progress", stage: "writing", percent: 40 },
      { kind: "searchable", vectorCount: 3 },
      { kind: "verified", result: { d1Count: 3, vectorCount: null, synced: true } },
    ] as const) {
      expect(reasonOf(await report(world, "d1cv", outcome))).toMatchObject({
        code: "ignored",
        because: "already_final",
      });
    }
    expect(await everythingButReportsOf(world.workspaceId)).toEqual(before);
  });
});

describe("a push that is applied in part", () => {
  test("cancelling a push that is applied in part keeps what is applied", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    await tried(world, "ai-agent");
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["ai-agent"] });
    expect(world.ai.calls).toContain("POST cancel");
    expect(world.d1cv.calls).not.toContain("POST cancel");
    expect(await states(world)).toEqual({
      jobs: ["d1cv completed", "ai-agent cancelled"],
      targets: ["d1cv applied", "ai-agent pending"],
      pushes: ["cancelled"],
      status: ["applied_d1cv"],
    });
  });

  test("cancelling after a failure cancels only the waiting job, and a retry stays possible", async () => {
    const world = await pushed();
    await report(world, "d1cv", failure);
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["ai-agent"], unknown: [] });
    expect(world.d1cv.calls).not.toContain("POST cancel");
    expect(await states(world)).toMatchObject({ jobs: ["d1cv failed", "ai-agent cancelled"], pushes: ["failed"] });
    expect((await world.eventTypes()).at(-1)).toBe("job.cancelled");
    valueOf(await retryPush(world.as("approver"), { number: 1, target: null }));
    expect((await states(world)).pushes).toEqual(["running"]);
  });
});

describe("a target that has applied it", () => {
  test("cancelling records a completion when the target has applied the job already", async () => {
    const world = await pushed();
    await deliver(world, "d1cv");
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["ai-agent"], applied: ["d1cv"], unknown: [] });
    expect(await states(world)).toEqual({
      jobs: ["d1cv completed", "ai-agent cancelled"],
      targets: ["d1cv applied", "ai-agent pending"],
      pushes: ["cancelled"],
      status: ["applied_d1cv"],
    });
    expect((await world.eventTypes()).slice(-3)).toEqual(["job.cancelled", "push.cancelled", "job.completed"]);
    expect((await world.table("job_events")).at(-1)).toMatchObject({ actor_kind: "target", actor_id: "d1cv" });
    expect(await jobFor(world, "d1cv")).toMatchObject({ result: { updated: 1 } });
  });

  test("cancelling is too late when the only target has applied the job", async () => {
    const world = await createWorld();
    await push(world, await approvedCommit(world), "d1cv");
    await deliver(world, "d1cv");
    expect(reasonOf(await cancel(world))).toEqual({ code: "already_applied", number: 1, targets: ["d1cv"] });
    expect(await states(world)).toMatchObject({ jobs: ["d1cv completed"], pushes: ["completed"] });
  });
});

describe("a target that does not answer", () => {
  test.each<[string, (world: World) => unknown]>([
    ["is down", (world) => (world.d1cv.isDown = true)],
    ["is broken", (world) => world.d1cv.answerNext("cancel", { status: 500 })],
    ["fences it, and its answer is lost", (world) => (world.d1cv.losesAnswers = true)],
    [
      "says that it applied it without a result",
      (world) => world.d1cv.answerNext("cancel", { status: 200, body: { state: "applied", result: null } }),
    ],
  ])("cancelling leaves a job in progress when its target %s", async (_name, script) => {
    const world = await pushed();
    await tried(world);
    script(world);
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["ai-agent"], applied: [], unknown: ["d1cv"] });
    expect(await states(world)).toEqual({
      jobs: ["d1cv pending", "ai-agent cancelled"],
      targets: ["d1cv in_flight", "ai-agent pending"],
      pushes: ["running"],
      status: ["pending"],
    });
    expect((await world.eventTypes()).slice(-1)).toEqual(["job.cancelled"]);
    expect((await jobFor(world, "d1cv")).deadlineAt).not.toBeNull();
  });

  test("cancelling again, once the target answers, ends the push", async () => {
    const world = await pushed();
    await tried(world);
    world.d1cv.isDown = true;
    valueOf(await cancel(world));
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await cancel(world))).toEqual({ code: "cancel_unconfirmed", number: 1, targets: ["d1cv"] });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
    world.d1cv.isDown = false;
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["d1cv"], unknown: [] });
    expect(await states(world)).toMatchObject({
      jobs: ["d1cv cancelled", "ai-agent cancelled"],
      pushes: ["cancelled"],
    });
  });
});

describe("a refused cancellation", () => {
  test.each<[string, (world: World) => Promise<unknown>, string]>([
    ["before a push", async () => null, "pending"],
    [
      "after everything is applied",
      async (world) => {
        await push(world, 1);
        await report(world, "d1cv", completed);
        await report(world, "ai-agent", completed);
      },
      "applied_all",
    ],
    [
      "after it was cancelled",
      async (world) => {
        await push(world, 1);
        valueOf(await cancel(world));
      },
      "pending",
    ],
  ])("cancelling is refused %s, for there is nothing to cancel", async (_name, advance, status) => {
    const world = await createWorld();
    await approvedCommit(world);
    await advance(world);
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await cancel(world))).toEqual({ code: "nothing_to_cancel", number: 1 });
    expect(await world.table("commits")).toMatchObject([{ status }]);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("cancelling an unknown commit, or as an editor, is refused without asking a target", async () => {
    const world = await pushed();
    expect(reasonOf(await cancel(world, 7))).toEqual({ code: "commit_not_found", number: 7 });
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await cancelPush(world.as("author"), { number: 1 }))).toMatchObject({
      code: "forbidden",
      needed: "approver",
    });
    expect(world.d1cv.calls).toEqual([]);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });
});

describe("a race", () => {
  /** Something happens after the target has answered, before we write. */
  const meanwhile = (world: World, happens: () => Promise<unknown>): void => {
    const { fetch } = world.d1cv;
    world.d1cv.fetch = async (input, init) => {
      const answer = await fetch(input, init);
      await happens();
      return answer;
    };
  };

  test("a completion that comes during cancelling stands, and only later jobs are cancelled", async () => {
    const world = await pushed();
    await tried(world);
    // The target answers wrongly: only then can both be.
    world.d1cv.answerNext("cancel", { status: 200, body: { state: "cancelled", result: null } });
    meanwhile(world, async () => valueOf(await report(world, "d1cv", completed)));
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["ai-agent"] });
    expect(await states(world)).toEqual({
      jobs: ["d1cv completed", "ai-agent cancelled"],
      targets: ["d1cv applied", "ai-agent pending"],
      pushes: ["cancelled"],
      status: ["applied_d1cv"],
    });
    expect((await world.eventTypes()).filter((type) => type === "job.cancelled")).toHaveLength(1);
  });

  test("a completion's webhook during cancelling sends nothing to the next target", async () => {
    const world = await pushed();
    await deliver(world, "d1cv");
    meanwhile(world, async () => valueOf(await report(world, "d1cv", completed)));
    // The webhook has put ai-agent's job on its way.
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["ai-agent"] });
    expect((await states(world)).status).toEqual(["applied_d1cv"]);
  });

  test("a completion during cancelling of a silent target ends the push", async () => {
    const world = await pushed();
    await tried(world);
    world.d1cv.answerNext("cancel", { status: 500 });
    meanwhile(world, async () => valueOf(await report(world, "d1cv", completed)));
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["ai-agent"], unknown: [] });
    expect(await states(world)).toMatchObject({
      jobs: ["d1cv completed", "ai-agent cancelled"],
      pushes: ["cancelled"],
    });
  });

  test("a completion dispatches no job that was cancelled meanwhile", async () => {
    const world = await pushed();
    await deliver(world, "d1cv");
    // Round trips: 1 the jobs are read, 2 is the batch, which would send to ai-agent.
    world.db.interrupt(2, () =>
      world.run(
        "UPDATE jobs SET state = 'cancelled' WHERE workspace_id = ?1 AND target = 'ai-agent'",
        world.workspaceId,
      ),
    );
    world.effects.take();
    valueOf(await report(world, "d1cv", completed));
    expect(world.effects.take().map(({ kind }) => kind)).not.toContain("relay_outbox");
    expect(await states(world)).toMatchObject({
      jobs: ["d1cv completed", "ai-agent cancelled"],
      pushes: ["completed"],
    });
  });

  test("a first request that leaves during cancelling makes it ask the target", async () => {
    const world = await pushed();
    // Round trips: 1 the commit is read, 2 is the batch.
    world.db.interrupt(2, () => tried(world));
    expect(valueOf(await cancel(world))).toMatchObject({ cancelled: ["d1cv", "ai-agent"] });
    expect(world.d1cv.calls).toEqual(["POST cancel"]);
  });

  test("two people who cancel one push at once cancel it once", async () => {
    const world = await pushed();
    const results = await Promise.all([cancel(world), cancelPush(world.as("otherApprover"), { number: 1 })]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: { code: "nothing_to_cancel" } });
    expect((await world.eventTypes()).filter((type) => type === "push.cancelled")).toHaveLength(1);
  });
});
