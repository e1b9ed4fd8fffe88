/** What is stored of a person is exported and erased on request: every column of every table is looked through. */
import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { applied } from "../../test/support/bot/fake-target.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";
import { cast } from "../../test/support/people.ts";

const { author, approver, admin } = people;
const now = "2026-11-23T08:00:00.000Z";
const email = "avery@example.com";
const personal = [author, cast.avery.realName, email];

/** "commits.created_by" for each column of the database in which one of these texts stands. */
const columnsWith = async (texts: readonly string[]): Promise<string[]> => {
  const { results: tables } = await env.DB.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'",
  ).all<{ name: string }>();
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const { results } = await env.DB.prepare(`SELECT * FROM ${name}`).all();
      return results.flatMap((row) =>
        Object.entries(row)
          .filter(([, value]) => texts.some((text) => String(value).includes(text)))
          .map(([column]) => `${name}.${column}`),
      );
    }),
  );
  return [...new Set(found.flat())].toSorted();
};

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();

/** The author has done something of each kind. */
const busy = async (world: World): Promise<void> => {
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit Python"],
    [approver, "approve 1"],
    [approver, "push 1 d1cv"],
    [author, "stage update technology python-1 level=Expert"],
    [author, "commit Level"],
    [approver, `reject 2 ask <@${author}> first`],
    [admin, `roles <@${author}> approver`],
    [author, "stage create technology name=Zig category=Backend"],
  );
  await world.report("d1cv", { type: "job.completed", result: applied() });
  const client = await ApiClient.of(world, author);
  await client.post("/stage", {
    action: "CREATE",
    entityType: "technology",
    payload: { name: "Go 2", category: "Backend" },
  });
  await run("UPDATE api_tokens SET name = ?2 WHERE workspace_id = ?1", world.team, cast.avery.realName);
  await run(
    `INSERT INTO job_events (workspace_id, type, actor_kind, actor_id, data, trace_id, created_at)
     VALUES (?1, 'token.created', 'slack', ?2, ?3, 't', ?4)`,
    world.team,
    author,
    JSON.stringify({ name: cast.avery.realName, scopes: ["read"] }),
    now,
  );
  await run(
    "INSERT OR REPLACE INTO people (workspace_id, user_id, name, checked_at) VALUES (?1, ?2, ?3, ?4)",
    world.team,
    author,
    cast.avery.realName,
    now,
  );
  await run(
    "INSERT INTO addresses (workspace_id, email, user_id, checked_at) VALUES (?1, ?2, ?3, ?4)",
    world.team,
    email,
    author,
    now,
  );
  await run(
    "INSERT INTO sign_ins (hash, id, workspace_id, user_id, created_at, expires_at) VALUES ('h', 'i', ?1, ?2, ?3, ?3)",
    world.team,
    author,
    now,
  );
  await run(
    `INSERT INTO dead_letters (workspace_id, id, number, state, queue, body, cause, attempts, received_at)
     VALUES (?1, 'l1', 1, 'kept', 'slack', ?2, 'c', 1, ?3)`,
    world.team,
    JSON.stringify({ user_id: author, user_name: cast.avery.realName }),
    now,
  );
};

test("a person's data is exported, and after erasing it no column of any table has their id, name or address", async () => {
  const world = await createWorld();
  await busy(world);
  const before = await columnsWith(personal);
  expect(before.length).toBeGreaterThan(12);
  const client = await ApiClient.of(world, admin);

  const { status, body } = await client.get(`/people/${author}/export`);
  expect(status).toBe(200);
  const exported = body as { tables: { name: string; rows: Record<string, unknown>[] }[]; isWhole: boolean };
  expect(exported.isWhole).toBe(true);
  const tables = exported.tables.map(({ name }) => name);
  expect(tables).toEqual(
    expect.arrayContaining(["members", "people", "addresses", "api_tokens", "commits", "staged_changes", "job_events"]),
  );
  expect(JSON.stringify(exported)).not.toMatch(/"hash":"[0-9a-f]{64}","scopes"|sealed_tokens/);

  const erased = await client.send("DELETE", `/people/${author}`);
  expect(erased).toMatchObject({
    status: 200,
    body: { pseudonym: expect.stringMatching(/^UERASED[A-Z0-9]{10}$/) as string },
  });
  const { pseudonym } = erased.body as { pseudonym: string };
  // Only the request itself may name them, and its reply is kept for repeats without the id.
  expect(await columnsWith(personal)).toEqual([]);

  expect(await world.rows("commits")).toMatchObject([{ created_by: pseudonym }, { created_by: pseudonym }]);
  expect(await world.rows("staged_changes")).toMatchObject([
    { state: "committed" },
    { state: "committed" },
    { state: "discarded" },
    { state: "discarded" },
  ]);
  await world.mustSay(admin, "log", new RegExp(`${pseudonym}.*staged change 1`));
  await world.mustSay(admin, "show 1", /Python/);
  await expect(run("UPDATE job_events SET actor_id = 'x'")).rejects.toThrow("append-only");
  const { body: commit } = await client.get("/commits/1");
  expect(JSON.stringify(commit)).toContain(pseudonym);
  expect((await client.get(`/people/${author}/export`)).body).toMatchObject({ tables: [] });
});

test("personal data is for admins, who erase neither themselves nor the last admin", async () => {
  const world = await createWorld();
  const client = await ApiClient.of(world, approver);
  expect(await client.get(`/people/${author}/export`)).toMatchObject({ status: 403 });
  expect(await client.send("DELETE", `/people/${author}`)).toMatchObject({ status: 403 });
  const own = await ApiClient.of(world, admin);
  expect(await own.send("DELETE", `/people/${admin}`)).toMatchObject({ status: 409, body: { code: "last_admin" } });
  await own.send("PUT", `/roles/${approver}`, { role: "admin" });
  expect(await own.send("DELETE", `/people/${admin}`)).toMatchObject({ status: 409, body: { code: "own_erasure" } });
});

test("an admin exports and erases by Slack, and is asked first", async () => {
  const world = await createWorld();
  await world.run([author, "stage create technology name=Zig category=Backend"]);
  await world.mustSay(admin, `roles export <@${author}>`, /staged_changes/);
  await world.mustSay(admin, `roles erase <@${author}>`, /It cannot be taken back/);
  expect(await world.rows("staged_changes")).toMatchObject([{ created_by: author }]);
  await world.mustSay(admin, `roles erase <@${author}> --confirm`, /It is erased/);
  expect(await world.rows("staged_changes")).toMatchObject([
    { created_by: expect.stringMatching(/^UERASED/) as string },
  ]);
  await world.mustSay(author, `roles export <@${admin}>`, /:warning:/);
});
