/** Whose requests are read from the copy of the database near them, and how new what they read is. */
import { env } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { AccessTeam, audience } from "../../test/support/bot/access-team.ts";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { slack } from "../../test/support/bot/stand-ins.ts";
import { type World, botWith, createWorld, people } from "../../test/support/bot/world.ts";

const origin = "https://cv.example.com";
const cookieName = "__Host-cv_ops_bookmark";

let world: World;
let jwt: string;
/** Of each session, from where it may read. */
let sessions: string[];
let teams = 0;

/** D1 as it is, with a note of each session; a session's bookmark is D1's own. */
const noted = {
  prepare: (sql: string) => env.DB.prepare(sql),
  batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
  withSession: (from: string) => {
    sessions.push(from);
    return env.DB.withSession(from);
  },
};

beforeEach(async () => {
  world = await createWorld();
  slack.addPerson("avery@example.com", { id: people.author, real_name: "Avery" });
  const team = new AccessTeam(`copies-${(teams += 1)}`);
  await team.addKey("one");
  team.standIn();
  jwt = await team.signIn("avery@example.com");
  sessions = [];
  const access = { PUBLIC_URL: origin, ACCESS_TEAM_DOMAIN: team.issuer, ACCESS_AUD: audience };
  world.send = botWith({ ...access, DB: noted });
});

const ask = async (headers: Record<string, string> = {}, body?: object) => {
  sessions = [];
  const init = body ? { method: "POST", body: JSON.stringify(body) } : {};
  const response = await world.send(
    new Request(`${origin}/v2/${body ? "stage" : "staged"}?workspace=${world.team}`, {
      ...init,
      headers: { "Cf-Access-Jwt-Assertion": jwt, Origin: origin, "Content-Type": "application/json", ...headers },
    }),
  );
  const [, bookmark = null] = new RegExp(`${cookieName}=([^;]*)`).exec(response.headers.get("Set-Cookie") ?? "") ?? [];
  return { status: response.status, cookie: response.headers.get("Set-Cookie"), bookmark, sessions };
};

const change = { action: "DELETE", entityType: "technology", entityId: "python-1" };

test("a person reads from any copy at first, and then from one that is as new as what they have read", async () => {
  const first = await ask();
  expect(first).toMatchObject({ status: 200, sessions: ["first-unconstrained"] });
  expect(first.cookie).toMatch(
    /^__Host-cv_ops_bookmark=DB\.[\w-]+; Path=\/; Max-Age=60; HttpOnly; Secure; SameSite=Lax$/,
  );
  const again = await ask({ Cookie: `${cookieName}=${first.bookmark}` });
  expect(again.sessions).toEqual([first.bookmark?.replace("DB.", "")]);
});

test("what a person has written is in what they read next", async () => {
  const written = await ask({}, change);
  expect(written).toMatchObject({ status: 201, sessions: ["first-primary"] });
  const read = await ask({ Cookie: `${cookieName}=${written.bookmark}` });
  expect(read.sessions).toEqual([written.bookmark?.replace("DB.", "")]);
});

test("what is asked for without a cache, after an event, is read from the database itself", async () => {
  const { bookmark } = await ask();
  expect((await ask({ "Cache-Control": "no-cache", Cookie: `${cookieName}=${bookmark}` })).sessions).toEqual([
    "first-primary",
  ]);
});

test.each([
  ["of another database", "DB_2.00000001"],
  ["that is none", "%00;x"],
  ["that is too long", `DB.${"0".repeat(300)}`],
])("a bookmark %s counts for nothing", async (_what, bookmark) => {
  expect(await ask({ Cookie: `${cookieName}=${bookmark}` })).toMatchObject({
    status: 200,
    sessions: ["first-unconstrained"],
  });
});

test("programs read the database itself, and get no cookie", async () => {
  const program = await ApiClient.of(world, people.author, ["read"]);
  const { status, headers } = await program.get("/staged");
  expect([status, headers.get("Set-Cookie"), sessions]).toEqual([200, null, []]);
});
