/** A push that is followed is reported from its first event to its end. */
import { describe, expect, test } from "vitest";
import type { ApiJob, ApiPush } from "../../shared/contract/resources.ts";
import type { PushStep } from "./follow-push.ts";
import { applied, jobOf, pushOf, time } from "./testing/pushes.ts";
import { setUp } from "./testing/set-up.ts";

const push = (changed: Partial<ApiPush> = {}): ApiPush =>
  pushOf([jobOf("job-a", "d1cv"), jobOf("job-b", "ai-agent")], changed);

const result = applied;
const about = { commit: 7, push: 3 };
const ofA = { ...about, jobId: "job-a", target: "d1cv", attempt: 1 };
const ofB = { ...about, jobId: "job-b", target: "ai-agent", attempt: 1 };
const completed = (state: ApiPush["state"] = "completed", more: Partial<ApiJob> = {}): ApiPush =>
  push({
    state,
    percent: 100,
    jobs: push().jobs.map((each) => ({ ...each, state: "completed", percent: 100, ...more })),
  });

const following = (options: { verified?: boolean; signal?: AbortSignal } = {}) => {
  const world = setUp();
  const { server } = world;
  server.replies.set("GET /pushes/3", push());
  const steps: PushStep[] = [];
  const told = { ended: null as Error | "quietly" | null };
  const follow = async (): Promise<void> => {
    for await (const step of world.client.followPush(3, options)) steps.push(step);
  };
  const begin = (): void => {
    follow().then(
      () => {
        told.ended = "quietly";
      },
      (error: Error) => {
        told.ended = error;
      },
    );
  };
  return { ...world, steps, told, begin };
};

const happenUntilApplied = ({ server }: ReturnType<typeof following>): void => {
  server.publish({ ...about, type: "push.started" });
  server.publish({ ...ofA, type: "job.dispatched" });
  server.publish({ ...about, push: 2, type: "job.failed", jobId: "job-of-another-push" });
  server.publish({ ...ofA, type: "job.accepted" });
  server.publish({ ...ofA, type: "job.progress", data: { stage: "writing", percent: 40 } });
  server.publish({ ...ofA, type: "job.completed", data: { result } });
  server.publish({ ...ofB, type: "job.dispatched" });
  server.publish({ ...ofB, type: "job.progress", data: { stage: "indexing", percent: 80 } });
  server.replies.set("GET /pushes/3", completed());
  server.publish({ ...ofB, type: "job.completed", data: { result } });
};

describe("a followed push", () => {
  test("a followed push reports each step, earlier ones too, and its result", async () => {
    const followed = following();
    followed.server.publish({ ...about, type: "push.started" });
    followed.begin();
    await followed.clock.until(() => followed.steps.length === 1, "what had happened");
    happenUntilApplied(followed);
    await followed.clock.until(() => followed.told.ended !== null, "its end");
    expect(
      followed.steps.map(({ event, push: { percent, state }, outcome }) => [event?.type, percent, state, outcome]),
    ).toEqual([
      ["push.started", 0, "running", null],
      ["push.started", 0, "running", null],
      ["job.dispatched", 0, "running", null],
      ["job.accepted", 0, "running", null],
      ["job.progress", 20, "running", null],
      ["job.completed", 50, "running", null],
      ["job.dispatched", 50, "running", null],
      ["job.progress", 90, "running", null],
      ["job.completed", 100, "completed", "completed"],
    ]);
    expect(followed.steps[4]?.push.jobs[0]).toMatchObject({ stage: "writing", percent: 40, state: "processing" });
    expect(followed.steps[5]?.push.jobs[0]).toMatchObject({ result: { updated: 1 }, state: "completed" });
    await followed.clock.advance(10);
    expect([followed.server.openConnections, followed.clock.pending]).toEqual([0, 0]);
  });

  test("a followed push continues until it is verified, on request", async () => {
    const followed = following({ verified: true });
    followed.begin();
    await followed.clock.settle();
    happenUntilApplied(followed);
    followed.server.publish({ ...ofA, type: "job.verified", data: {} });
    followed.server.publish({ ...ofB, type: "job.searchable", data: { vectorCount: 2 } });
    await followed.clock.until(() => followed.steps.length === 10, "searchable");
    expect(followed.told.ended).toBeNull();
    expect(followed.steps.at(-1)).toMatchObject({ outcome: null, push: { state: "completed" } });
    followed.server.replies.set("GET /pushes/3", completed("completed", { verifiedAt: time }));
    followed.server.publish({ ...ofB, type: "job.verified", data: {} });
    await followed.clock.until(() => followed.told.ended !== null, "verified");
    expect(followed.steps.at(-1)).toMatchObject({ outcome: "completed", event: { type: "job.verified" } });
  });

  test("a verified job has the counts and the verdict of its verification", async () => {
    const followed = following({ verified: true });
    followed.begin();
    await followed.clock.settle();
    followed.server.publish({ ...ofB, type: "job.completed", data: { result: { ...result, synced: false } } });
    const counted = { d1Count: 3, vectorCount: 3, synced: true };
    followed.server.publish({ ...ofB, type: "job.verified", data: counted });
    await followed.clock.until(() => followed.steps.length === 2, "verified");
    expect(followed.steps.map(({ push }) => push.jobs[1]?.result)).toEqual([
      { ...result, synced: false },
      { ...result, ...counted },
    ]);
  });

  test("a repaired push is read again, and ends if it has ended", async () => {
    const followed = following();
    followed.begin();
    await followed.clock.settle();
    followed.server.replies.set("GET /pushes/3", completed());
    followed.server.publish({ ...about, type: "push.repaired", data: { repair: "outcome_recorded" } });
    await followed.clock.until(() => followed.told.ended !== null, "its end");
    expect(followed.steps).toMatchObject([{ outcome: "completed", event: { type: "push.repaired" } }]);
  });

  test("a followed push ends with its failure, unless it was retried since", async () => {
    const followed = following();
    followed.server.publish({ ...ofA, type: "job.dispatched" });
    followed.server.publish({
      ...ofA,
      type: "job.failed",
      data: { error: { code: "disk_full", message: "No space" }, final: true },
    });
    followed.server.publish({ ...ofA, type: "push.retried" });
    followed.server.publish({ ...ofA, type: "job.dispatched", attempt: 2 });
    followed.begin();
    await followed.clock.until(() => followed.steps.length === 4, "the second attempt");
    expect(followed.steps[1]?.push).toMatchObject({
      state: "failed",
      jobs: [{ state: "failed", error: { code: "disk_full", message: "No space" } }, {}],
    });
    expect(followed.steps[3]?.push).toMatchObject({
      state: "running",
      jobs: [{ state: "pending", attempt: 2, error: null }, {}],
    });
    const failed = push({
      state: "failed",
      jobs: [jobOf("job-a", "d1cv", { state: "failed" }), jobOf("job-b", "ai-agent")],
    });
    followed.server.replies.set("GET /pushes/3", failed);
    followed.server.publish({
      ...ofA,
      attempt: 2,
      type: "job.failed",
      data: { error: { code: null, message: "Again" } },
    });
    await followed.clock.until(() => followed.told.ended !== null, "its end");
    expect(followed.steps.at(-1)).toMatchObject({ outcome: "failed", push: failed });
  });

  test("a followed push with an unknown outcome continues until it is settled", async () => {
    const followed = following();
    followed.begin();
    await followed.clock.settle();
    followed.server.publish({ ...ofA, type: "job.timeout", data: { error: { code: "timeout", message: "Silent" } } });
    await followed.clock.until(() => followed.steps.length === 1, "the timeout");
    expect(followed.steps[0]).toMatchObject({ outcome: null, push: { jobs: [{ state: "timeout" }, {}] } });
    followed.server.replies.set("GET /pushes/3", push({ state: "cancelled" }));
    followed.server.publish({ ...about, type: "push.cancelled" });
    await followed.clock.until(() => followed.told.ended !== null, "its end");
    expect(followed.steps.at(-1)).toMatchObject({ outcome: "cancelled" });
  });

  test("a followed push that had already ended is reported at once", async () => {
    const followed = following();
    followed.server.replies.set("GET /pushes/3", completed());
    followed.begin();
    await followed.clock.until(() => followed.told.ended !== null, "its end");
    expect(followed.steps).toEqual([{ push: completed(), event: null, outcome: "completed" }]);
    expect(followed.server.offered).toEqual([]);
  });

  test("a followed push ends with the reason of an aborted signal", async () => {
    const abort = new AbortController();
    const followed = following({ signal: abort.signal });
    followed.begin();
    await followed.clock.advance(100);
    abort.abort(new Error("Enough"));
    await followed.clock.until(() => followed.told.ended !== null, "its end");
    expect(followed.told.ended).toMatchObject({ message: "Enough" });
  });
});
