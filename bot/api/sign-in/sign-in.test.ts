/** People who sign in at the portal with Slack: whose word is taken, for how long, and what ends it. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { AccessTeam, audience } from "../../../test/support/bot/access-team.ts";
import { expectContract } from "../../../test/support/bot/api-client.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { logged, slack } from "../../../test/support/bot/stand-ins.ts";
import { type World, botWith, createWorld, people } from "../../../test/support/bot/world.ts";
import { FakeOpenId } from "../../../test/support/slack/fake-openid.ts";
import { newSigningKeys } from "../../../tools/slack/signing-keys.ts";
import { ratePolicies } from "../rate-limiter.ts";

const origin = "https://cv.example.com";
const app = { clientId: "111.222", clientSecret: "a-secret", redirectUrls: [`${origin}/slack/sign-in/callback`] };

let count = 0;
let address: string;
let world: World;
let openId: FakeOpenId;
let variables: Record<string, string>;

beforeEach(async () => {
  count += 1;
  address = `198.51.100.${count}`;
  const issuer = `http://slack-${count}.test`;
  world = await createWorld();
  slack.addPerson("avery@example.com", { id: people.author, real_name: "Avery" });
  openId = new FakeOpenId({ app, issuer, nowMs: () => clock.nowMs() });
  slack.openId = openId;
  variables = {
    PUBLIC_URL: origin,
    SLACK_API_URL: `${issuer}/api/`,
    SLACK_CLIENT_ID: app.clientId,
    SLACK_CLIENT_SECRET: app.clientSecret,
  };
  world.send = botWith(variables);
});

/** One browser: its cookies, and what it is answered. */
class Browser {
  readonly cookies = new Map<string, string>();

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("CF-Connecting-IP", address);
    headers.set("Cookie", [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await world.send(new Request(new URL(path, origin), { ...init, headers, redirect: "manual" }));
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/Max-Age=0/.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Slack's page. */
  async begin(to = "/app"): Promise<string> {
    const response = await this.request(`/slack/sign-in?to=${encodeURIComponent(to)}`);
    return response.headers.get("Location") ?? `no redirect: ${response.status}`;
  }

  /** @returns where the browser ends up */
  async signIn(userId: string = people.author, to = "/app", teamId = world.team): Promise<string> {
    return this.follow(openId.agree(await this.begin(to), { teamId, userId }));
  }

  async follow(callback: string): Promise<string> {
    const response = await this.request(callback);
    return response.headers.get("Location") ?? `no redirect: ${response.status}`;
  }

  async ask(method: string, path: string, headers: Record<string, string> = {}, body?: object) {
    const response = await this.request(`/v2${path}`, {
      method,
      headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    // oxlint-disable-next-line typescript/no-explicit-any -- what came over the wire
    const answer = { status: response.status, headers: response.headers, body: (await response.json()) as any };
    expectContract(method, path, answer);
    return answer;
  }

  signOut(query = "", from = origin): Promise<Response> {
    return this.request(`/slack/sign-in/end${query}`, { method: "POST", headers: { Origin: from } });
  }
}

const signedOut = { status: 401, body: { code: "unauthorized", signIn: "slack" } };

describe("a sign-in with Slack", () => {
  test("a person who signs in with Slack is the same person, with the role of now, and returns to their page", async () => {
    const browser = new Browser();
    expect(await browser.ask("GET", "/me")).toMatchObject(signedOut);
    expect(await browser.signIn(people.author, "/app/commits/1?tab=diff")).toBe(
      `/app/commits/1?tab=diff&workspace=${world.team}`,
    );
    expect(await browser.ask("GET", "/me")).toMatchObject({
      status: 200,
      body: { userId: people.author, role: "editor", token: null, workspaceId: world.team },
    });
    await world.grant(people.author, "approver");
    expect(await browser.ask("GET", "/me")).toMatchObject({ body: { role: "approver" } });
    expect(logged.join("\n")).not.toMatch(/eyJ|a-secret/);
  });

  test("the cookie of a sign-in is for this host, this browser and no script, and D1 has only its hash", async () => {
    const browser = new Browser();
    const begun = await browser.request("/slack/sign-in");
    expect(begun.headers.get("Set-Cookie")).toMatch(
      /^__Host-cv_ops_sign_in_attempt=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$/,
    );
    await browser.signIn();
    const secret = browser.cookies.get("__Host-cv_ops_sign_in") ?? "";
    expect(secret).toMatch(/^[\w-]{43}$/);
    const rows = (await env.DB.prepare("SELECT * FROM sign_ins WHERE workspace_id = ?1").bind(world.team).all())
      .results;
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test("Slack's page is asked for the identity alone, with a fresh state and nonce each time", async () => {
    const browser = new Browser();
    const [one, two] = [new URL(await browser.begin()), new URL(await browser.begin())];
    expect(Object.fromEntries(one.searchParams)).toMatchObject({
      response_type: "code",
      scope: "openid profile",
      client_id: app.clientId,
      redirect_uri: app.redirectUrls[0],
    });
    for (const name of ["state", "nonce"]) {
      expect(one.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
      expect(one.searchParams.get(name)).not.toBe(two.searchParams.get(name));
    }
    const named = await browser.request(`/slack/sign-in?workspace=${world.team}`);
    expect(new URL(named.headers.get("Location") ?? "").searchParams.get("team")).toBe(world.team);
  });

  test.each([
    "https://evil.example/app",
    "//evil.example",
    "/app/../v2/me",
    "/\\evil.example",
    "/apple",
    "javascript:1",
  ])("a sign-in leads to the portal's own pages only, not to %s", async (to) => {
    expect(await new Browser().signIn(people.author, to)).toBe(`/app?workspace=${world.team}`);
  });

  test("a state is good once, and only in the browser that began it", async () => {
    const [mine, theirs] = [new Browser(), new Browser()];
    await theirs.begin();
    const callback = openId.agree(await mine.begin(), { teamId: world.team, userId: people.author });
    expect(await theirs.follow(callback), "another browser").toBe("/app?signIn=expired");
    expect(await new Browser().follow(callback), "a browser without a cookie").toBe("/app?signIn=expired");
    const cookies = new Map(mine.cookies);
    expect(await mine.follow(callback)).toBe(`/app?workspace=${world.team}`);
    const again = new Browser();
    for (const [name, value] of cookies) again.cookies.set(name, value);
    expect(await again.follow(callback), "a second time").toBe("/app?signIn=expired");
    expect(await again.ask("GET", "/me")).toMatchObject(signedOut);
  });

  test("two tabs of a browser may sign in at once", async () => {
    const browser = new Browser();
    const pages = [await browser.begin("/app/verify"), await browser.begin("/app/admin")];
    const ends = [];
    for (const page of pages)
      ends.push(await browser.follow(openId.agree(page, { teamId: world.team, userId: people.author })));
    expect(ends).toEqual([`/app/verify?workspace=${world.team}`, `/app/admin?workspace=${world.team}`]);
  });

  test("a sign-in that takes longer than ten minutes has to begin again", async () => {
    const browser = new Browser();
    const page = await browser.begin();
    clock.advance(10 * 60_000);
    expect(await browser.follow(openId.agree(page, { teamId: world.team, userId: people.author }))).toBe(
      "/app?signIn=expired",
    );
  });

  test("a person who declines at Slack's page comes back to their page, which says so", async () => {
    const browser = new Browser();
    expect(await browser.follow(openId.agree(await browser.begin("/app/verify"), null))).toBe(
      "/app/verify?signIn=declined",
    );
    expect(await browser.ask("GET", "/me")).toMatchObject(signedOut);
  });

  test("a sign-in of a workspace without the app, of somebody who has left, or of nobody there is refused", async () => {
    expect(await new Browser().signIn(people.author, "/app", "T0ELSEWHERE")).toBe("/app?signIn=not_installed");
    slack.addPerson("gone@example.com", { id: "U0GONE001", real_name: "Gone", deleted: true });
    expect(await new Browser().signIn("U0GONE001")).toBe("/app?signIn=left");
    slack.fail("users.info", { error: "user_not_found" });
    expect(await new Browser().signIn("U0NOBODY1")).toBe("/app?signIn=left");
    await env.DB.prepare("UPDATE workspaces SET disconnected_at = 'now' WHERE workspace_id = ?1")
      .bind(world.team)
      .run();
    expect(await new Browser().signIn()).toBe("/app?signIn=not_installed");
  });

  test("an address may begin 60 sign-ins a minute, and is sent to a page that says so after them", async () => {
    const browser = new Browser();
    for (let count = 0; count < ratePolicies.login.limit; count += 1) await browser.begin();
    expect(await browser.begin()).toBe("/app?signIn=rate_limited");
  });

  test("where Access signs people in, Slack does not, and its cookie is of no effect", async () => {
    const browser = new Browser();
    await browser.signIn();
    const team = new AccessTeam(`sign-in-${count}`);
    world.send = botWith({ ...variables, ACCESS_TEAM_DOMAIN: team.issuer, ACCESS_AUD: audience });
    expect((await browser.ask("GET", "/me")).status).toBe(401);
    expect(await browser.begin("/app/verify")).toBe("/app/verify");
    expect((await browser.request("/slack/sign-in/callback")).status).toBe(404);
    expect(await (await browser.signOut()).json()).toEqual({ next: "/cdn-cgi/access/logout" });
    expect(await (await browser.signOut("?everywhere")).json()).toEqual({
      next: `${team.issuer}/cdn-cgi/access/logout`,
    });
  });

  test("where neither is configured there is no sign-in, and nobody is signed in", async () => {
    world.send = botWith({ ...variables, SLACK_CLIENT_ID: "", SLACK_CLIENT_SECRET: "" });
    const browser = new Browser();
    expect((await browser.request("/slack/sign-in")).status).toBe(404);
    expect((await browser.ask("GET", "/me")).body).not.toHaveProperty("signIn");
    await expect(botWith({ ...variables, SLACK_CLIENT_SECRET: "" })(new Request(origin))).rejects.toThrow(
      "Set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, or neither",
    );
  });
});

describe("an identity token of Slack", () => {
  test.each<[string, Record<string, unknown>]>([
    ["of another app", { aud: "another" }],
    ["of another issuer", { iss: "https://evil.example" }],
    ["that has ended", { iat: 1_600_000_000, exp: 1_600_000_300 }],
    ["without an end", { exp: undefined }],
    ["with another nonce", { nonce: "another" }],
    ["without a nonce", { nonce: undefined }],
    ["without a person", { "https://slack.com/user_id": undefined }],
    ["without a workspace", { "https://slack.com/team_id": "" }],
  ])("an identity token %s signs nobody in", async (_name, claims) => {
    const browser = new Browser();
    openId.claims = claims;
    expect(await browser.signIn()).toBe("/app?signIn=not_valid");
    expect(await browser.ask("GET", "/me")).toMatchObject(signedOut);
  });

  test("an identity token that somebody else has signed signs nobody in, and the keys are fetched once for it", async () => {
    await new Browser().signIn();
    expect(openId.keyFetches).toBe(1);
    clock.advance(60_000);
    openId.forgedBy = await newSigningKeys();
    expect(await new Browser().signIn()).toBe("/app?signIn=not_valid");
    expect(await new Browser().signIn()).toBe("/app?signIn=not_valid");
    expect(openId.keyFetches).toBe(2);
  });

  test("an identity token by a new key of Slack signs in: the keys are fetched again", async () => {
    await new Browser().signIn();
    clock.advance(60_000);
    await openId.rotate();
    expect(await new Browser().signIn()).toBe(`/app?workspace=${world.team}`);
    expect(openId.keyFetches).toBe(2);
  });

  test("a code that Slack does not exchange signs nobody in, and an outage of Slack says so", async () => {
    const browser = new Browser();
    const callback = new URL(openId.agree(await browser.begin(), { teamId: world.team, userId: people.author }));
    callback.searchParams.set("code", "made-up");
    expect(await browser.follow(callback.href)).toBe("/app?signIn=not_valid");
    openId.down = true;
    expect(await browser.signIn()).toBe("/app?signIn=unavailable");
    openId.down = false;
    slack.fail("users.info", { status: 503 });
    expect(await browser.signIn()).toBe("/app?signIn=unavailable");
    expect(await browser.ask("GET", "/me")).toMatchObject(signedOut);
  });
});

describe("what ends a sign-in", () => {
  test("a sign-in ends after 12 hours without use, and after 7 days in any case", async () => {
    const [used, unused] = [new Browser(), new Browser()];
    await used.signIn();
    await unused.signIn();
    for (let hours = 0; hours < 7 * 24 - 8; hours += 8) {
      clock.advance(8 * 3_600_000);
      expect((await used.ask("GET", "/me")).status, `after ${hours + 8} hours`).toBe(200);
    }
    expect(await unused.ask("GET", "/me")).toMatchObject(signedOut);
    clock.advance(8 * 3_600_000);
    expect(await used.ask("GET", "/me")).toMatchObject(signedOut);
  });

  test("signing out ends this browser's sign-in, and everywhere all of the person's", async () => {
    const [one, two, three, other] = [new Browser(), new Browser(), new Browser(), new Browser()];
    for (const browser of [one, two, three]) await browser.signIn();
    await other.signIn(people.approver);
    const before = new Map(one.cookies);
    expect(await (await one.signOut()).json()).toEqual({ next: "/app" });
    expect(one.cookies.has("__Host-cv_ops_sign_in")).toBe(false);
    for (const [name, value] of before) one.cookies.set(name, value);
    expect(await one.ask("GET", "/me"), "the cookie from before").toMatchObject(signedOut);
    expect((await two.ask("GET", "/me")).status).toBe(200);
    await two.signOut("?everywhere");
    expect(await three.ask("GET", "/me")).toMatchObject(signedOut);
    expect((await other.ask("GET", "/me")).status).toBe(200);
  });

  test("a sign-in is changed, ended and written with by our own pages only", async () => {
    const browser = new Browser();
    await browser.signIn();
    const change = { action: "DELETE", entityType: "technology", entityId: "jquery-1" };
    for (const headers of [{}, { Origin: "https://evil.example" }, { Origin: "null" }]) {
      expect(await browser.ask("POST", "/stage", headers, change)).toMatchObject({
        status: 403,
        body: { code: "cross_origin" },
      });
    }
    expect((await browser.signOut("", "https://evil.example")).status).toBe(403);
    expect(await browser.ask("POST", "/stage", { Origin: origin }, change)).toMatchObject({ status: 201 });
    expect((await world.rows("job_events")).at(-1)).toMatchObject({ actor_kind: "access", actor_id: people.author });
  });

  test("a browser that signs in as somebody else has one sign-in", async () => {
    const browser = new Browser();
    await browser.signIn();
    await browser.signIn(people.approver);
    const rows = (await env.DB.prepare("SELECT user_id FROM sign_ins WHERE workspace_id = ?1").bind(world.team).all())
      .results;
    expect(rows).toEqual([{ user_id: people.approver }]);
  });

  test("a sign-in is of the workspace that was chosen, and of no other", async () => {
    const browser = new Browser();
    await browser.signIn();
    expect(await browser.ask("GET", "/me", { "CV-Workspace": "T0ANOTHER" })).toMatchObject({
      status: 400,
      body: { code: "workspace_required", workspaces: [{ id: world.team }], signIn: "slack" },
    });
    expect((await browser.ask("GET", "/workspaces")).body).toMatchObject({ workspaces: [{ id: world.team }] });
  });

  test("cv login is confirmed by a person who signed in with Slack, at the same address", async () => {
    const browser = new Browser();
    const device = { hash: "0".repeat(64), device: "laptop" };
    const begun = await browser.ask("POST", "/logins", {}, device);
    expect(begun.body.url).toBe(`${origin}/app/login/${begun.body.code}`);
    expect(await browser.signIn(people.author, `/app/login/${begun.body.code}`)).toContain(begun.body.code);
    const given = { name: "cv on laptop", scopes: ["read"] };
    const confirmed = await browser.ask("POST", `/logins/${begun.body.code}/confirm`, { Origin: origin }, given);
    expect(confirmed).toMatchObject({ status: 201, body: { owner: people.author } });
  });
});
