import { env } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { createDeps } from "./env.ts";

const withVariables = (variables: Record<string, string | undefined>) => () =>
  createDeps(Object.assign({ ...env }, variables));
const local = "http://localhost:1234/api/";
const slacks = "https://slack.com/api/";

describe("the environment", () => {
  test.each([
    ["local", local],
    ["production", slacks],
    [undefined, slacks],
  ])("ENVIRONMENT %s with SLACK_API_URL set talks to the right Slack", (environment, apiUrl) => {
    expect(withVariables({ ENVIRONMENT: environment, SLACK_API_URL: local })().slack.apiUrl).toBe(apiUrl);
  });

  test("without SLACK_API_URL is Slack's own", () => {
    expect(withVariables({ SLACK_API_URL: "" })().slack.apiUrl).toBe(slacks);
  });

  test.each([
    ["SLACK_SIGNING_SECRET", ""],
    ["PUBLIC_URL", "not an address, but s3cret"],
    ["DEFAULT_TARGETS", "{s3cret"],
    ["DEFAULT_TARGETS", '[{"name":"s3cret name"}]'],
    ["TARGET_CREDENTIALS", '{"d1cv":"s3cret"}'],
    ["WORKSPACES", '{"T1":{"botToken":"s3cret"}}'],
    ["ENVIRONMENT", "s3cret"],
    ["COMPLETION_TIMEOUT_MS", "s3cret"],
  ])("names %s when it is malformed, and keeps its value to itself", (name, value) => {
    const create = withVariables({ [name]: value });
    expect(create).toThrow(name);
    expect(create).not.toThrow(/s3cret/);
  });

  test.each(["SLACK_SIGNING_SECRET", "PUBLIC_URL", "TARGET_CREDENTIALS"])("names %s when it is missing", (name) => {
    expect(withVariables({ [name]: undefined })).toThrow(name);
  });

  test("names everything that is missing at once", () => {
    const create = withVariables({ SLACK_SIGNING_SECRET: undefined, PUBLIC_URL: undefined });
    expect(create).toThrow(/PUBLIC_URL.*SLACK_SIGNING_SECRET|SLACK_SIGNING_SECRET.*PUBLIC_URL/);
  });

  test("needs a bot token where it serves one installation", () => {
    expect(withVariables({ SLACK_BOT_TOKEN: "" })).toThrow("SLACK_BOT_TOKEN");
  });

  test("serves only the workspaces that WORKSPACES names", () => {
    const deps = withVariables({
      WORKSPACES: JSON.stringify({ T1: { botToken: "xoxb-1", admin: "U1", targets: [] } }),
    })();
    expect(deps.installation("T1")).toEqual({ botToken: "xoxb-1", bootstrap: { admin: "U1", targets: [] } });
    expect([deps.installation("T2"), deps.installation("toString"), deps.installation("")]).toEqual([null, null, null]);
  });

  test("finds a target's webhook secrets by its name, also behind a workspace's", () => {
    const secret = "whsec_c2VjcmV0IG9mIDI0IGJ5dGVzIG9yIG1vcmU=";
    const entry = { request: [secret], webhook: [secret], read: "r" };
    const deps = withVariables({
      TARGET_CREDENTIALS: JSON.stringify({ d1cv: entry, "acme/d1cv": entry, "acme-d1cv": entry }),
    })();
    expect(deps.webhookSecrets("d1cv").map(({ name }) => name)).toEqual(["d1cv", "acme/d1cv"]);
    expect(deps.webhookSecrets("nobody")).toEqual([]);
  });
});
