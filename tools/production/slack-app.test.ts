/** What Slack says of the values that somebody has pasted. */
import { afterEach, expect, test, vi } from "vitest";
import { OAuthServer } from "../slack/oauth.ts";
import { problemOfClient } from "./slack-app.ts";

const secret = "1".repeat(32);
const app = { clientId: "1.2", clientSecret: secret, appId: "A0CVOPS", redirectUrls: [], rotatesTokens: false };
const oauth = new OAuthServer(app, () => Date.now());

/** Slack, as far as it is asked. */
const slackAnswers = (answer: (args: Record<string, string>, authorization: string | null) => object): void => {
  vi.stubGlobal("fetch", async (input: string, init: RequestInit) => {
    const request = new Request(input, init);
    expect(request.url).toBe("https://slack.com/api/oauth.v2.access");
    const args = Object.fromEntries(new URLSearchParams(await request.text()));
    return Response.json(answer(args, request.headers.get("authorization")));
  });
};
afterEach(() => {
  vi.unstubAllGlobals();
});

test("a client id and secret that Slack knows are right, and a wrong one is named", async () => {
  slackAnswers((args, authorization) => oauth.answer("oauth.v2.access", args, authorization));
  expect(await problemOfClient("1.2", secret)).toBeNull();
  expect(await problemOfClient("3.4", secret)).toContain("Client ID");
  expect(await problemOfClient("1.2", "2".repeat(32))).toContain("Client Secret");
});

test("values of which Slack says nothing are not taken for right", async () => {
  slackAnswers(() => ({ ok: false, error: "internal_error" }));
  expect(await problemOfClient("1.2", secret)).toContain("internal_error");
});
