/** A service with two databases: each workspace is wholly in one of them, and everything finds it there. */
import { createExecutionContext, createMessageBatch, env, getQueueResult } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import consumers from "../consumers/index.ts";
import { newToken } from "../shared/api-token.ts";
import { sha256Hex } from "../shared/digest.ts";
import { systemActor } from "../shared/domain/workspace/actor.ts";
import { createEffects } from "../shared/effects.ts";
import { schedules } from "../shared/schedules.ts";
import { watchOperations } from "../shared/use-cases/operations/watch.ts";
import { disconnect, disconnectTeams } from "../shared/use-cases/workspace/disconnect.ts";
import { AccessTeam, audience } from "../test/support/bot/access-team.ts";
import { ApiClient } from "../test/support/bot/api-client.ts";
import { clock } from "../test/support/bot/clock.ts";
import { applied } from "../test/support/bot/fake-target.ts";
import { FaultyDatabase } from "../test/support/bot/faulty-database.ts";
import { queued, slack } from "../test/support/bot/stand-ins.ts";
import { textsOf } from "../test/support/bot/texts.ts";
import { freshDatabase } from "../test/support/shared/fresh-database.ts";
import { botWith, people, type World, createWorld } from "../test/support/bot/world.ts";
import { createDeps } from "./env.ts";
import { runSchedule } from "./schedule.ts";

const { author, approver, admin } = people;
const origin = new URL(env.PUBLIC_URL).origin;
const second = env.DB_2 as D1Database;
const cron = (schedule: string = schedules.minute) => runSchedule(createDeps(env), schedule);

/** As if the second had been added long ago, and the first were the larger one. */
const addSecond = (firstBytes = 2, secondBytes = 1) =>
  env.DB.batch(
    Object.entries({ DB: firstBytes, DB_2: secondBytes }).map(([name, bytes]) =>
      env.DB.prepare("INSERT OR REPLACE INTO databases VALUES (?1, ?2, ?3, ?2)").bind(
        name,
        clock.iso(-3_600_000),
        bytes,
      ),
    ),
  );

const inSecond = async (): Promise<World> => {
  await addSecond();
  return createWorld({ db: second });
};

const inFirst = async (): Promise<World> => {
  await addSecond(1, 2);
  return createWorld();
};

beforeEach(freshDatabase);

const count = async (db: D1Database, table: string, world: World): Promise<number> =>
  Number(await db.prepare(`SELECT COUNT(*) AS n FROM ${table} WHERE workspace_id = ?1`).bind(world.team).first("n"));

const push = (world: World) =>
  world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, 'commit -m "Eight years of Python"'],
    [approver, "approve 1"],
    [approver, "push 1 d1cv"],
  );

const tables = async (): Promise<string[]> => {
  const { results } = await env.DB.prepare(
    `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'workspace_id'
     WHERE m.type = 'table' AND m.name NOT GLOB '_cf_*'`,
  ).all<{ name: string }>();
  return results.map(({ name }) => name);
};

describe("where a workspace is", () => {
  test("a new workspace is placed in the smallest database, and stays there", async () => {
    const world = await inSecond();
    expect(await count(second, "workspaces", world)).toBe(1);
    await addSecond(1, 2);
    await world.mustSay(admin, "roles", /Carla|<@/);
    expect(await count(env.DB, "workspaces", world)).toBe(0);
    const other = await inFirst();
    expect([await count(env.DB, "workspaces", other), await count(second, "workspaces", other)]).toEqual([1, 0]);
  });

  test("a database takes no workspace before each instance of the Worker knows it", async () => {
    await cron();
    const early = await createWorld();
    expect(await count(env.DB, "workspaces", early)).toBe(1);
    await env.DB.exec("UPDATE databases SET bytes = 0 WHERE name = 'DB_2'");
    clock.advance(29 * 60_000);
    expect(await count(env.DB, "workspaces", await createWorld())).toBe(1);
    clock.advance(2 * 60_000);
    expect(await count(second, "workspaces", await createWorld({ db: second }))).toBe(1);
  });

  test("a workspace from before there was a directory is in the first, and gets no row in it", async () => {
    await addSecond();
    const team = "T0BEFORE01";
    await env.DB.prepare("INSERT INTO workspaces (workspace_id, created_at, updated_at) VALUES (?1, ?2, ?2)")
      .bind(team, clock.iso())
      .run();
    const world = await createWorld({ team });
    await push(world);
    expect([await count(env.DB, "commits", world), await count(env.DB, "placements", world)]).toEqual([1, 0]);
    expect(await count(second, "workspaces", world)).toBe(0);
  });

  test("cron notes how large each database is", async () => {
    await cron();
    const { results } = await env.DB.prepare("SELECT name, bytes FROM databases ORDER BY name").all();
    expect(results).toMatchObject([{ name: "DB" }, { name: "DB_2" }]);
    expect(results.every((row) => Number(row["bytes"]) > 100_000)).toBe(true);
  });
});

describe("a push of a workspace in the second database", () => {
  test("everything of it is in the second database, and Slack shows it", async () => {
    const world = await inSecond();
    await push(world);
    await world.settle();
    expect((await world.report("d1cv", { type: "job.completed", result: applied() })).status).toBe(200);
    await world.settle();
    expect((await world.rows("jobs")).map((row) => row["state"])).toEqual(["completed"]);
    expect(textsOf(world.messages)).toContain("Eight years of Python");
    for (const table of await tables())
      if (table !== "placements" && table !== "refusal_counts")
        expect(await count(env.DB, table, world), table).toBe(0);
  });

  test("a queue's message is handled where its workspace is", async () => {
    const world = await inSecond();
    await push(world);
    const bodies = await world.queued();
    const messages = bodies.map((body, index) => ({ id: `m${index}`, timestamp: new Date(), attempts: 1, body }));
    const batch = createMessageBatch("cv-push", messages);
    const ctx = createExecutionContext();
    await consumers.queue(batch, { ...env } as never);
    expect((await getQueueResult(batch, ctx)).explicitAcks).toEqual(["m0"]);
    expect((await world.rows("jobs")).map((row) => row["state"])).toEqual(["processing"]);
  });

  test("what cannot be handled is kept where its workspace is, also where the message does not name it", async () => {
    const world = await inSecond();
    await push(world);
    const jobId = String((await world.rows("jobs"))[0]?.["id"]);
    const bodies = [{ workspaceId: world.team, jobId, attempt: "no number" }, { jobId }];
    const messages = bodies.map((body, index) => ({ id: `m${index}`, timestamp: new Date(), attempts: 1, body }));
    await consumers.queue(createMessageBatch("cv-push", messages), { ...env } as never);
    expect(await count(second, "dead_letters", world)).toBe(2);
    expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM dead_letters").first("n")).toBe(0);
  });

  test("a report of a job of neither database is refused as unknown, and as forged without a secret", async () => {
    const world = await inSecond();
    const about = { jobId: "no-such-job", attempt: 1, target: "d1cv", portfolioId: world.portfolioId };
    const body = { ...about, occurredAt: clock.iso(), type: "job.completed" as const, result: applied() };
    expect((await world.webhook("d1cv", body)).status).toBe(404);
    expect((await world.webhook("d1cv", body, { secretOf: "ai-agent" })).status).toBe(401);
  });
});

describe("cron and the relay", () => {
  test("what was left in either database is sent, settled and counted", async () => {
    const worlds = [await inFirst(), await inSecond()];
    for (const world of worlds) {
      await push(world);
      await world.queued();
    }
    queued.length = 0;
    const left = (world: World) =>
      world.db
        .prepare(
          "INSERT INTO outbox (workspace_id, id, destination, payload, created_at) VALUES (?1, 'left', ?2, ?3, ?4)",
        )
        .bind(
          world.team,
          "queue:cv-push",
          JSON.stringify({ workspaceId: world.team, jobId: "left", attempt: 1 }),
          clock.iso(),
        )
        .run();
    await Promise.all(worlds.map(left));
    clock.advance(21_000);
    await cron();
    for (const world of worlds) {
      const jobs = await world.rows("jobs");
      // The overdue jobs are sent again, with the message that was left.
      const sent = (await world.queued(2)).map((body) => (body as { jobId: string }).jobId);
      expect(sent.toSorted()).toEqual(["left", ...jobs.map((row) => String(row["id"]))].toSorted());
      expect(await world.rows("outbox")).toEqual([]);
    }
  });

  test("a database that gives no answer keeps cron from no other", async () => {
    const world = await inSecond();
    await push(world);
    await world.queued();
    queued.length = 0;
    clock.advance(21_000);
    const deps = createDeps(env);
    const dead = {
      prepare: () => {
        throw new Error("D1 is away");
      },
      batch: () => Promise.reject(new Error("D1 is away")),
    };
    const [first, other] = deps.databases.all;
    if (!first || !other) throw new Error("There are two");
    await runSchedule(
      { ...deps, databases: { ...deps.databases, all: [{ ...first, db: dead as never }, other] } },
      schedules.minute,
    );
    expect(await world.queued()).toHaveLength(1);
  });

  test("each database is copied, and a backup without one of them is none", async () => {
    await cron(schedules.hour);
    const { objects } = await env.BACKUPS.list({ prefix: clock.iso().slice(0, 10) });
    const copied = new Set(objects.map(({ key }) => key.split("/")[1]));
    expect([...copied]).toEqual(expect.arrayContaining(["bot", "bot-2"]));
    await cron(schedules.afterHour);
    const { results } = await env.DB.prepare("SELECT problem FROM backups").all();
    expect(results).toEqual([{ problem: "no copy of d1cv, ai-agent" }]);
  });
});

describe("what does not say its workspace", () => {
  test("a token is found in its database, and an unknown one in none", async () => {
    const world = await inSecond();
    const client = await ApiClient.of(world, admin);
    expect(await client.get("/me")).toMatchObject({ status: 200, body: { userId: admin } });
    expect(
      await client.post("/stage", { action: "DELETE", entityType: "technology", entityId: "python-1" }),
    ).toMatchObject({
      status: 201,
    });
    expect(await count(second, "staged_changes", world)).toBe(1);
    const stranger = new Request("https://cv-ops.internal/v2/me", {
      headers: { authorization: `Bearer cvops_${"x".repeat(43)}` },
    });
    expect((await world.send(stranger)).status).toBe(401);
  });

  test("a token is found while the other database is away, and is not said to be unknown", async () => {
    await addSecond();
    const client = await ApiClient.of(await inFirst(), admin);
    const away = new FaultyDatabase();
    away.mood = "down";
    const send = botWith({ DB_2: away });
    const ask = (token: string) =>
      send(new Request(`${origin}/v2/me`, { headers: { authorization: `Bearer ${token}` } }));
    expect((await ask(client.token)).status).toBe(200);
    expect((await ask(newToken())).status).toBe(503);
  });
});

describe("people of a workspace in the second database", () => {
  let teams = 0;

  /** Whom Access has signed in at the bot. */
  const atPortal = async (world: World) => {
    const team = new AccessTeam(`two-${(teams += 1)}`);
    await team.addKey("one");
    team.standIn();
    slack.addPerson("avery@example.com", { id: author, real_name: "Avery" });
    world.send = botWith({ ACCESS_TEAM_DOMAIN: team.issuer, ACCESS_AUD: audience });
    const proof = { "Cf-Access-Jwt-Assertion": await team.signIn("avery@example.com"), Origin: origin };
    return async (method: string, path: string, body?: object, headers: Record<string, string> = proof) => {
      const init = body ? { body: JSON.stringify(body) } : {};
      const request = new Request(`${origin}/v2${path}`, {
        method,
        ...init,
        headers: { "Content-Type": "application/json", "CF-Connecting-IP": `192.0.2.${teams}`, ...headers },
      });
      const response = await world.send(request);
      // oxlint-disable-next-line typescript/no-explicit-any -- what came over the wire
      return { status: response.status, body: (await response.json()) as any };
    };
  };

  test("a person is found by their address, and confirms a device's code from the first database", async () => {
    const world = await inSecond();
    const ask = await atPortal(world);
    expect(await ask("GET", "/me")).toMatchObject({ status: 200, body: { userId: author, workspaceId: world.team } });
    const token = newToken();
    const device = { hash: await sha256Hex(token), device: "laptop" };
    const { body: login } = await ask("POST", "/logins", device, {});
    expect((await ask("GET", `/logins/${login.code}`)).status).toBe(200);
    const given = { name: "cv on laptop", scopes: ["read"] };
    expect((await ask("POST", `/logins/${login.code}/confirm`, given)).status).toBe(201);
    expect((await ask("POST", "/logins", device, {})).body.state).toBe("confirmed");
    expect(await ask("GET", "/me", undefined, { Authorization: `Bearer ${token}` })).toMatchObject({
      status: 200,
      body: { userId: author },
    });
    expect([await count(second, "api_tokens", world), await count(env.DB, "api_tokens", world)]).toEqual([1, 0]);
    // A code is good once.
    expect((await ask("POST", `/logins/${login.code}/confirm`, given)).status).toBe(404);
  });

  test("what is stored of an installer is exported and erased in both databases", async () => {
    const world = await inSecond();
    await installedIn(world, author);
    const client = await ApiClient.of(world, admin);
    const { body } = await client.get(`/people/${author}/export`);
    expect(body.tables.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["members", "slack_installations"]),
    );
    expect((await client.send("DELETE", `/people/${author}`)).status).toBe(200);
    const row = await env.DB.prepare("SELECT * FROM slack_installations WHERE workspace_id = ?1")
      .bind(world.team)
      .first();
    expect(JSON.stringify(row)).not.toContain(author);
  });
});

/** A row of the first database, as an installation leaves it. */
const installedIn = (world: World, userId: string, organisation: string | null = null) =>
  env.DB.prepare(
    `INSERT INTO slack_installations (workspace_id, name, app_id, bot_user_id, scopes, organisation_id, is_org_wide,
       installed_by, installed_at, sealed_tokens, key_version, updated_at)
     VALUES (?1, 'Acme', 'A0CVOPS', 'U0BOT', 'commands', ?3, ?4, ?2, ?5, 'sealed', '1', ?5)`,
  )
    .bind(organisation ?? world.team, userId, organisation, organisation === null ? 0 : 1, clock.iso())
    .run();

describe("an organisation with workspaces in both databases", () => {
  const organisation = "E0ACME0001";
  const share = (world: World) =>
    world.db
      .prepare("UPDATE workspaces SET organisation_id = ?2 WHERE workspace_id = ?1")
      .bind(world.team, organisation)
      .run();
  const isGone = async (world: World): Promise<boolean> =>
    (await world.rows("workspaces"))[0]?.["uninstalled_at"] !== null;

  test("an organisation that uninstalls the app leaves the workspaces of both", async () => {
    const [one, two, other] = [await inFirst(), await inSecond(), await inSecond()];
    await installedIn(one, admin, organisation);
    await Promise.all([share(one), share(two)]);
    const ctx = createDeps(env).useCaseContext({
      workspaceId: organisation,
      actor: systemActor("slack"),
      idempotencyKey: null,
      effects: createEffects(),
    });
    await disconnect(ctx, "app_uninstalled");
    expect([await isGone(one), await isGone(two), await isGone(other)]).toEqual([true, true, false]);
    expect(await env.DB.prepare("SELECT sealed_tokens FROM slack_installations").first("sealed_tokens")).toBeNull();
  });

  test("an organisation that takes the app away from a workspace of either leaves that one alone", async () => {
    const [one, two] = [await inFirst(), await inSecond()];
    await Promise.all([share(one), share(two)]);
    // Slack may send it under the id of any of its workspaces.
    const ctx = createDeps(env).useCaseContext({
      workspaceId: one.team,
      actor: systemActor("slack"),
      idempotencyKey: null,
      effects: createEffects(),
    });
    await disconnectTeams(ctx, [two.team]);
    expect([await isGone(one), await isGone(two)]).toEqual([false, true]);
  });
});

describe("figures and doctor", () => {
  const token = "a-token-of-operators-with-32-characters";
  const ask = async (path: string) => {
    const send = botWith({ METRICS_TOKEN: token });
    return send(new Request(`${origin}${path}`, { headers: { authorization: `Bearer ${token}` } }));
  };

  test("figures are of both databases, and each has its size", async () => {
    for (const world of [await inFirst(), await inSecond()]) {
      await push(world);
      expect((await world.report("d1cv", { type: "job.completed", result: applied() })).status).toBe(200);
    }
    await cron();
    const text = await (await ask("/metrics")).text();
    expect(text).toMatch(/^cv_ops_pushes_total\{outcome="applied"\} 2$/m);
    expect(text).toMatch(/^cv_ops_database_bytes\{database="DB"\} \d{6,}$/m);
    expect(text).toMatch(/^cv_ops_database_bytes\{database="DB_2"\} \d{6,}$/m);
  });

  test("a database without the newest migration is named", async () => {
    await second.exec("UPDATE d1_migrations SET name = '0000_' || name WHERE id = (SELECT MAX(id) FROM d1_migrations)");
    await second.exec("DELETE FROM d1_migrations WHERE name GLOB '004*'");
    const response = await ask("/readyz");
    expect([response.status, await response.json()]).toEqual([
      503,
      { ok: false, failed: { schema: expect.stringMatching(/^DB_2 has 003/) } },
    ]);
  });

  test("an alert is posted where operators read, also in the second database", async () => {
    const world = await inSecond();
    const deps = createDeps({ ...env, OPERATORS_CHANNEL: `${world.team}/${world.channel}` });
    const fill = (bytes: number) =>
      env.DB.prepare("UPDATE databases SET bytes = ?1 WHERE name = 'DB'").bind(bytes).run();
    await fill(8.1e9);
    await watchOperations({ ...deps, effects: createEffects() });
    await runSchedule(deps, schedules.minute);
    await world.settle();
    expect(textsOf(world.messages)).toContain("A database fills up");
    expect(await count(second, "cards", world)).toBeGreaterThan(0);
    expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM alerts").first("n")).toBe(0);
  });
});
