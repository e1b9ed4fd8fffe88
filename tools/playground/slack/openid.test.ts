import { SELF } from "cloudflare:test";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { priya, base } from "./testing/client.ts";

const redirectUri = `${base}/slack/sign-in/callback`;
const asked = {
  response_type: "code",
  client_id: "1111111111.2222222222",
  scope: "openid profile",
  redirect_uri: redirectUri,
  state: "a-state",
  nonce: "a-nonce",
};

const page = (more: Record<string, string> = {}) => {
  const query = new URLSearchParams({ ...asked, ...more }).toString();
  return SELF.fetch(`${base}/playground/slack/openid/connect/authorize?${query}`, { redirect: "manual" });
};

const exchange = async (more: Record<string, string>): Promise<Record<string, unknown>> => {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: asked.client_id,
    client_secret: "local-client-secret",
    redirect_uri: redirectUri,
    ...more,
  });
  return (await SELF.fetch(`${base}/playground/slack/api/openid.connect.token`, { method: "POST", body })).json();
};

const codeOf = async (as = priya): Promise<string> => {
  const back = new URL((await page({ as })).headers.get("Location") ?? "");
  return back.searchParams.get("code") ?? "";
};

describe("the local Slack's Sign in with Slack", () => {
  it("the local Slack's sign-in page offers its people, and signs who they are with a published key", async () => {
    const offered = await (await page()).text();
    expect(offered).toContain("Priya Raman");
    expect(offered).not.toContain("Slackbot");
    const answer = await exchange({ code: await codeOf() });
    const keys = createLocalJWKSet(await (await SELF.fetch(`${base}/playground/slack/openid/connect/keys`)).json());
    const { payload } = await jwtVerify(String(answer["id_token"]), keys, {
      issuer: `${base}/playground/slack`,
      audience: asked.client_id,
      algorithms: ["RS256"],
    });
    expect(payload).toMatchObject({
      nonce: "a-nonce",
      "https://slack.com/user_id": priya,
      "https://slack.com/team_id": "T0CVOPS01",
    });
  });

  it.each([
    ["unsupported_response_type", { response_type: "token" }],
    ["invalid_client_id", { client_id: "another" }],
    ["bad_redirect_uri", { redirect_uri: "https://evil.test/slack/sign-in/callback" }],
    ["bad_redirect_uri", { redirect_uri: `${redirectUri}.evil.test` }],
    ["invalid_scope", { scope: "profile" }],
    ["invalid_scope", { scope: "openid chat:write" }],
    ["pkce_not_enabled", { code_challenge: "x" }],
  ])("the local Slack's sign-in page says %s for %j, and sends nobody back", async (error, more) => {
    const refused = await page({ ...more, as: priya });
    expect([refused.status, refused.headers.get("Location")]).toEqual([400, null]);
    expect(await refused.text()).toContain(error);
  });

  it.each([
    ["bad_client_secret", { client_secret: "another" }],
    ["invalid_client_id", { client_id: "another" }],
    ["invalid_grant_type", { grant_type: "password" }],
    ["bad_redirect_uri", { redirect_uri: `${base}/app` }],
  ])("the local Slack exchanges no code with %s", async (error, more) => {
    expect(await exchange({ code: await codeOf(), ...more })).toEqual({ ok: false, error });
  });

  it("the local Slack exchanges a code once", async () => {
    const code = await codeOf();
    expect(await exchange({ code })).toMatchObject({ ok: true, token_type: "Bearer" });
    expect(await exchange({ code })).toEqual({ ok: false, error: "invalid_code" });
  });

  it("the local Slack sends who cancels back without a code", async () => {
    const back = (await page({ as: "nobody" })).headers.get("Location");
    expect(back).toBe(`${redirectUri}?error=access_denied&state=a-state`);
  });
});
