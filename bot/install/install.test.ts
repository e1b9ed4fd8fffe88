/** A workspace installs the app: from /slack/install over Slack's page and back, to a command that is answered. */
import { env } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { fixtureIds, fixtures, withParts } from "../../test/fixtures/slack.ts";
import { OAuthServer } from "../../tools/slack/oauth.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { logged, slack } from "../../test/support/bot/stand-ins.ts";
import { freshDatabase } from "../../test/support/shared/fresh-database.ts";
import { signedSlackRequest } from "../../test/support/bot/slack-request.ts";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { botWith, createWorld, people, World } from "../../test/support/bot/world.ts";
import { createDeps } from "../env.ts";
import { runSchedule } from "../schedule.ts";
import { clientOf } from "../slack/core/directory.ts";

const client = { SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "client-secret" };
const origin = new URL(env.PUBLIC_URL).origin;
const team = { id: "T0NEWTEAM1", name: "Acme" };
let oauth: OAuthServer;
let send: ReturnType<typeof botWith>;

const serverOf = (rotatesTokens: boolean) =>
  new OAuthServer(
    {
      clientId: "1.2",
      clientSecret: "client-secret",
      appId: "A0CVOPS",
      redirectUrls: [`${origin}/slack/oauth_redirect`],
      rotatesTokens,
    },
    clock.nowMs,
  );

beforeEach(async () => {
  await freshDatabase();
  oauth = serverOf(false);
  slack.oauth = oauth;
  send = botWith(client);
});

const get = (path: string, cookie = "") =>
  send(new Request(new URL(path, origin), { headers: cookie === "" ? {} : { cookie } }));

const begin = async (cookie = "") => {
  const response = await get("/slack/install", cookie);
  const location = new URL(response.headers.get("location") ?? "");
  return { location, cookie: (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
};

type Who = Parameters<OAuthServer["authorize"]>[1];
const ofTeam: Who = { team, enterprise: null, userId: people.author };

const agree = (location: URL, who: Who = ofTeam): string => {
  const answered = oauth.authorize(location, who);
  if ("error" in answered) throw new Error(answered.error);
  return answered.location;
};

const install = async (who: Who = ofTeam) => {
  const { location, cookie } = await begin();
  const back = agree(location, who);
  return { response: await get(back, cookie), back, cookie };
};

const lose = async (where: Record<string, unknown>, type: string) => {
  const body = {
    type: "event_callback",
    api_app_id: "A0CVOPS",
    event_id: `Ev0${type}`,
    event_time: 1_930_294_800,
    event: { type, tokens: { bot: ["U0CVOPSBOT"] }, event_ts: "1930294800.000001" },
    ...where,
  };
  expect((await send(signedSlackRequest(JSON.stringify(body)))).status).toBe(200);
};

const rowOf = async (workspaceId = team.id) =>
  env.DB.prepare("SELECT * FROM slack_installations WHERE workspace_id = ?1").bind(workspaceId).first();

/** What Slack sends from the workspace, with the bot that has OAuth. */
const worldOf = (workspaceId = team.id, at = workspaceId): World => {
  const world = new World({ team: workspaceId, token: oauth.tokenOf(at) ?? "" });
  world.send = send;
  return world;
};

test("an installation asks Slack for the manifest's scopes, with a state that only this browser has", async () => {
  const { location, cookie } = await begin();
  expect(location.href.startsWith("http://localhost:8787/playground/slack/oauth/v2/authorize?")).toBe(true);
  expect(location.searchParams.get("redirect_uri")).toBe(`${origin}/slack/oauth_redirect`);
  expect(location.searchParams.get("scope")).toContain("commands");
  expect(cookie).toMatch(/^cv-ops-install=[\w-]{32}$/);
});

test("a workspace that has installed the app is served, with its installer as admin and its token encrypted", async () => {
  const { response } = await install();
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("CV Ops is installed");
  const row = await rowOf();
  expect(row).toMatchObject({ name: "Acme", installed_by: people.author, is_org_wide: 0, key_version: "1" });
  expect(JSON.stringify(row)).not.toContain("xoxb-");
  const world = worldOf();
  expect((await world.command(people.author, "roles")).said).toContain(`<@${people.author}>`);
  expect(await world.rows("members")).toMatchObject([{ user_id: people.author, role: "admin" }]);
  expect(await world.rows("targets")).toEqual([]);
  expect((await world.command(people.author, "stage delete technology x")).said).toContain("no target yet");
});

test.each<[string, (back: string, cookie: string) => [string, string]]>([
  ["in another browser", (back) => [back, "cv-ops-install=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]],
  ["without the cookie", (back) => [back, ""]],
  ["with a state of nobody's", (back, cookie) => [back.replace(/state=[^&]+/, "state=a.1930294800000.b"), cookie]],
  ["without a state", (back, cookie) => [back.replace(/&state=[^&]+/, ""), cookie]],
])("an installation that ends %s is refused, and stores nothing", async (_what, change) => {
  const { location, cookie } = await begin();
  const response = await get(...change(agree(location), cookie));
  expect([response.status, await rowOf()]).toEqual([400, null]);
  expect(await response.text()).toContain("used or expired");
});

test("a state is good once, and for ten minutes", async () => {
  const { back, cookie } = await install();
  expect((await get(back, cookie)).status).toBe(400);
  const { location, cookie: later } = await begin();
  const late = agree(location);
  clock.to(clock.nowMs() + 10 * 60_000 + 1);
  expect((await get(late, later)).status).toBe(400);
});

test("somebody who refuses reads that nothing was installed", async () => {
  const { location, cookie } = await begin();
  const response = await get(oauth.deny(location), cookie);
  expect(await response.text()).toContain("Nothing was installed");
  expect(await rowOf()).toBeNull();
});

test("a code that Slack does not take installs nothing", async () => {
  const { location, cookie } = await begin();
  const back = agree(location).replace(/code=[^&]+/, "code=stolen");
  const response = await get(back, cookie);
  expect([response.status, await rowOf()]).toEqual([400, null]);
});

test("an organisation installs the app once for all its workspaces", async () => {
  const enterprise = { id: "E0ACME0001", name: "Acme Group" };
  const { response } = await install({ team: null, enterprise, userId: people.author });
  expect(response.status).toBe(200);
  const page = await response.text();
  expect(page).toContain("Type /cv setup in a workspace");
  expect(page, "nobody gets a message, for the organisation has no conversation").not.toContain("sent you a message");
  expect(await rowOf(enterprise.id)).toMatchObject({ is_org_wide: 1, organisation_id: enterprise.id });
  const world = worldOf("T0ACMEONE1", enterprise.id);
  const body = {
    ...world.commandBody(people.author, "roles"),
    enterprise_id: enterprise.id,
    is_enterprise_install: "true",
  };
  expect(JSON.stringify(await (await world.post(body)).json())).toContain(people.author);
  // From now on no payload has to say it.
  expect(await createDeps({ ...env, ...client }).installation("T0ACMEONE1")).toMatchObject({ source: "row" });
  expect(await createDeps({ ...env, ...client }).installation("T0STRANGER")).toMatchObject({
    source: "variable",
  });
});

test("an app that is uninstalled has no tokens, and installing again resumes", async () => {
  await install();
  const world = worldOf();
  await world.command(people.author, "roles");
  const program = await ApiClient.of(world, people.author, ["read"]);
  expect(await program.get("/me")).toMatchObject({ status: 200 });
  oauth.uninstall(team.id);
  await lose({ team_id: team.id }, "tokens_revoked");
  // Slack has only taken the token away, as far as anybody can say.
  expect(await program.get("/me")).toMatchObject({ status: 200 });
  await lose({ team_id: team.id }, "app_uninstalled");
  expect(await rowOf()).toMatchObject({ sealed_tokens: null, key_version: null, installed_by: people.author });
  expect(await createDeps({ ...env, ...client }).installation(team.id)).toBeNull();
  expect(await program.get("/me")).toMatchObject({ status: 401, body: { detail: expect.stringContaining("removed") } });
  const events = (await world.rows("job_events")).map(({ type }) => type);
  expect(events.filter((type) => String(type).startsWith("workspace."))).toEqual([
    "workspace.installed",
    "workspace.disconnected",
    "workspace.disconnected",
  ]);
  expect((await install()).response.status).toBe(200);
  expect(await world.rows("workspaces")).toMatchObject([{ disconnected_at: null, uninstalled_at: null }]);
  expect(await program.get("/me")).toMatchObject({ status: 200 });
  expect(await createDeps({ ...env, ...client }).installation(team.id)).toMatchObject({ source: "row" });
});

test.each([
  ["names no workspace", { team_id: null, authorizations: [{ enterprise_id: "E0ACME0001", team_id: null }] }],
  ["is sent under the organisation's id", { team_id: "E0ACME0001", authorizations: [] }],
])(
  "an organisation that uninstalls the app, in an event that %s, leaves none of its workspaces",
  async (_how, named) => {
    const enterprise = { id: "E0ACME0001", name: "Acme Group" };
    await install({ team: null, enterprise, userId: people.author });
    const flags = { enterprise_id: enterprise.id, is_enterprise_install: "true" };
    const worlds = ["T0ACMEONE1", "T0ACMETWO1"].map((id) => worldOf(id, enterprise.id));
    for (const world of worlds) await world.post({ ...world.commandBody(people.author, "roles"), ...flags });
    const other = await createWorld();
    const programs = await Promise.all(worlds.map((world) => ApiClient.of(world, people.author, ["read"])));
    oauth.uninstall(enterprise.id);
    const authorizations = named.authorizations.map((each) => ({ ...each, is_enterprise_install: true }));
    await lose({ ...flags, ...named, authorizations }, "app_uninstalled");
    expect(await rowOf(enterprise.id)).toMatchObject({ sealed_tokens: null });
    for (const [index, world] of worlds.entries()) {
      expect(await createDeps({ ...env, ...client, SLACK_BOT_TOKEN: "" }).installation(world.team)).toBeNull();
      expect(await programs[index]?.get("/me")).toMatchObject({ status: 401 });
      expect((await world.rows("job_events")).map(({ type }) => type)).toContain("workspace.disconnected");
    }
    expect((await other.rows("workspaces")).every((row) => row["uninstalled_at"] === null)).toBe(true);
    await install({ team: null, enterprise, userId: people.author });
    expect(await programs[0]?.get("/me")).toMatchObject({ status: 200 });
  },
);

test("an organisation that takes the app away from a workspace leaves it to the others, until it gives it back", async () => {
  const enterprise = { id: "E0ACME0001", name: "Acme Group" };
  await install({ team: null, enterprise, userId: people.author });
  const flags = { enterprise_id: enterprise.id, is_enterprise_install: "true" };
  const [gone, stays] = ["T0ACMEONE1", "T0ACMETWO1"].map((id) => worldOf(id, enterprise.id)) as [World, World];
  const speak = (world: World) => world.post({ ...world.commandBody(people.author, "roles"), ...flags });
  for (const world of [gone, stays]) await speak(world);
  const other = await createWorld();
  const [theirs, others] = [
    await ApiClient.of(gone, people.author, ["read"]),
    await ApiClient.of(stays, people.author, ["read"]),
  ];
  const taken = withParts(fixtures.teamAccessRevoked.payload, {
    [fixtureIds.team]: gone.team,
    E0ORGAN0001: enterprise.id,
  });
  // One of another organisation's is not this one's to take.
  await env.DB.prepare("UPDATE workspaces SET organisation_id = 'E0OTHER001' WHERE workspace_id = ?1")
    .bind(other.team)
    .run();
  const named = taken.replace(`"${gone.team}"`, `"${gone.team}","${other.team}"`);
  expect((await send(signedSlackRequest(named))).status).toBe(200);
  expect(await theirs.get("/me")).toMatchObject({ status: 401, body: { detail: expect.stringContaining("removed") } });
  expect(await others.get("/me")).toMatchObject({ status: 200 });
  const without = createDeps({ ...env, ...client, SLACK_BOT_TOKEN: "" });
  expect(await without.installation(gone.team)).toBeNull();
  expect(await without.installation(stays.team)).toMatchObject({ source: "row" });
  expect(await rowOf(enterprise.id)).toMatchObject({ sealed_tokens: expect.any(String) });
  expect(await other.rows("workspaces")).toMatchObject([{ disconnected_at: null, uninstalled_at: null }]);
  expect((await gone.rows("job_events")).filter(({ type }) => type === "workspace.disconnected")).toHaveLength(1);
  expect((await send(signedSlackRequest(named))).status).toBe(200);
  expect((await gone.rows("job_events")).filter(({ type }) => type === "workspace.disconnected")).toHaveLength(1);
  expect(JSON.stringify(await (await speak(gone)).json())).toContain(people.author);
  expect(await theirs.get("/me")).toMatchObject({ status: 200 });
});

test("a call that Slack answers with token_expired is made again with a refreshed token", async () => {
  slack.oauth = oauth = serverOf(true);
  await install();
  const deps = createDeps({ ...env, ...client });
  const first = oauth.tokenOf(team.id) ?? "";
  worldOf();
  const called = await clientOf(deps, team.id);
  slack.fail("auth.test", { error: "token_expired" });
  await called?.auth.test().catch(() => undefined);
  const next = oauth.tokenOf(team.id) ?? "";
  expect(next).not.toBe(first);
  expect(slack.callsOf("auth.test").map(({ token }) => token)).toEqual([first, next]);
  expect(await createDeps({ ...env, ...client }).installation(team.id)).toMatchObject({ botToken: next });
});

test("tokens that end are refreshed by cron two hours before, once, by one of those who try", async () => {
  slack.oauth = oauth = serverOf(true);
  await install();
  const before = await rowOf();
  const [one, other] = [createDeps({ ...env, ...client }), createDeps({ ...env, ...client })];
  await runSchedule(one, "* * * * *");
  expect(await rowOf()).toEqual(before);
  clock.to(clock.nowMs() + 10.5 * 60 * 60_000);
  await Promise.all([one, other].map((deps) => runSchedule(deps, "* * * * *")));
  const after = await rowOf();
  expect(after?.["sealed_tokens"]).not.toBe(before?.["sealed_tokens"]);
  expect(String(after?.["expires_at"]) > String(before?.["expires_at"])).toBe(true);
  expect(logged.filter((line) => line.includes('"installation.refreshed"'))).toHaveLength(1);
  expect(logged.filter((line) => line.includes('"installation.not_refreshed"'))).toEqual([]);
});

test("a token that has ended is refreshed by the request that needs it", async () => {
  slack.oauth = oauth = serverOf(true);
  await install();
  const first = await createDeps({ ...env, ...client }).installation(team.id);
  clock.to(clock.nowMs() + 13 * 60 * 60_000);
  const second = await createDeps({ ...env, ...client }).installation(team.id);
  expect(second?.botToken).toMatch(/^xoxe\.xoxb-/);
  expect(second?.botToken).not.toBe(first?.botToken);
});

test("without the two values of the Slack app nobody can install it", async () => {
  send = botWith({ SLACK_CLIENT_ID: "", SLACK_CLIENT_SECRET: "" });
  expect((await get("/slack/install")).status).toBe(404);
});
