import { env as bindings } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import worker from "../d1cv/index.ts";
import { deliverCallbacks, deliverDueCallbacks } from "./deliver.ts";
import { callerOf, Receiver, targetVariables, technology } from "./testing/kit.ts";

const setUp = () => {
  const receiver = new Receiver();
  const env = { ...bindings, ...targetVariables, CV_OPS: receiver };
  return { ...callerOf(worker, env, "d1cv"), receiver, env };
};

const states = async (): Promise<string[]> => {
  const { results } = await bindings.DB.prepare("SELECT type, state, attempts FROM callbacks ORDER BY id").all();
  return results.map(({ type, state, attempts }) => `${String(type)} ${String(state)} ${String(attempts)}`);
};
const inMs = (ms: number) => () => Date.now() + ms;

describe("a callback", () => {
  test("a failed callback is sent again by cron under the same id, later each time", async () => {
    const { apply, receiver, env } = setUp();
    receiver.answer = () => 503;
    await apply("job-1", { inserts: [technology("a")] });
    expect(await states()).toEqual(["job.progress superseded 1", "job.completed pending 1", "job.verified pending 0"]);

    receiver.answer = () => 200;
    // Half of the delay is random.
    await deliverDueCallbacks(env, inMs(2_000));
    expect(await states()).toContain("job.completed pending 1");
    await deliverDueCallbacks(env, inMs(6_000));
    expect(await states()).toEqual([
      "job.progress superseded 1",
      "job.completed delivered 2",
      "job.verified delivered 1",
    ]);
    expect(receiver.types()).toEqual(["job.progress", "job.completed", "job.completed", "job.verified"]);
    expect(receiver.received[1]?.webhookId).toBe(receiver.received[2]?.webhookId);
  });

  test("a callback waits as long as its receiver's Retry-After requests", async () => {
    const { apply, receiver, env } = setUp();
    receiver.answer = () => 429;
    receiver.retryAfter = "60";
    await apply("job-1", { inserts: [technology("a")] });
    receiver.answer = () => 200;
    await deliverDueCallbacks(env, inMs(59_000));
    expect(receiver.types()).toEqual(["job.progress", "job.completed"]);
    await deliverDueCallbacks(env, inMs(61_000));
    expect(receiver.types()).toEqual(["job.progress", "job.completed", "job.completed", "job.verified"]);
  });

  test("a callback blocks the later callbacks of its job, not of other jobs", async () => {
    const { apply, receiver } = setUp();
    receiver.answer = (body) => (body.type === "job.completed" && body.jobId === "job-1" ? 500 : 200);
    await apply("job-1", { inserts: [technology("a")] });
    await apply("job-2", { inserts: [technology("b")] });
    expect(receiver.received.map(({ body }) => `${body.jobId} ${body.type}`)).toEqual([
      "job-1 job.progress",
      "job-1 job.completed",
      "job-2 job.progress",
      "job-2 job.completed",
      "job-2 job.verified",
    ]);
  });

  test("a callback fails permanently after twenty attempts and unblocks the next one", async () => {
    const { apply, receiver, env } = setUp();
    receiver.answer = ({ type }) => (type === "job.completed" ? 500 : 200);
    await apply("job-1", { inserts: [technology("a")] });
    for (let attempts = 1; attempts < 20; attempts += 1) {
      await bindings.DB.prepare("UPDATE callbacks SET due_at_ms = 0").run();
      await deliverDueCallbacks(env);
    }
    expect(await states()).toEqual(["job.progress delivered 1", "job.completed dead 20", "job.verified delivered 1"]);
  });

  test("a callback of a Worker that ended before the delivery is sent by cron", async () => {
    const { apply, receiver, env, cron } = setUp();
    const request = apply("job-1", { inserts: [technology("a")] });
    await request;
    // The state after a Worker ended during its delivery: a leased row.
    await bindings.DB.prepare(
      "UPDATE callbacks SET state = 'pending', leased_until_ms = ?1, attempts = 1 WHERE type = 'job.completed'",
    )
      .bind(Date.now() + 15_000)
      .run();
    receiver.received = [];
    await cron();
    expect(receiver.received).toEqual([]);
    await deliverDueCallbacks(env, inMs(16_000));
    expect(receiver.types()).toEqual(["job.completed"]);
  });

  test("a callback is sent once under concurrent deliveries", async () => {
    const { apply, receiver, env } = setUp();
    await apply("job-1", { inserts: [technology("a")] });
    receiver.received = [];
    await bindings.DB.prepare("UPDATE callbacks SET state = 'pending', attempts = 0").run();
    const job = { portfolioId: "noor-vega", jobId: "job-1" };
    await Promise.all(Array.from({ length: 5 }, () => deliverCallbacks(env, job)));
    expect(receiver.types()).toEqual(["job.progress", "job.completed", "job.verified"]);
  });

  test("a callback that is redirected counts as failed", async () => {
    const { apply, receiver } = setUp();
    receiver.answer = ({ type }) => (type === "job.completed" ? 302 : 200);
    await apply("job-1", { inserts: [technology("a")] });
    const completed = await bindings.DB.prepare(
      "SELECT state, last_error FROM callbacks WHERE type = 'job.completed'",
    ).first();
    expect(completed).toEqual({ state: "pending", last_error: "status 302" });
  });

  test("a callback uses fetch without a service binding, and http only locally", async () => {
    const { env } = setUp();
    const receiver = new Receiver();
    const fetchSpy = vi
      .spyOn(globalThis, "fetch")
      .mockImplementation((url, init) => receiver.fetch(new Request(url, init)));
    try {
      const callbackUrl = "http://plain.example/hook";
      const inProduction = callerOf(worker, { ...env, ENVIRONMENT: "production" }, "d1cv");
      const refused = await inProduction.apply("job-1", { inserts: [technology("a")] }, { callbackUrl });
      expect(refused).toMatchObject({ status: 422, body: { error: "callback_not_allowed" } });
      await callerOf(worker, env, "d1cv").apply("job-1", { inserts: [technology("a")] }, { callbackUrl });
      expect(receiver.types()).toEqual(["job.progress", "job.completed", "job.verified"]);
      expect(fetchSpy.mock.calls[0]?.[1]).toMatchObject({ redirect: "manual", signal: expect.any(AbortSignal) });
    } finally {
      fetchSpy.mockRestore();
    }
  });

  test("a callback of another portfolio is signed with that portfolio's secret", async () => {
    const { apply, receiver } = setUp();
    await apply("job-1", { inserts: [technology("a")] }, { portfolioId: "ada-lindt" });
    expect(receiver.received.map(({ body }) => body.portfolioId)).toEqual(["ada-lindt", "ada-lindt", "ada-lindt"]);
  });
});
