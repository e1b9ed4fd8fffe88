import { env, runInDurableObject } from "cloudflare:test";
import { databasesOf } from "../shared/storage/databases.ts";
import { describe, expect, test } from "vitest";
import { createEffects } from "../shared/effects.ts";
import { createDeps } from "./env.ts";
import { schedules } from "../shared/schedules.ts";
import { runSchedule, sweep } from "./schedule.ts";
import { countedDatabase } from "../test/support/bot/counted-database.ts";
import { clock } from "../test/support/bot/clock.ts";
import { prunable } from "../test/support/bot/prunable.ts";
import { logged, slack } from "../test/support/bot/stand-ins.ts";
import { createWorld, people, World } from "../test/support/bot/world.ts";

const { author, approver } = people;

const pushed = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit x"],
    [approver, "approve 1"],
    [approver, "push 1 d1cv"],
  );
  await world.queued(1);
  return world;
};

const run = () => sweep(createDeps(env));

test("the schedule sends what was left in the outbox, once", async () => {
  const world = await pushed();
  const payload = JSON.stringify({ workspaceId: world.team, jobId: "left-behind", attempt: 1 });
  await env.DB.prepare(
    "INSERT INTO outbox (workspace_id, id, destination, payload, created_at) VALUES (?1, 'o1', 'queue:cv-push', ?2, ?3)",
  )
    .bind(world.team, payload, clock.iso())
    .run();
  await run();
  await run();
  expect(await world.queued(2)).toEqual([expect.anything(), JSON.parse(payload)]);
  expect(await world.rows("outbox")).toEqual([]);
});

test("the schedule settles jobs whose alarm was lost", async () => {
  const world = await pushed();
  await runInDurableObject(env.JOB_ORCHESTRATOR.getByName(world.team), (_object, { storage }) => storage.deleteAlarm());
  clock.advance(21_000);
  await run();
  expect(await world.queued(2)).toHaveLength(2);
});

test("the schedule wakes pending commands whose alarm was lost", async () => {
  const world = await createWorld();
  const pending = env.PENDING_COMMANDS.getByName(world.team);
  const command = {
    key: "slack:lost",
    workspaceId: world.team,
    body: { command: "/cv", text: "status", team_id: world.team, user_id: author },
    traceId: "0".repeat(32),
    receivedAtMs: clock.nowMs(),
    placeholderViewId: null,
  };
  await pending.take(command, 60_000);
  const alarm = () => runInDurableObject(pending, (_object, { storage }) => storage.getAlarm());
  const before = await alarm();
  await runInDurableObject(pending, (_object, { storage }) => storage.deleteAlarm());
  await run();
  expect(before).not.toBeNull();
  expect(await alarm()).toBe(before);
});

test("the schedule sets alarms again only in workspaces with overdue jobs", async () => {
  const [overdue, other] = [await pushed(), await createWorld()];
  const alarmOf = (world: World) =>
    runInDurableObject(env.JOB_ORCHESTRATOR.getByName(world.team), async (_object, { storage }) => {
      const atMs = await storage.getAlarm();
      await storage.deleteAlarm();
      return atMs;
    });
  await alarmOf(overdue);
  clock.advance(21_000);
  await run();
  expect(await alarmOf(overdue)).toBeLessThanOrEqual(clock.nowMs() + 1);
  expect(await alarmOf(other)).toBeNull();
});

test("the schedule continues when one of its steps fails", async () => {
  const world = await pushed();
  await env.DB.prepare(
    "INSERT INTO outbox (workspace_id, id, destination, payload, created_at) VALUES (?1, 'o1', 'queue:cv-push', ?2, ?3)",
  )
    .bind(world.team, JSON.stringify({ workspaceId: world.team, jobId: "j", attempt: 1 }), clock.iso())
    .run();
  clock.advance(21_000);
  const down = { sendBatch: () => Promise.reject(new Error("queue is down")) };
  await sweep({ ...createDeps(env), queues: { "cv-push": down, "cv-index": down, "cv-deliveries": down } });
  expect(logged.some((line) => line.includes("sweep.failed") && line.includes("queue is down"))).toBe(true);
  expect(logged.some((line) => line.includes("sweep.done") && line.includes('"overdue":1'))).toBe(true);
});

test("the schedule sends a backlog in several calls, workspaces in turns", async () => {
  const busy = await pushed();
  const small = await pushed();
  const [job] = await busy.rows("jobs");
  const copies = Array.from({ length: 60 }, (_, index) => index);
  await env.DB.batch(
    copies.map((index) =>
      env.DB.prepare(
        `INSERT INTO jobs (workspace_id, id, push_id, commit_id, target, position, state, operations, dispatched_at, deadline_at, created_at, updated_at)
         SELECT workspace_id, 'copy-' || ?2, push_id, 'commit-' || ?2, target, position, state, operations, dispatched_at, ?3, created_at, updated_at
         FROM jobs WHERE id = ?1`,
      ).bind(job?.["id"], index, clock.iso(-60_000)),
    ),
  );
  // What an earlier test has claimed and not sent.
  await env.DB.exec("DELETE FROM outbox");
  const row = env.DB.prepare(
    "INSERT INTO outbox (workspace_id, id, destination, payload, created_at) VALUES (?1, ?2, 'queue:cv-push', ?3, ?4)",
  );
  const message = (index: number) => JSON.stringify({ workspaceId: busy.team, jobId: `left-${index}`, attempt: 1 });
  await env.DB.batch(
    Array.from({ length: 250 }, (_, index) => row.bind(busy.team, `o${index}`, message(index), clock.iso())),
  );
  clock.advance(21_000);
  const sent: number[] = [];
  const queue = {
    sendBatch: async (messages: Iterable<unknown>) => {
      sent.push([...messages].length);
      return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
    },
  };
  const counted = countedDatabase();
  await sweep({
    ...createDeps(env),
    databases: databasesOf({ DB: counted }, clock.nowMs),
    withEffects: (run) => run(createEffects()),
    queues: { "cv-push": queue, "cv-index": queue, "cv-deliveries": queue },
  });
  expect(sent).toEqual([100, 100, 50]);
  expect((await small.rows("jobs"))[0]?.["deadline_at"]).toBe(clock.iso(20_000));
  expect(counted.statements).toBeLessThan(1000);
});

test("the schedule is not stopped by a job with a misconfigured target", async () => {
  const [broken, sound] = [await pushed(), await pushed()];
  await env.DB.batch([
    env.DB.prepare("UPDATE jobs SET state = 'timeout' WHERE workspace_id = ?1").bind(broken.team),
    env.DB.prepare("UPDATE targets SET credentials = 'nobody' WHERE workspace_id = ?1").bind(broken.team),
  ]);
  clock.advance(21_000);
  await run();
  expect(logged.some((line) => line.includes("job.settle_failed") && line.includes(broken.team))).toBe(true);
  expect(await broken.rows("jobs")).toMatchObject([{ state: "timeout", deadline_at: clock.iso(60_000) }]);
  expect(await sound.queued(2)).toHaveLength(2);
});

test("the schedule wakes the cards that are out of date", async () => {
  const world = await pushed();
  await world.settle();
  await env.DB.prepare("UPDATE cards SET desired_version = desired_version + 1 WHERE workspace_id = ?1")
    .bind(world.team)
    .run();
  await run();
  expect(await world.settle()).toBeGreaterThan(0);
  const cards = await world.rows("cards");
  expect(cards.map((card) => card["shown_version"])).toEqual(cards.map((card) => card["desired_version"]));
});

test("the schedule deletes idempotency records after three days", async () => {
  const world = await pushed();
  const insert = env.DB.prepare("INSERT INTO idempotency_records (workspace_id, key, created_at) VALUES (?1, ?2, ?3)");
  await env.DB.batch([
    insert.bind(world.team, "old", clock.iso(-3 * 86_400_000 - 1000)),
    insert.bind(world.team, "young", clock.iso(-3 * 86_400_000 + 1000)),
  ]);
  await run();
  const keys = (
    await env.DB.prepare("SELECT key FROM idempotency_records WHERE workspace_id = ?1 AND key IN ('old', 'young')")
      .bind(world.team)
      .all()
  ).results;
  expect(keys).toEqual([{ key: "young" }]);
});

test("the schedule forgets addresses that lead to nobody after a day, and keeps those of people", async () => {
  const world = await createWorld();
  const insert = env.DB.prepare(
    "INSERT INTO addresses (workspace_id, email, user_id, checked_at) VALUES (?1, ?2, ?3, ?4)",
  );
  const [dayAgo, hourAgo] = [clock.iso(-86_400_000 - 1000), clock.iso(-3_600_000)];
  await env.DB.batch([
    insert.bind(world.team, "old@nobody.example", null, dayAgo),
    insert.bind(world.team, "new@nobody.example", null, hourAgo),
    insert.bind(world.team, "person@example.com", author, dayAgo),
  ]);
  await run();
  const { results } = await env.DB.prepare("SELECT email FROM addresses WHERE workspace_id = ?1 ORDER BY email")
    .bind(world.team)
    .all();
  expect(results).toEqual([{ email: "new@nobody.example" }, { email: "person@example.com" }]);
});

test("the schedule prunes in bounded turns, and a table that cannot be pruned keeps no other from it", async () => {
  const world = await createWorld();
  const old = "2020-01-01T00:00:00.000Z";
  const fill = (sql: string) => env.DB.prepare(sql).bind(world.team, old).run();
  const rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5003)";
  await fill(`INSERT INTO idempotency_records (workspace_id, key, created_at) ${rows} SELECT ?1, 'k' || i, ?2 FROM n`);
  await fill(
    `INSERT INTO api_replies (workspace_id, key, fingerprint, created_at) ${rows} SELECT ?1, 'k' || i, 'f', ?2 FROM n`,
  );
  await env.DB.prepare(
    `CREATE TRIGGER broken BEFORE DELETE ON idempotency_records BEGIN SELECT RAISE(ABORT, 'broken'); END`,
  ).run();
  const count = (table: string) =>
    env.DB.prepare(`SELECT COUNT(*) AS total FROM ${table} WHERE created_at = ?1`).bind(old).first<number>("total");
  await run();
  expect([await count("idempotency_records"), await count("api_replies")]).toEqual([5003, 3]);
  expect(logged.some((line) => line.includes("sweep.not_pruned") && line.includes("idempotencyRecords"))).toBe(true);
  await env.DB.prepare("DROP TRIGGER broken").run();
  await run();
  expect([await count("idempotency_records"), await count("api_replies")]).toEqual([3, 0]);
});

test.each(Object.keys(prunable))("the schedule prunes every other table while %s cannot be pruned", async (broken) => {
  const world = await createWorld();
  for (const [table, { row }] of Object.entries(prunable))
    await env.DB.prepare(`INSERT INTO ${table} ${row}`).bind(world.team, "2020-01-01T00:00:00.000Z").run();
  await env.DB.prepare(
    `CREATE TRIGGER broken BEFORE DELETE ON ${broken} BEGIN SELECT RAISE(ABORT, 'broken'); END`,
  ).run();
  await run();
  await env.DB.prepare("DROP TRIGGER broken").run();
  const left = await Promise.all(
    Object.entries(prunable).map(async ([table, { age }]) => {
      const old = await env.DB.prepare(`SELECT 1 FROM ${table} WHERE ${age} < '2021'`).first();
      return old === null ? [] : [table];
    }),
  );
  expect(left.flat()).toEqual([broken]);
  await run();
});

describe("the daily look into Slack's directory", () => {
  const present = async (world: World) => {
    for (const [index, id] of [people.admin, author, approver, people.otherApprover, people.otherAuthor].entries()) {
      slack.addPerson(`p${index}@example.com`, { id, real_name: `Person ${index}` });
    }
    // Other tests' workspaces would take turns.
    await env.DB.prepare("UPDATE workspaces SET disconnected_at = 'before' WHERE workspace_id <> ?1")
      .bind(world.team)
      .run();
  };
  const asked = () => slack.callsOf("users.info").length;

  test("the schedule asks Slack once a day for those who have access, and removes who has left", async () => {
    const world = await createWorld();
    await present(world);
    await run();
    const all = asked();
    expect(all).toBe((await world.rows("members")).length);
    await run();
    expect(asked()).toBe(all);
    slack.deactivate(approver);
    clock.advance(23 * 3_600_000);
    await run();
    expect(asked()).toBe(2 * all);
    expect((await world.rows("members")).map(({ user_id: userId }) => userId)).not.toContain(approver);
    expect((await world.rows("job_events")).at(-1)).toMatchObject({ type: "member.left" });
  });

  test("the schedule removes nobody while Slack's directory cannot be read, and asks again in an hour", async () => {
    const world = await createWorld();
    await present(world);
    const before = await world.rows("members");
    for (const failure of [{ error: "user_not_found" }, { status: 503 }, { html: "<html>" }] as const) {
      slack.fail("users.info", ...Array.from({ length: 20 }, () => failure));
      await run();
      expect(await world.rows("members")).toEqual(before);
      clock.advance(61 * 60_000);
    }
    expect((await world.rows("job_events")).filter(({ type }) => type === "member.left")).toEqual([]);
  });
});

test("the schedule asks Slack whose the token is, before the first command comes", async () => {
  const world = new World();
  await world.install();
  await run();
  expect(slack.callsOf("auth.test")).toHaveLength(1);
  // Slack is slow when somebody types for the first time.
  slack.fail("auth.test", { network: "before" });
  await world.mustSay(people.admin, "status", /Where things stand/);
});

test("the daily schedule disconnects a workspace whose token Slack has ended, and no other", async () => {
  const world = await createWorld();
  await world.run([author, "status"]);
  slack.calls.length = 0;
  await runSchedule(createDeps(env), schedules.day);
  // Those of other tests are asked about as well.
  const asked = slack.calls.filter(({ method }) => method === "auth.test");
  const disconnectedAt = async () => (await world.rows("workspaces"))[0]?.["disconnected_at"];
  for (const error of ["internal_error", "invalid_auth"]) {
    slack.fail("auth.test", ...asked.map(() => ({ error })));
    await runSchedule(createDeps(env), schedules.day);
    expect(await disconnectedAt(), error).toBeNull();
  }
  slack.fail("auth.test", ...asked.map(() => ({ error: "token_revoked" })));
  await runSchedule(createDeps(env), schedules.day);
  expect(await disconnectedAt()).toBe(clock.iso());
  expect((await world.rows("job_events")).map(({ type }) => type)).toContain("workspace.disconnected");
  expect(logged.some((line) => line.includes("token.refused") && line.includes("token_revoked"))).toBe(true);
});

test("a schedule that no job has is logged, and runs nothing", async () => {
  await runSchedule(createDeps(env), "1 2 3 4 5");
  expect(logged.filter((line) => line.includes("sweep."))).toEqual([
    expect.stringContaining("sweep.nothing_to_do") as string,
    expect.stringContaining("sweep.done") as string,
  ]);
});
