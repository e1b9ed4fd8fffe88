import { describe, expect, test } from "vitest";
import type { Work } from "../shared/environment.ts";
import type { ScriptedAnswer } from "../test/support/shared/scripted-target.ts";
import {
  approvedCommit,
  completed,
  createWorld,
  everythingOf,
  jobFor,
  people,
  push,
  report,
  timeouts,
  valueOf,
  type World,
  createQueues,
} from "../test/support/shared/world.ts";
import { cancelPush } from "../shared/use-cases/pushes/cancel-push.ts";
import { retryPush } from "../shared/use-cases/pushes/retry-push.ts";
import { startPush } from "../shared/use-cases/pushes/start-push.ts";
import { explainPush } from "../shared/use-cases/reviews/explain-checks.ts";
import { listActionItems } from "../shared/use-cases/workspace/list-action-items.ts";
import { handlePushMessage } from "./push.ts";

const setUp = async () => {
  const world = await createWorld();
  await push(world, await approvedCommit(world));
  const deps: Work = { ...world.system, queues: createQueues(), withEffects: (run) => run(world.effects) };
  const job = await jobFor(world, "d1cv");
  const message = { workspaceId: world.workspaceId, jobId: job.id, attempt: 1 };
  world.d1cv.calls = [];
  world.effects.take();
  /** @param tries the number of tries, including this one, while the target answered other requests */
  const handle = async (tries = 1) => {
    await world.run("UPDATE jobs SET tries = ?2 WHERE id = ?1", job.id, tries - 1);
    await world.run("DELETE FROM target_health WHERE workspace_id = ?1", world.workspaceId);
    return handlePushMessage(deps, message);
  };
  return { world, deps, message, handle };
};

const d1cv = (world: World) => jobFor(world, "d1cv");

describe("a job whose stored operations cannot be read", () => {
  const spoiled = async () => {
    const setup = await setUp();
    await setup.world.run("UPDATE jobs SET operations = '{' WHERE id = ?1", setup.message.jobId);
    return setup;
  };
  const error = { errorCode: "unreadable_operations", errorMessage: expect.stringContaining("cannot be read") };

  test("a job with unreadable operations fails without a request, and a retry prepares them again", async () => {
    const { world, deps, message, handle } = await spoiled();
    expect(await handle()).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual([]);
    const [failed] = await world.table("jobs");
    expect(failed).toMatchObject({ state: "failed", error_code: error.errorCode });
    valueOf(await retryPush(world.as("approver"), { number: 1, target: "d1cv" }));
    await handlePushMessage(deps, { ...message, attempt: 2 });
    expect(world.d1cv.applied).toMatchObject([{ operations: { updates: [{ id: "python-1" }] } }]);
  });

  test("a job with unreadable operations of which a try has left is asked about at its target", async () => {
    const { world, handle } = await spoiled();
    expect(await handle(2)).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual(["GET job", "POST cancel"]);
    expect(await world.table("jobs")).toMatchObject([{ state: "failed" }, { state: "pending" }]);
  });
});

describe("a message of cv-push", () => {
  test("a push message sends its job to the target and starts the deadline", async () => {
    const { world, handle, message } = await setUp();
    expect(await handle()).toEqual({ done: true });
    const [push] = await world.table("pushes");
    const [commit] = await world.table("commits");
    expect(world.d1cv.applied).toMatchObject([
      {
        type: "apply",
        jobId: message.jobId,
        attempt: 1,
        target: "d1cv",
        portfolioId: world.portfolioId,
        callbackUrl: "https://cv-ops.internal/v2/webhook/d1cv",
        actor: push?.["requested_by"],
        commit: { number: 1, hash: commit?.["hash"], message: "Skill updates" },
        operations: { updates: [{ id: "python-1", changes: { experience_years: 8 } }] },
      },
    ]);
    expect(await d1cv(world)).toMatchObject({ state: "processing", acceptedAt: "2026-11-23T08:00:00.000Z" });
    const { workspaceId } = world;
    expect(new Set(world.effects.take())).toEqual(
      new Set([
        // The deadline of the sent request; the target's acceptance has extended it since.
        { kind: "watch_deadline", workspaceId, at: "2026-11-23T08:00:20.000Z" },
        { kind: "wake_slack_outbox", workspaceId },
        { kind: "notify_followers", workspaceId },
      ]),
    );
    expect((await world.table("job_events")).at(-1)).toMatchObject({
      type: "job.accepted",
      actor_kind: "system",
      actor_id: "consumer",
    });
  });

  test("a duplicate of a handled push message sends no request", async () => {
    const { world, handle } = await setUp();
    await handle();
    const before = await everythingOf(world.workspaceId);
    expect(await handle(2)).toEqual({ done: true });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
    expect(world.d1cv.calls).toEqual(["POST apply"]);
  });

  test("a push message that comes twice at once is sent once", async () => {
    const { world, deps, message } = await setUp();
    const both = await Promise.all([handlePushMessage(deps, message), handlePushMessage(deps, message)]);
    expect(both).toEqual([{ done: true }, { done: false, retryInSeconds: 1, reason: "overtaken" }]);
    expect(await handlePushMessage(deps, message)).toEqual({ done: true });
    expect(world.d1cv.applied).toHaveLength(1);
    expect((await world.eventTypes()).filter((type) => type === "job.accepted")).toHaveLength(1);
  });

  test("a push message of a completed job sends no request", async () => {
    const { world, handle } = await setUp();
    await report(world, "d1cv", completed);
    expect(await handle()).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual([]);
  });

  test("a push message of a cancelled job sends no request and changes nothing", async () => {
    const { world, handle } = await setUp();
    valueOf(await cancelPush(world.as("approver"), { number: 1 }));
    world.d1cv.calls = [];
    const before = await everythingOf(world.workspaceId);
    expect(await handle()).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual([]);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test.each([1, 2])("a job that is cancelled during its request (try %i) stays cancelled", async (tries) => {
    const { world, handle } = await setUp();
    const { fetch } = world.d1cv;
    world.d1cv.fetch = async (input, init) => {
      world.d1cv.fetch = fetch;
      valueOf(await cancelPush(world.as("approver"), { number: 1 }));
      return fetch(input, init);
    };
    expect(await handle(tries)).toEqual({ done: true });
    expect(world.d1cv.applied).toEqual([]);
    expect(await d1cv(world)).toMatchObject({ state: "cancelled", errorCode: "cancelled" });
    expect(await world.table("commits")).toMatchObject([{ status: "pending" }]);
    expect(await world.table("pushes")).toMatchObject([{ state: "cancelled" }]);
  });

  test("a webhook that arrives before the 202 keeps its completion", async () => {
    const { world, handle } = await setUp();
    // Round trips: 1 everything, 2 the try is counted, 3 the answer.
    world.db.interrupt(3, () => report(world, "d1cv", completed));
    expect(await handle()).toEqual({ done: true });
    expect((await d1cv(world)).state).toBe("completed");
  });

  test("a push message of an older attempt is dropped, and the newer one is sent", async () => {
    const { world, handle, deps, message } = await setUp();
    await report(world, "d1cv", { kind: "failed", error: { code: "x", message: "x" } });
    valueOf(await retryPush(world.as("approver"), { number: 1, target: null }));
    world.d1cv.calls = [];
    expect(await handle()).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual([]);
    expect(await handlePushMessage(deps, { ...message, attempt: 2 })).toEqual({ done: true });
    expect(world.d1cv.applied).toMatchObject([{ attempt: 2 }]);
  });

  test.each<[string, (message: object) => unknown]>([
    ["nothing", () => null],
    ["a text", () => "push"],
    ["no job", (message) => ({ ...message, jobId: undefined })],
    ["an attempt that is no number", (message) => ({ ...message, attempt: "1" })],
    ["a job that does not exist", (message) => ({ ...message, jobId: "job-nobody-knows" })],
    ["a job of another workspace", (message) => ({ ...message, workspaceId: "T-other" })],
  ])("a push message with %s is malformed and changes nothing", async (_name, edit) => {
    const { world, deps, message } = await setUp();
    const before = await everythingOf(world.workspaceId);
    expect(await handlePushMessage(deps, edit(message))).toEqual({ malformed: expect.stringMatching(/\S/) });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
    expect(world.d1cv.calls).toEqual([]);
  });
});

describe("a target that refuses", () => {
  test("a target's conflict ends the job, with a message about the rows", async () => {
    const { world, handle } = await setUp();
    world.d1cv.put("technology", "python-1", { name: "Python", category: "Backend", experience_years: 6 });
    expect(await handle()).toEqual({ done: true });
    expect(await d1cv(world)).toMatchObject({
      state: "failed",
      errorCode: "conflict",
      errorMessage:
        "d1cv answered 409: Rows have changed; nothing was applied: technology python-1 was changed by somebody else",
    });
    expect(await world.table("commits")).toMatchObject([{ status: "failed", error_target: "d1cv" }]);
    expect(await world.table("pushes")).toMatchObject([{ state: "failed" }]);
    expect((await world.eventTypes()).at(-1)).toBe("job.failed");
  });

  test("a target's many conflicts name five rows and count the rest", async () => {
    const { world, handle } = await setUp();
    const conflicts = Array.from({ length: 7 }, (_, index) => ({
      entityType: "technology",
      id: `t-${index}`,
      reason: index % 2 ? "exists" : "missing",
      expected: null,
      actual: null,
    }));
    world.d1cv.answerNext("apply", { status: 409, body: { error: "conflict", message: "no", conflicts } });
    await handle();
    expect((await d1cv(world)).errorMessage).toBe(
      "d1cv answered 409: no: technology t-0 is not there any more; technology t-1 exists already; technology t-2 is not there any more; technology t-3 exists already; technology t-4 is not there any more and 2 more",
    );
  });

  test("a target that does not take our signature yet makes the push wait, and it goes on by itself", async () => {
    const { world, handle } = await setUp();
    const unsigned = { status: 401, body: { error: "unauthorized", message: "Invalid signature." } };
    world.d1cv.answerNext("apply", unsigned);
    expect(await handle()).toMatchObject({ done: false, reason: "d1cv answered 401: Invalid signature." });
    expect(await d1cv(world)).toMatchObject({ state: "pending", errorCode: null });
    expect(await handle()).toEqual({ done: true });
    expect(await d1cv(world)).toMatchObject({ state: "processing" });
  });

  test.each([400, 404, 422])("a target's refusal with %i fails the job at once", async (status) => {
    const { world, handle } = await setUp();
    world.d1cv.answerNext("apply", { status, body: { error: "x", message: "Go away." } });
    expect(await handle()).toEqual({ done: true });
    expect(await d1cv(world)).toMatchObject({
      state: "failed",
      errorCode: "refused",
      errorMessage: `d1cv answered ${status}: Go away.`,
    });
    expect(world.d1cv.calls).toEqual(["POST apply"]);
  });
});

describe("a target that takes less at once than others", () => {
  const tooLarge = async () => {
    const setup = await setUp();
    const body = { error: "too_large", message: "A request is at most 1000 bytes; split the commit." };
    setup.world.d1cv.answerNext("apply", { status: 413, body });
    expect(await setup.handle()).toEqual({ done: true });
    return setup;
  };

  test("a job that its target refuses with 413 fails at once, as too large, and is tried no more", async () => {
    const { world } = await tooLarge();
    expect(await d1cv(world)).toMatchObject({ state: "failed", errorCode: "too_large" });
    expect(world.d1cv.calls).toEqual(["POST apply"]);
  });

  test("what a target has refused with 413 is neither retried nor pushed to it again, and sends nothing", async () => {
    const { world } = await tooLarge();
    const refusal = {
      code: "target_refused_size",
      target: "d1cv",
      message: "d1cv answered 413: A request is at most 1000 bytes; split the commit.",
      canReopen: true,
    };
    const before = await everythingOf(world.workspaceId);
    expect(await retryPush(world.as("approver"), { number: 1, target: null })).toMatchObject({ reason: refusal });
    const again = { number: 1, scope: "all", channelId: null };
    expect(await startPush(world.as("approver"), again)).toMatchObject({ reason: refusal });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
    expect(world.d1cv.calls).toEqual(["POST apply"]);
  });

  test("a commit that a target refuses with 413 is its author's to split, and is no retry of anybody", async () => {
    const { world } = await tooLarge();
    const of = async (person: "author" | "approver") => valueOf(await listActionItems(world.as(person)));
    expect((await of("author")).actionItems).toMatchObject([{ kind: "split", commit: { number: 1 } }]);
    const { actionItems, waiting } = await of("approver");
    expect(actionItems).toEqual([]);
    expect(waiting).toMatchObject([{ kind: "split", who: [people.author] }]);
    const { checks } = valueOf(await explainPush(world.as("author"), 1));
    expect(checks.find(({ name }) => name === "last_outcome")).toMatchObject({
      state: "blocked",
      refusedSize: true,
      command: "reopen 1",
      mine: true,
    });
  });
});

describe("a refusal after an unanswered try", () => {
  test("a refusal after an unanswered try makes the push query the target", async () => {
    const { world, handle } = await setUp();
    world.d1cv.losesAnswers = true;
    expect(await handle(1)).toMatchObject({ done: false });
    world.d1cv.losesAnswers = false;
    world.d1cv.answerNext("apply", { status: 403, body: { error: "x", message: "Go away." } });
    expect(await handle(2)).toEqual({ done: true });
    expect(await d1cv(world)).toMatchObject({ state: "completed", errorCode: null });
    expect(world.d1cv.applied).toHaveLength(1);
  });
});

describe("a late refusal of the first try", () => {
  test("a late refusal of an earlier try fails the job only after a query", async () => {
    const { world, handle } = await setUp();
    world.d1cv.answerNext("apply", { status: 422, body: { error: "x", message: "Go away." } });
    // Round trips: 1 everything, 2 the try is counted, 3 the job's state, 4 the outcome.
    world.db.interrupt(4, () => world.run("UPDATE jobs SET tries = 2 WHERE workspace_id = ?1", world.workspaceId));
    expect(await handle(1)).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual(["POST apply", "GET job", "POST cancel"]);
    expect(await d1cv(world)).toMatchObject({ state: "failed", errorCode: "refused" });
    expect(await world.eventTypes()).toEqual(expect.arrayContaining(["job.timeout", "job.failed"]));
  });
});

describe("a target that is down or broken", () => {
  test.each<[string, ScriptedAnswer, string]>([
    ["does not answer", "no_answer", "d1cv could not be reached"],
    ["answers 500", { status: 500 }, "d1cv answered 500"],
    ["redirects", { status: 307, headers: { location: "https://elsewhere.example" } }, "d1cv answered 307"],
    ["answers nonsense", { status: 200, body: "hello" }, "d1cv answered 200 with a body that is not of the protocol"],
  ])("a push to a target that %s is retried, later each time", async (_name, answer, reason) => {
    const { world, handle } = await setUp();
    for (const tries of [1, 2, 3, 4]) {
      world.d1cv.answerNext("apply", answer);
      const handled = await handle(tries);
      if (!("done" in handled) || handled.done) throw new Error("expected a retry");
      expect(handled.reason).toBe(reason);
      expect(handled.retryInSeconds).toBe(2 ** (tries - 1));
      const { state, deadlineAt } = await d1cv(world);
      expect(state).toBe("pending");
      expect(Date.parse(deadlineAt ?? "") - world.clock.ms).toBe(handled.retryInSeconds * 1000 + timeouts.dispatchMs);
    }
    expect(await handle(5)).toEqual({ done: true });
    expect(world.d1cv.applied).toHaveLength(1);
  });

  test.each([
    ["17", 17],
    ["0", 1],
    ["86400", 300],
    ["Mon, 23 Nov 2026 08:00:30 GMT", 30],
  ])("a push is retried as late as Retry-After asks (%s), at most five minutes", async (asked, waited) => {
    const { world, handle } = await setUp();
    world.d1cv.answerNext("apply", { status: 503, headers: { "retry-after": asked } });
    expect(await handle()).toMatchObject({ done: false, retryInSeconds: waited });
  });

  test("a push ends as unknown after five tries at a target that stays down", async () => {
    const { world, handle } = await setUp();
    world.d1cv.isDown = true;
    expect(await handle(5)).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual(["POST apply", "GET job"]);
    expect(await d1cv(world)).toMatchObject({
      state: "timeout",
      errorCode: "unreachable",
      errorMessage: "d1cv could not be reached (5 tries)",
      deadlineAt: "2026-11-23T08:01:00.000Z",
    });
    expect(await world.table("commits")).toMatchObject([
      { status: "failed", error_message: "d1cv could not be reached (5 tries)" },
    ]);
    expect(world.effects.take().map(({ kind }) => kind)).toContain("wake_slack_outbox");
  });

  test("a push fails for certain when the target answers a query after five tries", async () => {
    const { world, handle } = await setUp();
    world.d1cv.answerNext("apply", { status: 500 });
    expect(await handle(5)).toEqual({ done: true });
    expect(world.d1cv.calls).toEqual(["POST apply", "GET job", "POST cancel"]);
    expect(await d1cv(world)).toMatchObject({
      state: "failed",
      errorCode: "unavailable",
      errorMessage: "d1cv answered 500 (5 tries); nothing was applied there",
    });
    expect((await world.eventTypes()).slice(-2)).toEqual(["job.timeout", "job.failed"]);
    expect((await world.table("cards")).filter(({ kind }) => kind === "push_outcome")).toHaveLength(1);
  });

  test("a push whose answers were lost is completed by a query after five tries", async () => {
    const { world, handle } = await setUp();
    world.d1cv.losesAnswers = true;
    expect(await handle(4)).toMatchObject({ done: false });
    expect(await handle(5)).toEqual({ done: true });
    expect(await d1cv(world)).toMatchObject({ state: "completed", result: { updated: 1 } });
    expect(await jobFor(world, "ai-agent")).toMatchObject({ dispatchedAt: expect.any(String) });
    expect(world.d1cv.applied).toHaveLength(1);
  });

  test("a webhook that arrives while the last try fails decides the outcome", async () => {
    const { world, handle } = await setUp();
    world.d1cv.isDown = true;
    world.db.interrupt(4, () => report(world, "d1cv", completed));
    expect(await handle(5)).toEqual({ done: true });
    expect((await d1cv(world)).state).toBe("completed");
    expect((await world.eventTypes()).includes("job.timeout")).toBe(false);
  });
});
