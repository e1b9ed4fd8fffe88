import { env } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { schedules } from "../../shared/schedules.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { applied } from "../../test/support/bot/fake-target.ts";
import { FaultyDatabase } from "../../test/support/bot/faulty-database.ts";
import { slack } from "../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../test/support/bot/texts.ts";
import { botWith, createWorld, people, type World } from "../../test/support/bot/world.ts";
import { createDeps } from "../env.ts";
import { runSchedule } from "../schedule.ts";

const { author, approver } = people;
const get = (path: string, token?: string): Request =>
  new Request(`https://cv-ops.example${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

const token = "a-token-of-operators-with-32-characters";
const asked = async (overrides: Record<string, unknown> = {}): Promise<string> => {
  const response = await botWith({ METRICS_TOKEN: token, ...overrides })(get("/metrics", token));
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  return response.text();
};

const operatedFrom = (world: World) => createDeps({ ...env, OPERATORS_CHANNEL: `${world.team}/${world.channel}` });
const cron = (world: World) => runSchedule(operatedFrom(world), schedules.minute);

/** Staged, approved, pushed, applied and verified. */
const push = async (world: World): Promise<void> => {
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit x"],
    [approver, "approve 1"],
    [approver, "push 1 d1cv"],
  );
  await world.queued(1);
  clock.advance(4000);
  expect((await world.report("d1cv", { type: "job.completed", result: applied() })).status).toBe(200);
};

describe("/healthz and /readyz", () => {
  test("the Worker says that it answers, and what it can work with", async () => {
    expect(await (await botWith({})(get("/healthz"))).json()).toMatchObject({ ok: true });
    const ready = await botWith({})(get("/readyz"));
    expect({ status: ready.status, body: await ready.json() }).toEqual({ status: 200, body: { ok: true } });
  });

  test("the Worker is not ready without D1, and says which part failed", async () => {
    const db = new FaultyDatabase();
    db.mood = "down";
    const response = await botWith({ DB: db })(get("/readyz"));
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ok: false, failed: { database: "DB gives no answer" } });
  });

  test("the Worker is not ready on an older schema, without a queue or without a target's binding", async () => {
    const { results } = await env.DB.prepare("SELECT name FROM d1_migrations ORDER BY name DESC LIMIT 1").all();
    await env.DB.prepare("UPDATE d1_migrations SET name = '0000_older.sql' WHERE name = ?1")
      .bind(results[0]?.["name"])
      .run();
    try {
      const DEFAULT_TARGETS = JSON.stringify([{ name: "blog", binding: "BLOG", portfolioId: "p" }]);
      const response = await botWith({ DEFAULT_TARGETS, PUSH_QUEUE: undefined })(get("/readyz"));
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({
        ok: false,
        failed: {
          schema: expect.stringContaining("and the code needs") as string,
          queues: "without a binding: cv-push",
          targets: "without a binding: blog",
        },
      });
    } finally {
      await env.DB.prepare("UPDATE d1_migrations SET name = ?1 WHERE name = '0000_older.sql'")
        .bind(results[0]?.["name"])
        .run();
    }
  });
});

describe("/metrics", () => {
  test("the figures are for operators alone: 404 without a token of theirs, 401 with another", async () => {
    expect((await botWith({ METRICS_TOKEN: "" })(get("/metrics", token))).status).toBe(404);
    for (const given of [undefined, "", "wrong", `${token}x`])
      expect((await botWith({ METRICS_TOKEN: token })(get("/metrics", given))).status, given).toBe(401);
  });

  test("a token of operators that is too short stops the Worker, without its value", () => {
    expect(() => createDeps({ ...env, METRICS_TOKEN: "short" })).toThrow(/^(?!.*short).*METRICS_TOKEN/);
  });

  test("what happened is counted once, however often cron runs", async () => {
    const world = await createWorld();
    await push(world);
    const applied = /^cv_ops_pushes_total\{outcome="applied"\} (\d+)$/m;
    const before = Number(applied.exec(await asked())?.[1] ?? 0);
    clock.advance(11_000);
    await world.run([author, "status"]);
    await Promise.all([cron(world), cron(world)]);
    await cron(world);
    const text = await asked();
    expect(Number(applied.exec(text)?.[1])).toBe(before + 1);
    expect(text).toMatch(/^cv_ops_ack_seconds_bucket\{le="\+Inf"\} [1-9]/m);
    expect(text).toMatch(/^cv_ops_objective_ratio\{objective="pushes",window="7d"\} 1$/m);
    expect(text).toMatch(/^cv_ops_cron_age_seconds 0$/m);
  });

  test("what waits for each queue is counted, with its age, and queues without any are left out", async () => {
    const world = await createWorld();
    const insert = env.DB.prepare(
      "INSERT INTO outbox (workspace_id, id, destination, payload, created_at) VALUES (?1, ?2, ?3, '{}', ?4)",
    );
    await env.DB.batch([
      insert.bind(world.team, "o1", "queue:cv-push", clock.iso(-90_000)),
      insert.bind(world.team, "o2", "queue:cv-push", clock.iso(-30_000)),
      insert.bind(world.team, "o3", "queue:cv-deliveries", clock.iso(-5000)),
    ]);
    const text = await asked();
    await env.DB.prepare("DELETE FROM outbox WHERE workspace_id = ?1").bind(world.team).run();
    expect(text.match(/^cv_ops_outbox_queue_.*$/gm)).toEqual([
      'cv_ops_outbox_queue_messages{queue="cv-deliveries"} 1',
      'cv_ops_outbox_queue_messages{queue="cv-push"} 2',
      'cv_ops_outbox_queue_oldest_seconds{queue="cv-deliveries"} 5',
      'cv_ops_outbox_queue_oldest_seconds{queue="cv-push"} 90',
    ]);
    expect(await asked()).not.toMatch(/^cv_ops_outbox_queue_/m);
  });

  test("refused requests are counted by way and code, and name nobody", async () => {
    const world = await createWorld();
    const send = botWith({ METRICS_TOKEN: token });
    await send(get("/metrics", "wrong"));
    clock.advance(11_000);
    await cron(world);
    const text = await asked();
    expect(text).toMatch(/^cv_ops_refused_requests_total\{via="api",code="unauthorized"\} [1-9]/m);
    expect(text).not.toContain(world.team);
  });
});

describe("alerts of operators", () => {
  const keep = (world: World) =>
    env.DB.prepare(
      `INSERT INTO dead_letters (workspace_id, id, number, state, queue, body, cause, attempts, received_at)
       VALUES (?1, 'l1', 1, 'kept', 'cv-push', '{}', 'c', 1, ?2)`,
    )
      .bind(world.team, clock.iso())
      .run();
  const shown = (world: World) =>
    world.messages.filter((message) => /Dead letters wait|Over, after/.test(textsOf(message)));

  test("an alert is raised once and cleared once, on one card, and never within ten minutes", async () => {
    const world = await createWorld();
    await keep(world);
    await cron(world);
    await cron(world);
    await world.settle();
    expect(shown(world).map(textsOf).join()).toMatch(/Dead letters wait for a decision \(1 dead letter\)/);
    expect(await asked()).toMatch(/^cv_ops_alert_raised\{alert="dead_letters",signal="deadLettersWaiting"\} 1$/m);
    await env.DB.prepare("UPDATE dead_letters SET state = 'discarded' WHERE workspace_id = ?1").bind(world.team).run();
    await cron(world);
    await world.settle();
    expect(shown(world).map(textsOf).join()).toMatch(/Dead letters wait/);
    clock.advance(11 * 60_000);
    await cron(world);
    await cron(world);
    await world.settle();
    expect(shown(world)).toHaveLength(1);
    expect(shown(world).map(textsOf).join()).toMatch(/Over, after 11 min/);
    expect(await asked()).toMatch(/^cv_ops_alert_raised\{alert="dead_letters",signal="deadLettersWaiting"\} 0$/m);
  });

  test("the week's figures are posted once where operators read", async () => {
    const world = await createWorld();
    await push(world);
    await cron(world);
    clock.advance(86_400_000);
    await runSchedule(operatedFrom(world), schedules.week);
    await runSchedule(operatedFrom(world), schedules.week);
    await world.settle();
    const digests = world.messages.filter((message) => /The 7 days to/.test(textsOf(message)));
    expect(digests).toHaveLength(1);
    expect(digests.map(textsOf).join()).toMatch(
      /pushes that end are applied: 100\.00 % of \d+, at least 99\.00 % promised/,
    );
  });

  test("without a channel of operators nothing is posted, and the state is kept", async () => {
    const world = await createWorld();
    await keep(world);
    await runSchedule(createDeps(env), schedules.minute);
    await runSchedule(createDeps(env), schedules.week);
    await world.settle();
    expect(shown(world)).toEqual([]);
    expect(slack.calls.filter(({ method }) => method === "chat.postMessage")).toEqual([]);
    expect(await asked()).toMatch(/^cv_ops_alert_raised\{alert="dead_letters",signal="deadLettersWaiting"\} 1$/m);
  });
});
