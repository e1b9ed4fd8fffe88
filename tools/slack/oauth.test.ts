/** Slack's token rotation (docs.slack.dev, "Using token rotation"). */
import { expect, test } from "vitest";
import { OAuthServer } from "./oauth.ts";

const app = { clientId: "1.2", clientSecret: "s", appId: "A1", redirectUrls: ["https://cv.test/back"] };
const client = { client_id: "1.2", client_secret: "s", redirect_uri: "https://cv.test/back" };
const team = { id: "T1", name: "One" };
const hourMs = 3_600_000;

const started = (rotatesTokens = true) => {
  const clock = { ms: 0 };
  const oauth = new OAuthServer({ ...app, rotatesTokens }, () => clock.ms);
  const url = new URL("https://slack.test/oauth/v2/authorize");
  url.search = new URLSearchParams({ client_id: "1.2", scope: "commands", state: "s" }).toString();
  const code = () => {
    const agreed = oauth.authorize(url, { team, enterprise: null, userId: "U1" });
    return new URL("location" in agreed ? agreed.location : "").searchParams.get("code") ?? "";
  };
  const call = (args: Record<string, string>, method = "oauth.v2.access") =>
    oauth.answer(method, { ...client, ...args }, null);
  const refresh = (token: unknown) => call({ grant_type: "refresh_token", refresh_token: String(token) });
  return { oauth, clock, code, call, refresh };
};

test("a code is good for ten minutes", () => {
  const { clock, code, call } = started();
  const [early, late] = [code(), code()];
  clock.ms = 10 * 60_000 - 1;
  expect(call({ code: early }).ok).toBe(true);
  clock.ms = 10 * 60_000;
  expect(call({ code: late })).toEqual({ ok: false, error: "invalid_code" });
});

test("a rotated token ends after twelve hours, and its refresh token is good once", () => {
  const { oauth, clock, code, call, refresh } = started();
  const first = call({ code: code() });
  expect(first["expires_in"]).toBe(43_200);
  const token = String(first["access_token"]);
  clock.ms = 12 * hourMs - 1;
  expect(oauth.refusalOf(token)).toBeNull();
  clock.ms = 12 * hourMs;
  expect(oauth.refusalOf(token)).toBe("token_expired");
  const second = refresh(first["refresh_token"]);
  expect(oauth.refusalOf(String(second["access_token"]))).toBeNull();
  expect(refresh(first["refresh_token"])).toEqual({ ok: false, error: "invalid_refresh_token" });
});

test("of three rotated tokens the first is revoked, and an uninstalled app has none", () => {
  const { oauth, code, call, refresh } = started();
  const all = [call({ code: code() })];
  for (let turn = 0; turn < 2; turn += 1) all.push(refresh(all.at(-1)?.["refresh_token"]));
  const refusals = () => all.map((each) => oauth.refusalOf(String(each["access_token"])));
  expect(refusals()).toEqual(["token_revoked", null, null]);
  oauth.uninstall(team.id);
  expect(refusals()).toEqual(["token_revoked", "account_inactive", "account_inactive"]);
  expect(refresh(all.at(-1)?.["refresh_token"])).toMatchObject({ error: "invalid_refresh_token" });
});

test("a token from before the rotation is exchanged once for one that ends", () => {
  const { oauth, code, call } = started(false);
  const lasting = String(call({ code: code() })["access_token"]);
  expect(call({ token: lasting }, "oauth.v2.exchange")).toMatchObject({ error: "token_rotation_not_enabled" });
  expect(oauth.refusalOf(lasting)).toBeNull();
  expect(oauth.refusalOf("xoxb-nobody")).toBe("invalid_auth");
});
