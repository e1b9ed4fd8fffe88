import { describe, expect, test } from "vitest";
import type { JobOutcome } from "../../domain/pushes/job-outcome.ts";
import {
  applyResult,
  approvedCommit,
  completed,
  createWorld,
  everythingButReportsOf,
  everythingOf,
  jobFor,
  push,
  reasonOf,
  report,
  type World,
  type WorldOptions,
  valueOf,
  webhookOf,
} from "../../../test/support/shared/world.ts";
import { openHome } from "../workspace/open-home.ts";
import { recordOutcome } from "./record-outcome.ts";
import { retryPush } from "./retry-push.ts";
import { startPush } from "./start-push.ts";

const failure: JobOutcome = { kind: "failed", error: { code: "disk_full", message: "d1cv has no space" } };
const timeout: JobOutcome = {
  kind: "timeout",
  error: { code: "timeout", message: "Timeout: d1cv did not report back" },
};
const accepted: JobOutcome = { kind: "accepted" };
const searchable: JobOutcome = { kind: "searchable", vectorCount: 3 };
const verified: JobOutcome = { kind: "verified", result: { d1Count: 3, vectorCount: 3, synced: true } };
const progress = (percent: number, stage = "writing"): JobOutcome => ({ kind: "progress", stage, percent });

const pushed = async (options: WorldOptions = {}): Promise<World> => {
  const world = await createWorld(options);
  await push(world, await approvedCommit(world));
  return world;
};
const cardsOf = async (world: World, kind: string) =>
  (await world.table("cards")).filter((card) => card["kind"] === kind);
/** What has to happen after the target's report. */
const afterReport = async (world: World, target: string, outcome: JobOutcome): Promise<string[]> => {
  world.effects.take();
  valueOf(await report(world, target, outcome));
  return world.effects.take().map(({ kind }) => kind);
};
const pushState = async (world: World) => (await world.table("pushes"))[0]?.["state"];

/** When each target got the one commit. */
const appliedAt = async (world: World): Promise<Record<string, unknown>> =>
  Object.fromEntries((await world.table("commit_targets")).map((row) => [row["target"], row["applied_at"]]));

describe("a push from dispatch to completion", () => {
  test("a push applies its targets in order, with the next dispatch in the same batch", async () => {
    const world = await pushed();
    const d1cv = await jobFor(world, "d1cv");

    world.clock.ms += 1000;
    expect(valueOf(await report(world, "d1cv", accepted))).toEqual({
      workspaceId: world.workspaceId,
      deadlineAt: "2026-11-23T08:05:01.000Z",
      traceId: world.as("author").traceId,
    });
    expect(await jobFor(world, "d1cv")).toMatchObject({
      state: "processing",
      stage: "accepted",
      acceptedAt: "2026-11-23T08:00:01.000Z",
      deadlineAt: "2026-11-23T08:05:01.000Z",
    });

    world.effects.take();
    valueOf(await report(world, "d1cv", progress(40)));
    expect(world.effects.take().map(({ kind }) => kind)).not.toContain("relay_outbox");
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "processing", stage: "writing", percent: 40 });

    world.clock.ms += 1000;
    const roundTrips = world.db.roundTrips;
    valueOf(await report(world, "d1cv", completed));
    expect(world.db.roundTrips - roundTrips).toBeLessThanOrEqual(2);
    const { workspaceId } = world;
    expect(new Set(world.effects.take())).toEqual(
      new Set([
        { kind: "relay_outbox", workspaceId, claimed: [expect.objectContaining({ destination: "queue:cv-push" })] },
        { kind: "watch_deadline", workspaceId, at: "2026-11-23T08:00:22.000Z" },
        { kind: "wake_slack_outbox", workspaceId },
        { kind: "notify_followers", workspaceId },
      ]),
    );
    expect(await jobFor(world, "d1cv")).toMatchObject({
      state: "completed",
      stage: "applied",
      percent: 100,
      result: applyResult,
      deadlineAt: null,
      completedAt: "2026-11-23T08:00:02.000Z",
    });
    const ai = await jobFor(world, "ai-agent");
    expect(ai).toMatchObject({
      state: "pending",
      dispatchedAt: "2026-11-23T08:00:02.000Z",
      deadlineAt: "2026-11-23T08:00:22.000Z",
    });
    expect((await world.table("outbox")).map(({ payload }) => JSON.parse(String(payload)).jobId)).toEqual([
      d1cv.id,
      ai.id,
    ]);
    expect(await world.table("commits")).toMatchObject([{ status: "applied_d1cv", error_target: null }]);
    expect(await appliedAt(world)).toEqual({ d1cv: "2026-11-23T08:00:02.000Z", "ai-agent": null });
    expect(await pushState(world)).toBe("running");

    world.clock.ms += 1000;
    expect(await afterReport(world, "ai-agent", completed)).toEqual(["wake_slack_outbox", "notify_followers"]);
    expect(await world.table("commits")).toMatchObject([
      { status: "applied_all", error_target: null, error_message: null },
    ]);
    expect(await appliedAt(world)).toMatchObject({ "ai-agent": "2026-11-23T08:00:03.000Z" });
    expect(await world.table("pushes")).toMatchObject([
      { state: "completed", finished_at: "2026-11-23T08:00:03.000Z" },
    ]);
    expect((await world.eventTypes()).slice(4)).toEqual([
      "push.started",
      "job.dispatched",
      "job.accepted",
      "job.progress",
      "job.completed",
      "job.dispatched",
      "job.completed",
    ]);
    expect((await cardsOf(world, "push_outcome")).map(({ subject_id }) => subject_id)).toEqual([d1cv.id, ai.id]);
  });

  test("a completion before the target's 202 is recorded, and the 202 is ignored", async () => {
    const world = await pushed();
    const job = await jobFor(world, "d1cv");
    valueOf(await recordOutcome(world.system, webhookOf(world, job, completed)));
    expect(reasonOf(await recordOutcome(world.system, webhookOf(world, job, accepted)))).toEqual({
      code: "ignored",
      because: "already_known",
      workspaceId: world.workspaceId,
    });
    expect((await jobFor(world, "d1cv")).state).toBe("completed");
  });

  test("a job's progress never goes back, and is ignored once the job has ended", async () => {
    const world = await pushed();
    await report(world, "d1cv", progress(60, "indexing"));
    await report(world, "d1cv", progress(30, "writing"));
    expect(await jobFor(world, "d1cv")).toMatchObject({ percent: 60, stage: "indexing" });
    await report(world, "d1cv", completed);
    expect(reasonOf(await report(world, "d1cv", progress(80)))).toMatchObject({
      code: "ignored",
      because: "already_final",
    });
    expect(await jobFor(world, "d1cv")).toMatchObject({ percent: 100, stage: "applied" });
  });

  test("a push to three targets dispatches each after the one before it", async () => {
    const world = await createWorld();
    await world.run(
      "INSERT INTO targets SELECT workspace_id, 'blog', 2, portfolio_id, 'D1CV', NULL, 'd1cv', created_at, updated_at, NULL, NULL, NULL, NULL FROM targets WHERE workspace_id = ?1 AND name = 'd1cv'",
      world.workspaceId,
    );
    await push(
      world,
      await approvedCommit(world, { action: "CREATE", row: null, values: { name: "Rust", category: "Backend" } }),
    );
    const waiting = async () =>
      (await world.table("jobs")).filter(({ dispatched_at }) => dispatched_at === null).map(({ target }) => target);
    expect(await waiting()).toEqual(["ai-agent", "blog"]);
    await report(world, "d1cv", completed);
    expect(await waiting()).toEqual(["blog"]);
    expect(await pushState(world)).toBe("running");
    await report(world, "ai-agent", completed);
    expect(await waiting()).toEqual([]);
    expect(await world.table("commits")).toMatchObject([{ status: "applied_d1cv_ai" }]);
  });
});

describe("a failure", () => {
  test("a failed job fails its commit and push, and the next target waits", async () => {
    const world = await pushed();
    await report(world, "d1cv", accepted);
    expect(await afterReport(world, "d1cv", failure)).toEqual(["wake_slack_outbox", "notify_followers"]);
    expect(await jobFor(world, "d1cv")).toMatchObject({
      state: "failed",
      errorCode: "disk_full",
      errorMessage: "d1cv has no space",
      deadlineAt: null,
      completedAt: expect.any(String),
    });
    expect(await world.table("commits")).toMatchObject([
      { status: "failed", error_target: "d1cv", error_message: "d1cv has no space" },
    ]);
    expect(await world.table("pushes")).toMatchObject([{ state: "failed", finished_at: expect.any(String) }]);
    expect(await jobFor(world, "ai-agent")).toMatchObject({ state: "pending", dispatchedAt: null });
    expect(await world.table("outbox")).toHaveLength(1);
    expect((await world.table("job_events")).at(-1)).toMatchObject({
      type: "job.failed",
      data: expect.stringContaining('"final":true'),
    });
  });

  test("a failed push leaves the target before it applied", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", failure);
    expect(await world.table("commits")).toMatchObject([{ status: "failed", error_target: "ai-agent" }]);
    expect(await appliedAt(world)).toEqual({ d1cv: expect.any(String), "ai-agent": null });
  });

  test("a failure that is reported after a completion is ignored", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    expect(reasonOf(await report(world, "d1cv", failure))).toMatchObject({ because: "already_final" });
    expect(await world.table("commits")).toMatchObject([{ status: "applied_d1cv" }]);
  });
});

describe("contradicting reports", () => {
  const ignoredOf = async (world: World) =>
    (await world.table("job_events"))
      .filter(({ type }) => type === "webhook.ignored")
      .map(({ data, actor_id }) => ({ actor: actor_id, ...(JSON.parse(String(data)) as Record<string, unknown>) }));

  test("what a later push has applied invalidates the cards of a push that failed before", async () => {
    const world = await pushed();
    valueOf(await report(world, "d1cv", failure));
    await push(world, 1);
    const earlier = async () =>
      (await world.table("cards"))
        .filter(({ kind }) => kind === "push" || kind === "push_outcome")
        .slice(0, 2)
        .map((card) => Number(card["desired_version"]));
    const [before, outcomeBefore] = await earlier();
    valueOf(await report(world, "d1cv", completed));
    const [after, outcomeAfter] = await earlier();
    expect([after, outcomeAfter]).toEqual([Number(before) + 1, Number(outcomeBefore) + 1]);
  });

  test("contradicting reports of a target invalidate the card on Home", async () => {
    const world = await pushed();
    await openHome(world.as("viewer"));
    await report(world, "d1cv", completed);
    const wanted = async () =>
      (await world.table("cards")).filter(({ kind }) => kind === "home").map((card) => card["desired_version"]);
    const [before] = await wanted();
    await report(world, "d1cv", failure);
    expect(await wanted()).toEqual([Number(before) + 1]);
  });

  test("a failure reported after a completion is kept with its message", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    expect(reasonOf(await report(world, "d1cv", failure))).toMatchObject({ because: "already_final" });
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "completed", completedAfter: null });
    expect(await ignoredOf(world)).toEqual([
      {
        actor: "d1cv",
        target: "d1cv",
        reported: "failed",
        because: "already_final",
        was: "completed",
        error: failure.error,
      },
    ]);
  });

  test.each<[string, JobOutcome, "failed" | "timeout"]>([
    ["failed", failure, "failed"],
    ["a timeout of ours", timeout, "timeout"],
  ])("a completion after %s wins, and keeps which state it corrects", async (_name, first, was) => {
    const world = await pushed();
    await report(world, "d1cv", first);
    valueOf(await report(world, "d1cv", completed));
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "completed", completedAfter: was, errorMessage: null });
    expect(await world.table("commits")).toMatchObject([{ status: "applied_d1cv", error_message: null }]);
    expect(await ignoredOf(world)).toEqual([]);
  });

  test("an ignored report is kept once for each webhook, however often it comes", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    const late = webhookOf(world, await jobFor(world, "d1cv"), failure);
    expect(reasonOf(await recordOutcome(world.system, late)).code).toBe("ignored");
    expect(reasonOf(await recordOutcome(world.system, late)).code).toBe("repeated");
    expect(await ignoredOf(world)).toHaveLength(1);
  });

  test("a job keeps at most twenty ignored reports", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    for (let count = 0; count < 25; count += 1) await report(world, "d1cv", progress(50));
    expect(await ignoredOf(world)).toHaveLength(20);
  });

  test("an ignored outcome of the bot's own work is not kept as a report", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    const own = webhookOf(world, await jobFor(world, "d1cv"), accepted, { webhook: null });
    expect(reasonOf(await recordOutcome(world.system, own)).code).toBe("ignored");
    expect(await ignoredOf(world)).toEqual([]);
  });
});

describe("a timeout", () => {
  test("a timeout marks the outcome as unknown and sets the time of the next query", async () => {
    const world = await pushed();
    await report(world, "d1cv", accepted);
    world.effects.take();
    expect(valueOf(await report(world, "d1cv", timeout))).toMatchObject({ deadlineAt: "2026-11-23T08:01:00.000Z" });
    const at = "2026-11-23T08:01:00.000Z";
    expect(world.effects.take()).toContainEqual({ kind: "watch_deadline", workspaceId: world.workspaceId, at });
    expect(await jobFor(world, "d1cv")).toMatchObject({
      state: "timeout",
      errorCode: "timeout",
      deadlineAt: "2026-11-23T08:01:00.000Z",
      completedAt: null,
    });
    expect(await world.table("commits")).toMatchObject([
      { status: "failed", error_target: "d1cv", error_message: timeout.kind === "timeout" && timeout.error.message },
    ]);
    expect(await pushState(world)).toBe("failed");
    expect((await world.table("job_events")).at(-1)).toMatchObject({
      type: "job.timeout",
      data: expect.stringContaining('"final":false'),
    });
  });

  test("a completion after a timeout clears the error and resumes the push", async () => {
    const world = await pushed();
    await report(world, "d1cv", timeout);
    expect(await afterReport(world, "d1cv", completed)).toContain("relay_outbox");
    expect(await jobFor(world, "d1cv")).toMatchObject({
      state: "completed",
      errorCode: null,
      errorMessage: null,
      deadlineAt: null,
    });
    expect(await world.table("commits")).toMatchObject([
      { status: "applied_d1cv", error_target: null, error_message: null },
    ]);
    expect(await world.table("pushes")).toMatchObject([{ state: "running", finished_at: null }]);
    await report(world, "ai-agent", completed);
    expect(await pushState(world)).toBe("completed");
  });

  test("a timeout and its late completion are one reply, which is rewritten", async () => {
    const world = await pushed();
    await report(world, "d1cv", timeout);
    const [card] = await cardsOf(world, "push_outcome");
    await report(world, "d1cv", completed);
    expect(await cardsOf(world, "push_outcome")).toMatchObject([{ id: card?.["id"], attempt: 1 }]);
    expect(Number((await cardsOf(world, "push_outcome"))[0]?.["desired_version"])).toBeGreaterThan(
      Number(card?.["desired_version"]),
    );
  });

  test("a failure after a timeout settles the job as failed", async () => {
    const world = await pushed();
    await report(world, "d1cv", timeout);
    valueOf(await report(world, "d1cv", failure));
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "failed", errorCode: "disk_full" });
  });
});

describe("reports after a retry", () => {
  const retried = async (): Promise<World> => {
    const world = await pushed();
    await report(world, "d1cv", failure);
    valueOf(await retryPush(world.as("approver"), { number: 1, target: null }));
    return world;
  };

  test.each([failure, timeout, accepted, progress(50)])(
    "a report of an older attempt is ignored after a retry: $kind",
    async (outcome) => {
      const world = await retried();
      const before = await everythingButReportsOf(world.workspaceId);
      const late = webhookOf(world, await jobFor(world, "d1cv"), outcome, { attempt: 1 });
      expect(reasonOf(await recordOutcome(world.system, late))).toMatchObject({
        code: "ignored",
        because: "older_attempt",
      });
      expect(await everythingButReportsOf(world.workspaceId)).toEqual(before);
      expect((await world.table("job_events")).at(-1)).toMatchObject({ type: "webhook.ignored", attempt: 1 });
    },
  );

  test("a completion of an older attempt completes the retried job", async () => {
    const world = await retried();
    const late = webhookOf(world, await jobFor(world, "d1cv"), completed, { attempt: 1 });
    world.effects.take();
    valueOf(await recordOutcome(world.system, late));
    expect(world.effects.take().map(({ kind }) => kind)).toContain("relay_outbox");
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "completed", attempt: 2 });
  });

  test("a report of an attempt that was never made is ignored", async () => {
    const world = await retried();
    const never = webhookOf(world, await jobFor(world, "d1cv"), completed, { attempt: 3 });
    expect(reasonOf(await recordOutcome(world.system, never))).toMatchObject({ because: "unknown_attempt" });
  });

  test("each attempt's outcome is a reply of its own under the push's card", async () => {
    const world = await retried();
    await report(world, "d1cv", failure);
    const [parent] = await cardsOf(world, "push");
    expect(await cardsOf(world, "push_outcome")).toMatchObject([
      { attempt: 1, parent_card_id: parent?.["id"] },
      { attempt: 2, parent_card_id: parent?.["id"] },
    ]);
  });

  test("a completion ends a push that a newer push has superseded in part", async () => {
    const world = await createWorld();
    await push(world, await approvedCommit(world));
    await report(world, "d1cv", failure);
    valueOf(await startPush(world.as("approver"), { number: 1, scope: "ai", channelId: "C" }));
    await report(world, "ai-agent", completed);
    valueOf(await retryPush(world.as("approver"), { number: 1, target: "d1cv" }));
    await report(world, "d1cv", completed);
    expect((await world.table("pushes")).map(({ state }) => state)).toEqual(["completed", "completed"]);
    expect(await world.table("commits")).toMatchObject([{ status: "applied_all" }]);
  });
});

test("a late completion removes its target from a newer push", async () => {
  const world = await createWorld();
  await push(world, await approvedCommit(world));
  await report(world, "d1cv", completed);
  const old = await jobFor(world, "ai-agent");
  await report(world, "ai-agent", failure);
  valueOf(await startPush(world.as("approver"), { number: 1, scope: "ai", channelId: "C" }));
  await world.db
    .prepare("UPDATE jobs SET dispatched_at = NULL WHERE push_id <> ?1 AND state = 'pending'")
    .bind(old.pushId)
    .run();
  valueOf(
    await recordOutcome(world.system, {
      jobId: old.id,
      attempt: 1,
      outcome: completed,
      actor: { kind: "target", id: "ai-agent" },
      webhook: null,
    }),
  );
  expect((await world.table("jobs")).map(({ state }) => state)).toEqual(["completed", "completed", "cancelled"]);
  expect(await world.table("commits")).toMatchObject([{ status: "applied_all" }]);
});

describe("later facts", () => {
  test("a job records when it is searchable and verified, beside its state", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    world.clock.ms += 5000;
    expect(await afterReport(world, "d1cv", searchable)).toEqual(["wake_slack_outbox", "notify_followers"]);
    valueOf(await report(world, "d1cv", verified));
    expect(await jobFor(world, "d1cv")).toMatchObject({
      state: "completed",
      searchableAt: "2026-11-23T08:00:05.000Z",
      verifiedAt: "2026-11-23T08:00:05.000Z",
      synced: true,
      result: { ...applyResult, d1Count: 3, vectorCount: 3, synced: true },
    });
    expect((await world.eventTypes()).slice(-2)).toEqual(["job.searchable", "job.verified"]);
    expect(reasonOf(await report(world, "d1cv", searchable))).toMatchObject({ because: "already_known" });
    expect(reasonOf(await report(world, "d1cv", verified))).toMatchObject({ because: "already_known" });
  });

  test("a job whose stores differ is verified as not synced, and stays completed", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    await report(world, "d1cv", { kind: "verified", result: { d1Count: 3, vectorCount: 2, synced: false } });
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "completed", synced: false, result: { synced: false } });
    expect(await world.table("commits")).toMatchObject([{ status: "applied_d1cv" }]);
  });

  test("a verification may come before the completion of its job", async () => {
    const world = await pushed();
    valueOf(await report(world, "d1cv", verified));
    expect(await jobFor(world, "d1cv")).toMatchObject({
      state: "pending",
      verifiedAt: expect.any(String),
      result: null,
    });
    valueOf(await report(world, "d1cv", completed));
    expect(await jobFor(world, "d1cv")).toMatchObject({ state: "completed", result: applyResult, synced: true });
  });
});

describe("a webhook", () => {
  test("a webhook that repeats its id changes nothing, whatever it says", async () => {
    const world = await pushed();
    const job = await jobFor(world, "d1cv");
    const first = webhookOf(world, job, progress(40));
    valueOf(await recordOutcome(world.system, first));
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await recordOutcome(world.system, first))).toEqual({ code: "repeated" });
    expect(reasonOf(await recordOutcome(world.system, { ...first, outcome: completed }))).toEqual({ code: "repeated" });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("a webhook that arrives five times at once is recorded once", async () => {
    const world = await pushed();
    const webhook = webhookOf(world, await jobFor(world, "d1cv"), completed);
    const results = await Promise.all(Array.from({ length: 5 }, () => recordOutcome(world.system, webhook)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await world.eventTypes()).filter((type) => type === "job.completed")).toHaveLength(1);
    expect(await world.table("outbox")).toHaveLength(2);
    expect(await cardsOf(world, "push_outcome")).toHaveLength(1);
  });

  test("webhooks with different ids that complete one job at once record it once", async () => {
    const world = await pushed();
    const job = await jobFor(world, "d1cv");
    const results = await Promise.all(
      [1, 2, 3].map(() => recordOutcome(world.system, webhookOf(world, job, completed))),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await world.table("outbox")).toHaveLength(2);
    expect((await jobFor(world, "ai-agent")).state).toBe("pending");
  });

  test("webhooks that complete the last target at once complete the commit once", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    const job = await jobFor(world, "ai-agent");
    const results = await Promise.all(
      [1, 2, 3].map(() => recordOutcome(world.system, webhookOf(world, job, completed))),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await world.eventTypes()).filter((type) => type === "job.completed")).toHaveLength(2);
  });

  test("a completion and a failure at once leave job and commit consistent", async () => {
    for (let round = 0; round < 4; round += 1) {
      const world = await pushed();
      const job = await jobFor(world, "d1cv");
      await Promise.all([
        recordOutcome(world.system, webhookOf(world, job, failure)),
        recordOutcome(world.system, webhookOf(world, job, completed)),
      ]);
      const { state } = await jobFor(world, "d1cv");
      const [target] = (await world.table("commit_targets")).filter((row) => row["target"] === "d1cv");
      expect([state, target?.["state"]]).toEqual(
        state === "completed" ? ["completed", "applied"] : ["failed", "failed"],
      );
      expect(await world.table("outbox")).toHaveLength(state === "completed" ? 2 : 1);
    }
  });

  test.each<[object, string]>([
    [{ target: "ai-agent" }, "not_this_target"],
    [{ portfolioId: "somebody-else" }, "unauthorized"],
    [{ signerAmong: async () => null }, "unauthorized"],
  ])("a webhook from another target than the job's is refused: %j", async (wrong, code) => {
    const world = await pushed();
    const before = await everythingOf(world.workspaceId);
    const right = webhookOf(world, await jobFor(world, "d1cv"), completed);
    if (!right.webhook) throw new Error("a webhook has a sender");
    const input = { ...right, webhook: { ...right.webhook, ...wrong } };
    expect(reasonOf(await recordOutcome(world.system, input))).toEqual({ code });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("a webhook about an unknown job is refused", async () => {
    const world = await pushed();
    const input = { ...webhookOf(world, await jobFor(world, "d1cv"), completed), jobId: "job-nobody-knows" };
    expect(reasonOf(await recordOutcome(world.system, input))).toEqual({ code: "job_not_found" });
  });

  test("a webhook is recorded under the push's trace, with the target as its actor", async () => {
    const world = await pushed();
    await report(world, "d1cv", completed);
    const [started] = await world.table("pushes");
    const [event] = (await world.table("job_events")).filter(({ type }) => type === "job.completed");
    expect(event).toMatchObject({
      actor_kind: "target",
      actor_id: "d1cv",
      trace_id: started?.["trace_id"],
      push_id: started?.["id"],
      attempt: 1,
    });
  });
});
