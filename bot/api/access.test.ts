/** People whom Cloudflare Access has signed in: whose word is taken, and who they are in Slack. */
import { env } from "cloudflare:test";
import { SignJWT, UnsecuredJWT } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { AccessTeam as Team, audience } from "../../test/support/bot/access-team.ts";
import { expectContract } from "../../test/support/bot/api-client.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { logged, slack } from "../../test/support/bot/stand-ins.ts";
import { botWith, type World, createWorld, people } from "../../test/support/bot/world.ts";

let teams = 0;
let team: Team;
let world: World;

beforeEach(async () => {
  teams += 1;
  // Keys are cached by address, so each test has its own.
  team = new Team(`team-${teams}`);
  await team.addKey("first");
  world = await createWorld();
  await env.DB.prepare("UPDATE workspaces SET disconnected_at = 'before' WHERE workspace_id <> ?1")
    .bind(world.team)
    .run();
  slack.addPerson("avery@example.com", { id: people.author, real_name: "Avery" });
  slack.addPerson("priya@example.com", { id: people.approver, real_name: "Priya" });
  slack.addPerson("gone@example.com", { id: "U0GONE001", real_name: "Gone", deleted: true });
  team.standIn();
  world.send = botWith({ ACCESS_TEAM_DOMAIN: team.issuer, ACCESS_AUD: audience });
});

const ask = async (jwt: string, method = "GET", path = "/me", headers: Record<string, string> = {}, body?: object) => {
  const response = await world.send(
    new Request(new URL(`/v2${path}`, env.PUBLIC_URL), {
      method,
      headers: { "Cf-Access-Jwt-Assertion": jwt, ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }),
  );
  // oxlint-disable-next-line typescript/no-explicit-any -- what came over the wire
  const answer = { status: response.status, headers: response.headers, body: (await response.json()) as any };
  expectContract(method, path, answer);
  return answer;
};

const refused = { status: 401, body: { code: "unauthorized" } };

describe("an Access sign-in", () => {
  test("an Access sign-in is the same person in Slack, with their role", async () => {
    expect(await ask(await team.signIn("Avery@Example.com"))).toMatchObject({
      status: 200,
      body: { userId: people.author, role: "editor", token: null, workspaceId: world.team },
    });
  });

  test("an Access sign-in is looked up in Slack hourly, and each minute while unknown", async () => {
    const lookups = () => slack.calls.filter(({ method }) => method === "users.lookupByEmail").length;
    const jwt = await team.signIn("avery@example.com", {}, 7200);
    await ask(jwt);
    await ask(jwt);
    expect(lookups()).toBe(1);
    clock.advance(61 * 60_000);
    await ask(jwt);
    expect(lookups()).toBe(2);
    const stranger = await team.signIn("stranger@example.com");
    expect(await ask(stranger)).toMatchObject({
      ...refused,
      body: { detail: expect.stringContaining("stranger@example.com") },
    });
    await ask(stranger);
    expect(lookups()).toBe(3);
    slack.addPerson("stranger@example.com", { id: people.viewer, real_name: "Viktor" });
    clock.advance(61_000);
    expect(await ask(await team.signIn("stranger@example.com"))).toMatchObject({
      status: 200,
      body: { role: "viewer" },
    });
  });

  test("an Access sign-in stays valid while Slack is down, but a new one waits", async () => {
    await ask(await team.signIn("avery@example.com"));
    clock.advance(2 * 3_600_000);
    slack.fail("users.lookupByEmail", { status: 503 });
    expect(await ask(await team.signIn("avery@example.com"))).toMatchObject({ status: 200 });
    slack.fail("users.lookupByEmail", { status: 503 });
    expect(await ask(await team.signIn("priya@example.com"))).toMatchObject({
      status: 503,
      body: { code: "unavailable" },
    });
  });

  test("an Access sign-in of somebody who has left Slack is refused", async () => {
    expect(await ask(await team.signIn("gone@example.com"))).toMatchObject(refused);
  });

  test("an Access sign-in changes something only from the bot's own pages", async () => {
    const jwt = await team.signIn("avery@example.com");
    const change = { action: "DELETE", entityType: "technology", entityId: "jquery-1" };
    for (const headers of [{}, { Origin: "https://evil.example" }, { Origin: "null" }]) {
      expect(await ask(jwt, "POST", "/stage", headers, change)).toMatchObject({
        status: 403,
        body: { code: "cross_origin" },
      });
    }
    const own = { Origin: new URL(env.PUBLIC_URL).origin };
    expect(await ask(jwt, "POST", "/stage", own, change)).toMatchObject({ status: 201 });
    expect((await world.rows("job_events")).at(-1)).toMatchObject({ actor_kind: "access", actor_id: people.author });
  });
});

describe("a refused sign-in", () => {
  test.each<[string, Record<string, unknown>, number?]>([
    ["of another application", { aud: ["another"] }],
    ["of another team", { iss: "https://evil.cloudflareaccess.com" }],
    ["that has ended", {}, -3600],
    ["that begins later", { nbf: Math.floor(Date.parse("2032-01-01") / 1000) }],
    ["without an end", { exp: undefined }],
    ["of a service", { email: undefined, common_name: "ci.access" }],
    ["with an empty address", { email: "" }],
    ["with a number as address", { email: 7 }],
  ])("an Access sign-in %s is refused", async (_name, claims, lifeSeconds) => {
    expect(await ask(await team.signIn("avery@example.com", claims, lifeSeconds))).toMatchObject(refused);
  });

  test("an Access sign-in that is unsigned or signed by somebody else is refused", async () => {
    const now = Math.floor(clock.nowMs() / 1000);
    const claims = { iss: team.issuer, aud: audience, email: "avery@example.com", iat: now, exp: now + 60 };
    const other = new Team("other");
    await other.addKey("first");
    const [otherKey] = other.keys;
    if (!otherKey) throw new Error("no key");
    const forged = [
      new UnsecuredJWT(claims).encode(),
      await new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256", kid: "first" })
        .sign(new TextEncoder().encode("x".repeat(32))),
      await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "first" }).sign(otherKey.privateKey),
      "not.a.jwt",
      "",
    ];
    for (const jwt of forged) expect(await ask(jwt)).toMatchObject(refused);
    expect(logged.join("\n")).not.toContain("eyJ");
  });

  test("an Access sign-in is refused where no Access team is configured", async () => {
    const jwt = await team.signIn("avery@example.com");
    world.send = botWith({ ACCESS_TEAM_DOMAIN: "", ACCESS_AUD: "" });
    expect(await ask(jwt)).toMatchObject(refused);
    expect(team.fetches).toBe(0);
  });
});

describe("the keys of Access", () => {
  test("the keys of Access are fetched once an hour", async () => {
    for (let count = 0; count < 3; count += 1) await ask(await team.signIn("avery@example.com"));
    expect(team.fetches).toBe(1);
    clock.advance(61 * 60_000);
    await ask(await team.signIn("avery@example.com"));
    expect(team.fetches).toBe(2);
  });

  test("the keys of Access are fetched for a new key, not for every unknown one", async () => {
    await ask(await team.signIn("avery@example.com"));
    clock.advance(60_000);
    await team.addKey("second");
    expect(await ask(await team.signIn("avery@example.com"))).toMatchObject({ status: 200 });
    expect(team.fetches).toBe(2);
    const unknown = new Team("unknown");
    await unknown.addKey("made-up");
    for (let count = 0; count < 5; count += 1) {
      expect(await ask(await unknown.signIn("avery@example.com", { iss: team.issuer }))).toMatchObject(refused);
    }
    expect(team.fetches).toBe(2);
  });

  test("the keys of Access serve concurrent cold requests without one waiting for another", async () => {
    const jwts = await Promise.all(
      ["avery@example.com", "priya@example.com", "avery@example.com"].map((email) => team.signIn(email)),
    );
    const answers = await Promise.all(jwts.map((jwt) => ask(jwt)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test("the keys of Access are used for a day while they cannot be fetched", async () => {
    await ask(await team.signIn("avery@example.com"));
    team.down = true;
    clock.advance(2 * 3_600_000);
    expect(await ask(await team.signIn("avery@example.com"))).toMatchObject({ status: 200 });
    clock.advance(24 * 3_600_000);
    expect(await ask(await team.signIn("avery@example.com"))).toMatchObject({
      status: 503,
      body: { code: "unavailable" },
    });
  });
});

describe("a token made by a person who signed in", () => {
  const made = { name: "CI", scopes: ["read", "stage"], days: 30 };
  const own = { Origin: new URL(env.PUBLIC_URL).origin };
  const key = { ...own, "Idempotency-Key": "make-a-token" };

  test("a new token is shown once: a repeat of the request has a hint in the place of its secret", async () => {
    const jwt = await team.signIn("avery@example.com");
    const first = await ask(jwt, "POST", "/tokens", key, made);
    expect(first).toMatchObject({
      status: 201,
      body: { name: "CI", scopes: ["read", "stage"], owner: people.author, meta: { hint: null } },
    });
    expect(first.body.meta.secret).toMatch(/^cvops_/);
    const again = await ask(jwt, "POST", "/tokens", key, made);
    expect(again.body).toMatchObject({ number: first.body.number, meta: { secret: null } });
    expect(again.body.meta.hint).toContain(`tokens`);
    const response = await world.send(
      new Request(new URL("/v2/me", env.PUBLIC_URL), {
        headers: { Authorization: `Bearer ${first.body.meta.secret}` },
      }),
    );
    expect(await response.json()).toMatchObject({ userId: people.author, token: { name: "CI" } });
  });

  test("a new token has no scope beyond its owner's role", async () => {
    const jwt = await team.signIn("avery@example.com");
    expect(await ask(jwt, "POST", "/tokens", own, { ...made, scopes: ["push"] })).toMatchObject({
      status: 403,
      body: { code: "scope_exceeds_role", scope: "push" },
    });
  });
});
