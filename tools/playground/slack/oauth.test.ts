import { SELF } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import { apiResponse, ask, base, command, received, script, state } from "./testing/client.ts";

const mina = "U0MINAOK1";
const tomas = "U0TOMASF1";
const ida = "U0IDAHAL1";
const jonas = "U0JONASB1";
const carla = "U0CARLA01";
const redirectUri = `${base}/slack/oauth_redirect`;
const asked = {
  client_id: "1111111111.2222222222",
  scope: "chat:write,commands,users:read",
  redirect_uri: redirectUri,
  state: "a-state",
};
const credentials = { client_id: asked.client_id, client_secret: "local-client-secret" };

type Fields = Record<string, string>;

const page = (more: Fields = {}) => {
  const query = new URLSearchParams({ ...asked, ...more }).toString();
  return SELF.fetch(`${base}/playground/slack/oauth/v2/authorize?${query}`, { redirect: "manual" });
};

const oauth = async (fields: Fields, method = "oauth.v2.access"): Promise<Record<string, unknown>> => {
  const body = new URLSearchParams({ ...credentials, redirect_uri: redirectUri, ...fields });
  return (await SELF.fetch(`${base}/playground/slack/api/${method}`, { method: "POST", body })).json();
};

const codeOf = async (as: string, answer = "allow"): Promise<string> =>
  new URL((await page({ as, answer })).headers.get("Location") ?? "").searchParams.get("code") ?? "";

const install = async (as = mina, answer = "allow"): Promise<string> =>
  String((await oauth({ code: await codeOf(as, answer) }))["access_token"]);

const authTest = async (token: string): Promise<Record<string, unknown>> =>
  (await apiResponse("auth.test", {}, { Authorization: `Bearer ${token}` })).json();

interface SentEvent {
  team_id: string | null;
  event: { type: string };
}

const eventsSent = async (): Promise<SentEvent[]> =>
  (await received()).received
    .filter(({ body }) => body.startsWith("{"))
    .map(({ body }) => JSON.parse(body) as SentEvent);

beforeEach(async () => {
  await script();
  for (const as of [mina, ida, carla]) await ask("uninstall", { as });
  await ask("reset", {});
  await script();
});

describe("the local Slack's page on which an app is let in", () => {
  it("the page offers everybody of each workspace, then asks for what the app would be able to do", async () => {
    const offered = await (await page()).text();
    for (const name of ["Avery Lindqvist", "Mina Okafor", "Ida Halden"]) expect(offered).toContain(name);
    expect(offered).not.toContain("Slackbot");
    expect(await (await page({ team: "T0FENASH1" })).text()).not.toContain("Ida Halden");
    const consent = await (await page({ as: tomas })).text();
    for (const text of ["Fen &amp; Ash Studio", "chat:write", "Allow", "Cancel"]) expect(consent).toContain(text);
    expect(consent).not.toContain("organisation");
    expect(await (await page({ as: ida })).text()).toContain("Allow for the organisation");
    expect(await (await page({ as: jonas })).text()).not.toContain("Allow for the organisation");
  });

  it.each<[string, Fields]>([
    ["invalid_client_id", { client_id: "another" }],
    ["bad_redirect_uri", { redirect_uri: "https://evil.test/slack/oauth_redirect" }],
    ["bad_redirect_uri", { redirect_uri: `${redirectUri}.evil.test` }],
    ["invalid_scope", { scope: "" }],
    ["invalid_scope", { scope: "chat:write,everything" }],
    ["invalid_scope", { user_scope: "everything" }],
    ["invalid_team", { team: "T0FENASH1", as: ida, answer: "allow" }],
    ["not_an_org_admin", { as: jonas, answer: "allow-organisation" }],
    ["not_an_org_admin", { as: mina, answer: "allow-organisation" }],
  ])("the local Slack's page says %s for %j, and sends nobody back", async (error, more) => {
    const refused = await page({ as: mina, answer: "allow", ...more });
    expect([refused.status, refused.headers.get("Location")]).toEqual([400, null]);
    expect(await refused.text()).toContain(error);
  });

  it("a person who cancels goes back with access_denied and the state, and without a code", async () => {
    const back = new URL((await page({ as: mina, answer: "cancel" })).headers.get("Location") ?? "");
    expect(`${back.origin}${back.pathname}`).toBe(redirectUri);
    expect(Object.fromEntries(back.searchParams)).toEqual({ error: "access_denied", state: "a-state" });
  });
});

describe("the local Slack's oauth.v2.access", () => {
  it("a code becomes the token of its workspace, once, and installing again gives the same token", async () => {
    const code = await codeOf(mina);
    const answer = await oauth({ code });
    expect(answer).toMatchObject({
      ok: true,
      token_type: "bot",
      scope: asked.scope,
      bot_user_id: "U0CVOPSBOT",
      app_id: "A0CVOPS001",
      team: { id: "T0FENASH1", name: "Fen & Ash Studio" },
      enterprise: null,
      is_enterprise_install: false,
      authed_user: { id: mina },
    });
    expect(answer).not.toHaveProperty("refresh_token");
    expect(await oauth({ code })).toEqual({ ok: false, error: "invalid_code" });
    const token = String(answer["access_token"]);
    expect(await authTest(token)).toMatchObject({ ok: true, team_id: "T0FENASH1", is_enterprise_install: false });
    expect(await install(tomas)).toBe(token);
  });

  it("a scope of people gives a token of the person besides", async () => {
    const back = await page({ as: mina, answer: "allow", user_scope: "users:read" });
    const code = new URL(back.headers.get("Location") ?? "").searchParams.get("code") ?? "";
    const { authed_user: user } = await oauth({ code });
    expect(user).toMatchObject({ id: mina, scope: "users:read", token_type: "user" });
  });

  it.each<[string, Fields]>([
    ["invalid_client_id", { client_id: "another" }],
    ["bad_client_secret", { client_secret: "another" }],
    ["invalid_grant_type", { grant_type: "password" }],
    ["invalid_code", { code: "T0FENASH1.nobody's" }],
    ["bad_redirect_uri", { redirect_uri: `${redirectUri}/other` }],
    ["invalid_refresh_token", { grant_type: "refresh_token", refresh_token: "xoxe-1-T0FENASH1-x" }],
  ])("the local Slack's oauth.v2.access says %s for %j", async (error, more) => {
    expect(await oauth({ code: await codeOf(mina), ...more })).toEqual({ ok: false, error });
  });

  it("a token that ends cannot be had where the app does not rotate its tokens", async () => {
    expect(await oauth({ token: await install() }, "oauth.v2.exchange")).toMatchObject({
      error: "token_rotation_not_enabled",
    });
  });
});

describe("a workspace of the local Slack without the app", () => {
  it("a workspace has no command, no bot and no events until the app is installed, and again after it is removed", async () => {
    expect(await command("/cv", mina, "C0FENGEN01")).toMatchObject({ ok: false, error: "/cv is not a valid command." });
    expect(await state(mina)).toMatchObject({ installed: false, team: { id: "T0FENASH1" } });
    const token = await install();
    expect(await state(mina)).toMatchObject({ installed: true });
    await command("/cv", mina, "C0FENGEN01");
    expect((await received()).received.at(-1)?.body).toContain("team_id=T0FENASH1");
    await script();
    expect(await ask("uninstall", { as: tomas })).toMatchObject({ ok: false });
    await ask("uninstall", { as: mina });
    expect((await eventsSent()).map(({ team_id, event }) => [team_id, event.type])).toEqual([
      ["T0FENASH1", "tokens_revoked"],
      ["T0FENASH1", "app_uninstalled"],
    ]);
    expect(await authTest(token)).toEqual({ ok: false, error: "account_inactive" });
    expect(await state(mina)).toMatchObject({ installed: false });
    expect(await install()).not.toBe(token);
  });

  it("an organisation's installation is of all its workspaces, and its end names no workspace", async () => {
    const token = await install(ida, "allow-organisation");
    expect(await authTest(token)).toMatchObject({ ok: true, enterprise_id: "E0HALDEN1", is_enterprise_install: true });
    await command("/cv", jonas, "C0HALGEN01");
    const sent = new URLSearchParams((await received()).received.at(-1)?.body ?? "");
    expect(sent.get("enterprise_id")).toBe("E0HALDEN1");
    expect(sent.get("is_enterprise_install")).toBe("true");
    expect(await (await page({ as: jonas, answer: "allow" })).text()).toContain("cannot_install_an_org_installed_app");
    await script();
    await ask("uninstall", { as: ida });
    expect((await eventsSent()).at(-1)).toMatchObject({
      team_id: null,
      enterprise_id: "E0HALDEN1",
      authorizations: [{ team_id: null, enterprise_id: "E0HALDEN1", is_enterprise_install: true }],
      event: { type: "app_uninstalled" },
    });
    expect(await authTest(token)).toEqual({ ok: false, error: "account_inactive" });
  });

  it("the first workspace has the app by its settings, and loses that token with it", async () => {
    expect(await authTest("xoxb-local-cv-ops")).toMatchObject({ ok: true, team_id: "T0CVOPS01" });
    await ask("uninstall", { as: carla });
    expect(await authTest("xoxb-local-cv-ops")).toEqual({ ok: false, error: "account_inactive" });
    expect(await install(carla)).not.toBe("xoxb-local-cv-ops");
    await ask("reset", {});
    expect(await authTest("xoxb-local-cv-ops")).toMatchObject({ ok: true });
  });
});
