import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  approvedCommit,
  createQueue,
  createWorld,
  encryptionKeys,
  everythingOf,
  jobFor,
  push,
  type World,
} from "../test/support/shared/world.ts";
import worker from "./index.ts";

/** The bindings of the Worker, with a world's targets. */
const bindingsOf = (world: World, overrides: object = {}) => {
  const absent = (): Promise<never> => Promise.reject(new Error("not called here"));
  const woken: string[] = [];
  const watched: string[] = [];
  const notified: string[] = [];
  const credentials = { d1cv: world.d1cv.options.credentials, "ai-agent": world.ai.options.credentials };
  const bindings = {
    DB: env.DB,
    PUSH_QUEUE: { ...createQueue(), send: absent, metrics: absent },
    INDEX_QUEUE: { ...createQueue(), send: absent, metrics: absent },
    DELIVERY_QUEUE: { ...createQueue(), send: absent, metrics: absent },
    SLACK_OUTBOX: { getByName: (name: string) => ({ wake: async () => woken.push(name) }) },
    EVENT_HUB: { getByName: (name: string) => ({ notify: async () => notified.push(name) }) },
    JOB_ORCHESTRATOR: { getByName: (name: string) => ({ watch: async () => watched.push(name) }) },
    D1CV: world.d1cv,
    AI_AGENT: world.ai,
    AI: { run: absent },
    VECTORIZE: { query: absent, upsert: absent, deleteByIds: absent, getByIds: absent },
    AI_AGENT_INDEX: { take: async () => null, submitted: absent, report: absent },
    ENVIRONMENT: "local",
    PUBLIC_URL: "https://bot.example",
    ENCRYPTION_KEYS: encryptionKeys,
    TARGET_CREDENTIALS: JSON.stringify(credentials),
    ...overrides,
  };
  return { bindings, woken, watched, notified };
};

interface Delivered {
  id: string;
  body: unknown;
  attempts?: number;
}

/** Delivers one batch and returns the outcome of each message: acked, or retried with a delay in seconds. */
const deliver = async (world: World, queue: string, messages: Delivered[], overrides: object = {}) => {
  const batch = createMessageBatch(
    queue,
    messages.map((message) => ({ timestamp: Date.now(), attempts: 1, ...message })),
  );
  // The plugin's result omits the delay, so the test records the calls.
  const retries = batch.messages.map((message) => [message.id, vi.spyOn(message, "retry")] as const);
  const ctx = createExecutionContext();
  const { bindings, ...wakened } = bindingsOf(world, overrides);
  await worker.queue(batch, bindings);
  const { explicitAcks } = await getQueueResult(batch, ctx);
  const delays = Object.fromEntries(
    retries
      .filter(([, retry]) => retry.mock.calls.length > 0)
      .map(([id, retry]) => [id, retry.mock.calls[0]?.[0]?.delaySeconds]),
  );
  return { acked: explicitAcks, delays, ...wakened };
};

const deadLetters = async () => (await env.DB.prepare("SELECT * FROM dead_letters ORDER BY id").all()).results;

const pushed = async () => {
  const world = await createWorld();
  // The Worker reads the real clock, and signatures are fresh for five minutes.
  world.clock.ms = Date.now();
  await push(world, await approvedCommit(world));
  return { world, body: { workspaceId: world.workspaceId, jobId: (await jobFor(world, "d1cv")).id, attempt: 1 } };
};

beforeEach(async () => {
  // The longest delays.
  vi.spyOn(Math, "random").mockReturnValue(0);
  await env.DB.exec("DELETE FROM dead_letters");
});

describe("cv-push", () => {
  test.each(["cv-push", "cv-push-production", "noor-push"])(
    "a message of %s is handled and acked, and its follow-up work is dispatched",
    async (queue) => {
      const { world, body } = await pushed();
      const { acked, delays, woken, watched } = await deliver(world, queue, [{ id: "m1", body }]);
      expect({ acked, delays }).toEqual({ acked: ["m1"], delays: {} });
      expect((await jobFor(world, "d1cv")).state).toBe("processing");
      expect([woken, watched]).toEqual([[world.workspaceId], [world.workspaceId]]);
    },
  );

  test("a cv-push message is retried with its delay while the target is down", async () => {
    const { world, body } = await pushed();
    world.d1cv.isDown = true;
    const { acked, delays } = await deliver(world, "cv-push", [{ id: "m1", body, attempts: 3 }]);
    expect(acked).toEqual([]);
    expect(delays).toEqual({ m1: 1 });
    expect(await deadLetters()).toEqual([]);
  });

  test("a failing queue message does not affect the others of its batch", async () => {
    const one = await pushed();
    const two = await pushed();
    await two.world.run(
      "UPDATE targets SET credentials = 'missing' WHERE workspace_id = ?1 AND name = 'd1cv'",
      two.world.workspaceId,
    );
    const { acked, delays } = await deliver(one.world, "cv-push", [
      { id: "malformed", body: { nonsense: true } },
      { id: "broken", body: two.body, attempts: 3 },
      { id: "good", body: one.body },
    ]);
    expect(acked).toEqual(["malformed", "good"]);
    expect(delays).toEqual({ broken: 8 });
    expect((await jobFor(one.world, "d1cv")).state).toBe("processing");
    expect((await jobFor(two.world, "d1cv")).state).toBe("pending");
    expect(await deadLetters()).toMatchObject([
      {
        id: "malformed",
        queue: "cv-push",
        cause: "not a cv-push message",
        workspace_id: "-",
        body: '{"nonsense":true}',
      },
    ]);
  });

  test("a queue message waits longer after each internal error, at most five minutes", async () => {
    const { world, body } = await pushed();
    await world.run("UPDATE targets SET credentials = 'missing' WHERE workspace_id = ?1", world.workspaceId);
    const waits = [];
    for (const attempts of [1, 2, 8, 9, 10])
      waits.push((await deliver(world, "cv-push", [{ id: "m1", body, attempts }])).delays["m1"]);
    expect(waits).toEqual([2, 4, 256, 300, 300]);
  });

  test("a queue message is retried when the database is unavailable", async () => {
    const { world, body } = await pushed();
    const DB = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: () => Promise.reject(new Error("D1_ERROR: overloaded")),
    };
    expect(await deliver(world, "cv-push", [{ id: "m1", body }], { DB })).toMatchObject({
      acked: [],
      delays: { m1: 2 },
    });
    expect((await jobFor(world, "d1cv")).state).toBe("pending");
  });

  test("a duplicate cv-push message changes nothing in the database", async () => {
    const { world, body } = await pushed();
    await deliver(world, "cv-push", [{ id: "m1", body }]);
    const before = await everythingOf(world.workspaceId);
    expect((await deliver(world, "cv-push", [{ id: "m1", body, attempts: 2 }])).acked).toEqual(["m1"]);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });
});

describe("cv-index", () => {
  test("a cv-index message reaches the index handler", async () => {
    const { world } = await pushed();
    const body = { taskId: "t", portfolioId: "p", jobId: "j", attempt: 1, rows: [] };
    expect(await deliver(world, "cv-index", [{ id: "m1", body }])).toMatchObject({ acked: ["m1"], delays: {} });
    const down = { AI_AGENT_INDEX: { take: () => Promise.reject(new Error("down")) } };
    expect(await deliver(world, "cv-index-production", [{ id: "m2", body, attempts: 2 }], down)).toMatchObject({
      acked: [],
      delays: { m2: 4 },
    });
  });
});

test("a slow queue message delays no other message of its batch", async () => {
  const { world } = await pushed();
  const second = Promise.withResolvers<null>();
  const take = (taskId: string): Promise<null> => {
    if (taskId === "quick") second.resolve(null);
    return second.promise;
  };
  const body = { portfolioId: "p", jobId: "j", attempt: 1, rows: [] };
  const messages = ["slow", "quick"].map((taskId) => ({ id: taskId, body: { ...body, taskId } }));
  const { acked } = await deliver(world, "cv-index", messages, { AI_AGENT_INDEX: { take } });
  expect(acked.toSorted()).toEqual(["quick", "slow"]);
});

describe("a message that cannot be handled", () => {
  test("a failed queue message becomes one dead letter under its id and workspace", async () => {
    const { world, body } = await pushed();
    for (const attempts of [11, 12]) {
      const { acked } = await deliver(world, "cv-push-dead", [
        { id: "m1", body, attempts },
        { id: "m2", body: "text", attempts },
      ]);
      expect(acked).toEqual(["m1", "m2"]);
    }
    expect(await deadLetters()).toMatchObject([
      {
        workspace_id: world.workspaceId,
        id: "m1",
        queue: "cv-push",
        cause: "every delivery failed",
        attempts: 11,
        body: JSON.stringify(body),
      },
      { workspace_id: "-", id: "m2", queue: "cv-push", body: '"text"' },
    ]);
    expect((await jobFor(world, "d1cv")).state).toBe("pending");
  });

  test.each(["cv-index-dead", "cv-push-dead-production", "noor-index-dead"])(
    "a message of %s becomes a dead letter",
    async (queue) => {
      const { world } = await pushed();
      await deliver(world, queue, [{ id: "m1", body: null }]);
      expect(await deadLetters()).toMatchObject([
        { id: "m1", queue: queue.includes("-index") ? "cv-index" : "cv-push", body: "null" },
      ]);
    },
  );

  test("a message of an unknown queue becomes a dead letter", async () => {
    const { world } = await pushed();
    expect((await deliver(world, "cv-unknown", [{ id: "m1", body: {} }])).acked).toEqual(["m1"]);
    expect(await deadLetters()).toMatchObject([{ queue: "cv-unknown", cause: "no handler for cv-unknown" }]);
  });

  test("a failed queue message is redelivered while its dead letter cannot be stored", async () => {
    const { world } = await pushed();
    const DB = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: () => Promise.reject(new Error("D1_ERROR: overloaded")),
    };
    expect(await deliver(world, "cv-push-dead", [{ id: "m1", body: {} }], { DB })).toMatchObject({
      acked: [],
      delays: { m1: 2 },
    });
  });
});

describe("a message after its last retry", () => {
  const events = async (world: World) =>
    (await world.table("job_events")).filter(({ type }) => String(type).startsWith("dead_letter."));

  test("a message after its last retry becomes a dead letter with the error", async () => {
    const { world, body } = await pushed();
    await world.run("UPDATE targets SET credentials = 'missing' WHERE workspace_id = ?1", world.workspaceId);
    const message = { ...body, traceId: "0af7651916cd43dd8448eb211c80319c" };
    expect((await deliver(world, "cv-push", [{ id: "m1", body: message, attempts: 10 }])).delays).toEqual({ m1: 300 });
    const { acked, notified } = await deliver(world, "cv-push", [{ id: "m1", body: message, attempts: 11 }]);
    expect([acked, notified]).toEqual([["m1"], [world.workspaceId]]);
    expect(await deadLetters()).toMatchObject([
      {
        workspace_id: world.workspaceId,
        number: 1,
        state: "kept",
        cause: expect.stringContaining("missing"),
        attempts: 11,
        job_id: body.jobId,
        trace_id: message.traceId,
      },
    ]);
    expect(await events(world)).toMatchObject([{ type: "dead_letter.kept", trace_id: message.traceId }]);
  });

  test("a dead letter of cv-index belongs to the workspace of its job or portfolio", async () => {
    const { world, body } = await pushed();
    const index = { taskId: "t", attempt: 1, rows: [], portfolioId: world.portfolioId };
    await deliver(world, "cv-index-dead", [
      { id: "m1", body: { ...index, portfolioId: "elsewhere", jobId: body.jobId } },
      { id: "m2", body: { ...index, jobId: "reindex:1" } },
      { id: "m3", body: { ...index, portfolioId: "elsewhere", jobId: "reindex:2" } },
      { id: "m4", body: { workspaceId: "T0UNKNOWN", jobId: body.jobId } },
    ]);
    const owners = (await deadLetters()).map(({ workspace_id: owner }) => owner);
    expect(owners).toEqual([world.workspaceId, world.workspaceId, "-", "-"]);
  });

  test("a failed message that the outbox sent twice has one dead letter", async () => {
    const { world, body } = await pushed();
    await deliver(world, "cv-push-dead", [{ id: "m1", body, attempts: 11 }]);
    await deliver(world, "cv-push-dead", [{ id: "m2", body, attempts: 11 }]);
    expect(await deadLetters()).toMatchObject([{ id: "m1", number: 1, attempts: 22 }]);
  });

  const retried = async () => {
    const { world, body } = await pushed();
    await deliver(world, "cv-push-dead", [{ id: "m1", body, attempts: 11 }]);
    await env.DB.exec("UPDATE dead_letters SET state = 'retried'");
    return { world, body: { ...body, deadLetter: { workspaceId: world.workspaceId, id: "m1" } } };
  };

  test("a retried message that fails again updates its dead letter", async () => {
    const { world, body } = await retried();
    await deliver(world, "cv-push", [{ id: "m2", body: { ...body, jobId: "gone" } }]);
    expect(await deadLetters()).toMatchObject([
      { id: "m1", state: "kept", attempts: 12, cause: "there is no such job" },
    ]);
    expect((await events(world)).map(({ data }) => JSON.parse(String(data)))).toMatchObject([{}, { again: true }]);
  });

  test("a retried message that is handled resolves its dead letter once", async () => {
    const { world, body } = await retried();
    for (const attempts of [1, 2]) await deliver(world, "cv-push", [{ id: "m2", body, attempts }]);
    expect(await deadLetters()).toMatchObject([{ id: "m1", state: "resolved" }]);
    expect((await events(world)).map(({ type }) => type)).toEqual(["dead_letter.kept", "dead_letter.resolved"]);
    expect((await jobFor(world, "d1cv")).state).toBe("processing");
  });

  test("a retried message that fails after its dead letter was discarded stays discarded", async () => {
    const { world, body } = await retried();
    await env.DB.exec("UPDATE dead_letters SET state = 'discarded'");
    const { acked } = await deliver(world, "cv-push", [{ id: "m2", body: { ...body, jobId: "gone" } }]);
    expect(acked).toEqual(["m2"]);
    expect(await deadLetters()).toMatchObject([{ id: "m1", state: "discarded", attempts: 11 }]);
  });
});

test("a misconfigured Worker handles no message, and names the variable", async () => {
  const { world, body } = await pushed();
  await expect(deliver(world, "cv-push", [{ id: "m1", body }], { PUBLIC_URL: "nowhere" })).rejects.toThrow(
    "PUBLIC_URL",
  );
  await expect(deliver(world, "cv-push", [{ id: "m1", body }], { TARGET_CREDENTIALS: "{" })).rejects.toThrow(
    "TARGET_CREDENTIALS",
  );
});

test("each line about a message has its trace id, also about the work that follows, and one of its own without it", async () => {
  const { world, body } = await pushed();
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const written = vi.spyOn(console, "log").mockImplementation(() => {});
  const asleep = { getByName: () => ({ wake: () => Promise.reject(new Error("asleep")) }) };
  const messages = [
    { id: "traced", body: { ...body, traceId } },
    { id: "untraced", body: { nonsense: true } },
  ];
  await deliver(world, "cv-push", messages, { SLACK_OUTBOX: asleep });
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
  written.mockRestore();
  const tracesOf = (event: string) => lines.filter((line) => line["event"] === event).map((line) => line["traceId"]);
  expect(tracesOf("effect.failed")).toEqual([traceId]);
  expect(tracesOf("queue.handled")).toEqual([traceId]);
  expect(tracesOf("dead_letter.kept")).toEqual([expect.stringMatching(/^(?!4bf9)[0-9a-f]{32}$/)]);
});
