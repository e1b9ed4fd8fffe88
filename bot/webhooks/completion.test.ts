/** `POST /v2/webhook/:target`, as a target signs and sends it. */
import { env } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { sign } from "../../shared/signing.ts";
import { parseCredentials } from "../../shared/targets/credentials.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { countedDatabase } from "../../test/support/bot/counted-database.ts";
import { applied } from "../../test/support/bot/fake-target.ts";
import { logged } from "../../test/support/bot/stand-ins.ts";
import { botWith, createWorld, people, type World } from "../../test/support/bot/world.ts";

const { author, approver } = people;
const completed = { type: "job.completed" as const, result: applied() };
const failed = { type: "job.failed" as const, error: { code: "unavailable", message: "down" } };
const progress = (percent: number) => ({ type: "job.progress" as const, stage: "writing", percent });

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

const states = async (world: World) => (await world.rows("jobs")).map(({ state }) => state);

/** Without the recorded reports that change nothing. */
const factsButReports = async (world: World): Promise<string> => {
  const facts = JSON.parse(await world.facts()) as [string, { type?: string }[]][];
  return JSON.stringify(facts.map(([table, rows]) => [table, rows.filter(({ type }) => type !== "webhook.ignored")]));
};

describe("a webhook", () => {
  test("a webhook of completion records it and dispatches the next target", async () => {
    const world = await pushed();
    const response = await world.report("d1cv", completed);
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: { recorded: true } });
    expect(await world.rows("jobs")).toMatchObject([
      { state: "completed", percent: 100 },
      { state: "pending", dispatched_at: clock.iso() },
    ]);
    expect(await world.rows("commits")).toMatchObject([{ status: "applied_d1cv", applied_by: approver }]);
    expect(await world.queued(2)).toMatchObject([{ attempt: 1 }, { jobId: (await world.rows("jobs"))[1]?.["id"] }]);
    await world.report("ai-agent", completed);
    expect(await world.rows("commits")).toMatchObject([{ status: "applied_all" }]);
    expect(await world.rows("pushes")).toMatchObject([{ state: "completed", finished_at: clock.iso() }]);
  });

  test("a webhook of failure stops the push and names target and message", async () => {
    const world = await pushed();
    await world.report("d1cv", failed);
    expect(await world.rows("jobs")).toMatchObject([
      { state: "failed", error_code: "unavailable", error_message: "down" },
      { state: "pending", dispatched_at: null },
    ]);
    expect(await world.rows("commits")).toMatchObject([
      { status: "failed", error_target: "d1cv", error_message: "down" },
    ]);
    expect(await world.rows("pushes")).toMatchObject([{ state: "failed" }]);
  });

  test("a webhook of progress never moves the job back", async () => {
    const world = await pushed();
    await world.report("d1cv", progress(60));
    await world.report("d1cv", progress(30));
    expect((await world.rows("jobs"))[0]).toMatchObject({ state: "processing", percent: 60, stage: "writing" });
  });

  test("a webhook that is repeated under its id changes nothing", async () => {
    const world = await pushed();
    await world.report("d1cv", progress(30), { id: "msg-1" });
    const before = await world.facts();
    const response = await world.report("d1cv", progress(60), { id: "msg-1" });
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { recorded: false, reason: "repeated" },
    });
    expect(await world.facts()).toBe(before);
  });

  test("a webhook that is repeated under another id changes nothing", async () => {
    const world = await pushed();
    await world.report("d1cv", completed);
    const before = await factsButReports(world);
    expect(await (await world.report("d1cv", completed)).json()).toEqual({ recorded: false, reason: "ignored" });
    expect(await factsButReports(world)).toBe(before);
  });

  test("a webhook that arrives ten times at once has one effect", async () => {
    const world = await pushed();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => world.report("d1cv", completed, { id: "msg-1" })),
    );
    for (const { status } of answers) expect([200, 503]).toContain(status);
    expect((await world.rows("job_events")).filter(({ type }) => type === "job.completed")).toHaveLength(1);
    expect(await states(world)).toEqual(["completed", "pending"]);
  });

  test("a webhook in the wrong order leaves the outcome as it is", async () => {
    const world = await pushed();
    await world.report("d1cv", completed);
    const before = await factsButReports(world);
    for (const late of [progress(99), failed]) {
      expect(await (await world.report("d1cv", late)).json()).toEqual({ recorded: false, reason: "ignored" });
    }
    expect(await factsButReports(world)).toBe(before);
  });

  test("a webhook of an older attempt counts only for a completion", async () => {
    const world = await pushed();
    await world.report("d1cv", failed);
    await world.run([approver, "retry 1"]);
    expect(await (await world.report("d1cv", failed, { attempt: 1 })).json()).toEqual({
      recorded: false,
      reason: "ignored",
    });
    expect(await states(world)).toEqual(["pending", "pending"]);
    expect(await (await world.report("d1cv", completed, { attempt: 1 })).json()).toEqual({ recorded: true });
    expect(await states(world)).toEqual(["completed", "pending"]);
  });

  test("a webhook of an attempt that was never made is ignored", async () => {
    const world = await pushed();
    expect(await (await world.report("d1cv", completed, { attempt: 7 })).json()).toEqual({
      recorded: false,
      reason: "ignored",
    });
  });

  test("a webhook of verification after completion is recorded", async () => {
    const world = await pushed();
    await world.report("d1cv", completed);
    await world.report("d1cv", { type: "job.verified", result: { d1Count: 66, vectorCount: null, synced: true } });
    expect((await world.rows("jobs"))[0]).toMatchObject({ verified_at: clock.iso(), synced: 1 });
  });

  test.each([-299, 299])("a webhook of a target whose clock is %i s off is recorded", async (skewSeconds) => {
    const world = await pushed();
    const response = await world.report("d1cv", completed, { nowMs: clock.nowMs() + skewSeconds * 1000 });
    expect(response.status).toBe(200);
    expect(await states(world)).toEqual(["completed", "pending"]);
  });

  test("a webhook is accepted throughout a rotation of its secret", async () => {
    const world = await pushed();
    const all = parseCredentials(env.TARGET_CREDENTIALS ?? "");
    const d1cv = all["d1cv"];
    if (!d1cv) throw new Error("no credentials");
    const next = `whsec_${btoa("the new secret of the webhooks: 1")}`;
    const knowing = (...webhook: string[]) =>
      botWith({ TARGET_CREDENTIALS: JSON.stringify({ ...all, d1cv: { ...d1cv, webhook } }) });
    const [old = ""] = d1cv.webhook;
    world.send = knowing(old, next);
    expect((await world.report("d1cv", progress(20), { secret: old })).status).toBe(200);
    expect((await world.report("d1cv", progress(40), { secret: next })).status).toBe(200);
    world.send = knowing(next);
    expect((await world.report("d1cv", progress(60), { secret: old })).status).toBe(401);
    expect((await world.report("d1cv", completed, { secret: next })).status).toBe(200);
    expect(await states(world)).toEqual(["completed", "pending"]);
    expect((await world.rows("jobs"))[0]).toMatchObject({ state: "completed" });
  });

  test("a webhook takes two round trips to the database before its response", async () => {
    const world = await pushed();
    const db = countedDatabase();
    world.send = botWith({ DB: db });
    await world.report("d1cv", progress(50));
    expect(db.roundTrips).toBe(2);
    await world.report("d1cv", completed);
    // Two before the response, the second of which claims the next dispatch; after it that is deleted from the outbox.
    expect(db.roundTrips).toBe(2 + 2 + 1);
    await world.report("ai-agent", completed);
    expect(db.roundTrips).toBe(5 + 2);
  });
});

describe("a forged or foreign webhook", () => {
  const unauthorized = { status: 401, body: { error: "unauthorized" } };
  const answerOf = async (response: Response) => ({ status: response.status, body: await response.json() });

  test.each<[what: string, options: Parameters<World["report"]>[2], reason: string]>([
    ["another target's secret", { secretOf: "ai-agent" }, "bad_signature"],
    ["the path of another target", { path: "ai-agent" }, "bad_signature"],
    ["a path of no target", { path: "mars" }, "bad_signature"],
    ["a path of no target's property", { path: "constructor" }, "bad_signature"],
    ["a timestamp 301 s old", { nowMs: Date.parse("2031-03-03T09:00:00Z") - 301_000 }, "too_old"],
    ["a timestamp 301 s in the future", { nowMs: Date.parse("2031-03-03T09:00:00Z") + 301_000 }, "too_new"],
  ])("a webhook with %s gets the same 401 and changes nothing", async (_what, options, reason) => {
    const world = await pushed();
    const before = await world.facts();
    expect(await answerOf(await world.report("d1cv", completed, options))).toEqual(unauthorized);
    expect(await world.facts()).toBe(before);
    expect(logged.findLast((line) => line.includes("request.refused"))).toContain(`"because":"${reason}"`);
  });

  test.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
    "a webhook without %s gets the same refusal",
    async (header) => {
      const world = await pushed();
      const body = JSON.stringify({});
      const signed = await sign("whsec_bG9jYWwgZDFjdiB3ZWJob29rIHNlY3JldCAwMDE=", "1", body, clock.nowMs());
      const headers = new Headers({ ...signed });
      headers.delete(header);
      const response = await world.send(new Request("https://x/v2/webhook/d1cv", { method: "POST", headers, body }));
      expect(await answerOf(response)).toEqual(unauthorized);
    },
  );

  test("a webhook with a changed body gets the same refusal", async () => {
    const world = await pushed();
    const signed = await sign("whsec_bG9jYWwgZDFjdiB3ZWJob29rIHNlY3JldCAwMDE=", "1", "{}", clock.nowMs());
    const response = await world.send(
      new Request("https://x/v2/webhook/d1cv", { method: "POST", headers: { ...signed }, body: "{ }" }),
    );
    expect(await answerOf(response)).toEqual(unauthorized);
  });

  test("a webhook about a job of another target finds no job", async () => {
    const world = await pushed();
    const [job] = await world.rows("jobs");
    const about = {
      jobId: String(job?.["id"]),
      attempt: 1,
      target: "ai-agent",
      portfolioId: "noor-vega",
      occurredAt: clock.iso(),
    };
    const before = await world.facts();
    const response = await world.webhook("ai-agent", { ...about, ...completed });
    expect(response.status).toBe(404);
    expect(await world.facts()).toBe(before);
  });

  test("a webhook that names another target than its path finds no job", async () => {
    const world = await pushed();
    const [job] = await world.rows("jobs");
    const about = {
      jobId: String(job?.["id"]),
      attempt: 1,
      target: "ai-agent",
      portfolioId: "noor-vega",
      occurredAt: clock.iso(),
    };
    const before = await world.facts();
    const response = await world.webhook("d1cv", { ...about, ...completed });
    expect([404, 422]).toContain(response.status);
    expect(await world.facts()).toBe(before);
  });

  test("a webhook about another portfolio has nobody's secret", async () => {
    const world = await pushed();
    const [job] = await world.rows("jobs");
    const about = {
      jobId: String(job?.["id"]),
      attempt: 1,
      target: "d1cv",
      portfolioId: "ada-lindt",
      occurredAt: clock.iso(),
    };
    const before = await world.facts();
    expect((await world.webhook("d1cv", { ...about, ...completed })).status).toBe(401);
    expect(await world.facts()).toBe(before);
  });

  test("a webhook signed with another entry's secret is refused like a forgery", async () => {
    const world = await pushed();
    const credentials = JSON.parse(env.TARGET_CREDENTIALS ?? "{}") as Record<string, { webhook: string[] }>;
    const other = `whsec_${btoa("north d1cv webhook secret 1".padEnd(32, "."))}`;
    world.send = botWith({
      TARGET_CREDENTIALS: JSON.stringify({
        ...credentials,
        "north/d1cv": { ...credentials["d1cv"], webhook: [other] },
      }),
    });
    const [job] = await world.rows("jobs");
    const text = JSON.stringify({
      ...completed,
      jobId: job?.["id"],
      attempt: 1,
      target: "d1cv",
      portfolioId: "noor-vega",
      occurredAt: clock.iso(),
    });
    const before = await world.facts();
    const response = await world.send(
      new Request("https://x/v2/webhook/d1cv", {
        method: "POST",
        headers: { ...(await sign(other, "1", text, clock.nowMs())) },
        body: text,
      }),
    );
    expect(response.status).toBe(401);
    expect(await world.facts()).toBe(before);
  });

  test("a ping's webhook proves the way, and changes nothing; a forged one is refused", async () => {
    const world = await pushed();
    const ping = { type: "ping" as const, target: "d1cv", portfolioId: "noor-vega", occurredAt: clock.iso() };
    const before = await world.facts();
    const response = await world.webhook("d1cv", ping);
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { recorded: false, reason: "ping" },
    });
    expect((await world.webhook("ai-agent", { ...ping, target: "ai-agent" })).status).toBe(200);
    expect((await world.webhook("d1cv", { ...ping, portfolioId: "ada-lindt" })).status).toBe(401);
    expect((await world.webhook("ai-agent", ping)).status).not.toBe(200);
    expect(await world.facts()).toBe(before);
  });

  test("a webhook about an unknown job id finds no job", async () => {
    const world = await pushed();
    const about = {
      jobId: "01jobthatisnowhere00000000",
      attempt: 1,
      target: "d1cv",
      portfolioId: "noor-vega",
      occurredAt: clock.iso(),
    };
    const response = await world.webhook("d1cv", { ...about, ...completed });
    expect(await answerOf(response)).toMatchObject({ status: 404, body: { error: "job_not_found" } });
  });
});

describe("an invalid body", () => {
  const send = async (world: World, body: string, headers: Record<string, string> = {}) => {
    const signed = await sign(
      "whsec_bG9jYWwgZDFjdiB3ZWJob29rIHNlY3JldCAwMDE=",
      crypto.randomUUID(),
      body,
      clock.nowMs(),
    );
    return world.send(
      new Request("https://x/v2/webhook/d1cv", { method: "POST", headers: { ...signed, ...headers }, body }),
    );
  };

  test("a webhook larger than 256 KiB is refused with any signature", async () => {
    const world = await createWorld();
    expect((await send(world, "x".repeat(256 * 1024 + 1))).status).toBe(413);
    expect((await send(world, "ü".repeat(130 * 1024))).status).toBe(413);
  });

  test.each([
    ["of no known type", JSON.stringify({ type: "job.exploded", portfolioId: "noor-vega" })],
    [
      "without its job",
      JSON.stringify({
        type: "job.completed",
        attempt: 1,
        target: "d1cv",
        portfolioId: "noor-vega",
        occurredAt: "now",
        result: applied(),
      }),
    ],
    [
      "with 101 percent",
      JSON.stringify({
        type: "job.progress",
        jobId: "j",
        attempt: 1,
        target: "d1cv",
        portfolioId: "noor-vega",
        occurredAt: "now",
        stage: "x",
        percent: 101,
      }),
    ],
  ])("a signed webhook whose body is %s is refused with the reason", async (_what, body) => {
    const world = await createWorld();
    const response = await send(world, body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      error: "invalid",
      message: expect.stringContaining("Not a webhook of the target protocol"),
    });
  });

  test.each(["{", "[]", "{}", '{"portfolioId":"nobody"}'])(
    "a webhook that names no portfolio here has no secret, so it is refused unread: %s",
    async (body) => {
      const world = await createWorld();
      expect((await send(world, body)).status).toBe(401);
    },
  );
});
