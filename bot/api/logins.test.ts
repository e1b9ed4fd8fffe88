/** `cv login` over HTTP: a device without a token, and a person whom Access has signed in. */
import { env } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { newToken } from "../../shared/api-token.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { AccessTeam, audience } from "../../test/support/bot/access-team.ts";
import { expectContract } from "../../test/support/bot/api-client.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { logged, slack } from "../../test/support/bot/stand-ins.ts";
import { botWith, type World, createWorld, people } from "../../test/support/bot/world.ts";
import { ratePolicies } from "./rate-limiter.ts";

let world: World;
let token: string;
let signedIn: Record<string, string>;
let addresses = 0;
let address: string;

beforeEach(async () => {
  const team = new AccessTeam(`login-${(addresses += 1)}`);
  address = `203.0.113.${addresses}`;
  await team.addKey("first");
  world = await createWorld();
  await env.DB.prepare("UPDATE workspaces SET disconnected_at = 'before' WHERE workspace_id <> ?1")
    .bind(world.team)
    .run();
  slack.addPerson("avery@example.com", { id: people.author, real_name: "Avery" });
  team.standIn();
  world.send = botWith({ ACCESS_TEAM_DOMAIN: team.issuer, ACCESS_AUD: audience });
  signedIn = {
    "Cf-Access-Jwt-Assertion": await team.signIn("avery@example.com"),
    Origin: new URL(env.PUBLIC_URL).origin,
  };
  token = newToken();
});

const ask = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
  const response = await world.send(
    new Request(new URL(`/v2${path}`, env.PUBLIC_URL), {
      method,
      headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }),
  );
  // oxlint-disable-next-line typescript/no-explicit-any -- what came over the wire
  const answer = { status: response.status, headers: response.headers, body: (await response.json()) as any };
  expectContract(method, path, answer);
  return answer;
};

const begin = async () =>
  ask("POST", "/logins", { "CF-Connecting-IP": address }, { hash: await sha256Hex(token), device: "laptop" });
const asDevice = () => ask("GET", "/me", { Authorization: `Bearer ${token}` });
const given = { name: "cv on laptop", scopes: ["read", "stage"] };

test("a device gets a token of the person who confirms its code, which no request has carried before", async () => {
  const { status, body } = await begin();
  expect([status, body.state]).toEqual([200, "pending"]);
  expect(body.url).toBe(`${new URL(env.PUBLIC_URL).origin}/app/login/${body.code}`);
  expect(await asDevice()).toMatchObject({ status: 401 });
  expect((await ask("GET", `/logins/${body.code}`, signedIn)).body).toMatchObject({
    device: "laptop",
    state: "pending",
  });
  const confirmed = await ask("POST", `/logins/${body.code}/confirm`, signedIn, given);
  expect(confirmed).toMatchObject({ status: 201, body: { name: "cv on laptop", owner: people.author } });
  expect((await begin()).body).toMatchObject({ code: body.code, state: "confirmed" });
  expect((await asDevice()).body).toMatchObject({ userId: people.author, token: { scopes: ["read", "stage"] } });
  expect(await ask("POST", `/logins/${body.code}/confirm`, signedIn, given)).toMatchObject({
    status: 404,
    body: { code: "login_not_found", detail: expect.stringContaining("cv login") },
  });
  expect(logged.join("\n")).not.toContain(token);
});

test("a code is confirmed by a signed-in person of this site only, not by a token or another page", async () => {
  const { code } = (await begin()).body;
  await ask("POST", `/logins/${code}/confirm`, signedIn, given);
  const first = token;
  token = newToken();
  const next = (await begin()).body.code;
  const byToken = { Authorization: `Bearer ${first}` };
  expect(await ask("POST", `/logins/${next}/confirm`, byToken, given)).toMatchObject({ status: 403 });
  expect(await ask("POST", `/logins/${next}/confirm`, {}, given)).toMatchObject({ status: 401 });
  expect(
    await ask("POST", `/logins/${next}/confirm`, { ...signedIn, Origin: "https://evil.example" }, given),
  ).toMatchObject({ status: 403, body: { code: "cross_origin" } });
  expect((await begin()).body.state).toBe("pending");
});

test("a code that was declined or has expired ends the wait of its device", async () => {
  const { code } = (await begin()).body;
  expect((await ask("DELETE", `/logins/${code}`, signedIn)).body).toMatchObject({ state: "declined" });
  expect((await begin()).body.state).toBe("declined");
  token = newToken();
  await begin();
  clock.advance(11 * 60_000);
  expect((await begin()).body.state).toBe("expired");
});

test("devices of one address ask so often a minute, and then wait", async () => {
  const { limit } = ratePolicies.login;
  for (let count = 0; count < limit; count += 1) expect((await begin()).status).toBe(200);
  const refused = await begin();
  expect(refused).toMatchObject({ status: 429, body: { code: "rate_limited" } });
  expect(refused.headers.get("Retry-After")).toMatch(/^\d+$/);
  address = "198.51.100.7";
  expect((await begin()).status).toBe(200);
  address = `203.0.113.${addresses}`;
  clock.advance(61_000);
  expect((await begin()).status).toBe(200);
});

test("a person who guesses codes gets the same answer for each, and then waits", async () => {
  const { code } = (await begin()).body;
  await ask("DELETE", `/logins/${code}`, signedIn);
  const missed = async (guess: string) => {
    const { status, body } = await ask("POST", `/logins/${guess}/confirm`, signedIn, given);
    return [status, body.code, String(body.detail).replace(guess, "")];
  };
  const unknown = await missed("BCDF-GHJK");
  expect(unknown.slice(0, 2)).toEqual([404, "login_not_found"]);
  expect(await missed(code), "a code that was declined").toEqual(unknown);
  const { limit } = ratePolicies.write;
  const answers = await Promise.all(Array.from({ length: limit }, () => missed("BCDF-GHJK")));
  expect(answers.filter(([status]) => status === 429).length).toBeGreaterThan(0);
  expect((await missed(code))[0]).toBe(429);
});

test("a device is refused where no portal is, with the other way", async () => {
  world.send = botWith({ ACCESS_TEAM_DOMAIN: "", ACCESS_AUD: "", SLACK_CLIENT_ID: "", SLACK_CLIENT_SECRET: "" });
  expect(await begin()).toMatchObject({
    status: 409,
    body: { code: "login_unavailable", detail: expect.stringContaining("--with-token") },
  });
});

test.each([
  [{ hash: "short", device: "laptop" }],
  [{ hash: "a".repeat(64), device: "" }],
  [{ hash: "a".repeat(64), device: "x".repeat(61) }],
  [{ hash: "a".repeat(64) }],
])("a device that asks with %j is refused, and leaves no row", async (body) => {
  expect(await ask("POST", "/logins", { "CF-Connecting-IP": address }, body)).toMatchObject({ status: 422 });
  const { results } = await env.DB.prepare("SELECT code FROM logins WHERE hash = ?1").bind(body.hash).all();
  expect(results).toEqual([]);
});
