import { env } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { policy, refusedAddresses } from "../test/corpora/addresses.ts";
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
  ])("the environment %s with SLACK_API_URL set calls the right Slack", (environment, apiUrl) => {
    expect(withVariables({ ENVIRONMENT: environment, SLACK_API_URL: local })().slack.apiUrl).toBe(apiUrl);
  });

  test("the environment without SLACK_API_URL calls Slack itself", () => {
    expect(withVariables({ SLACK_API_URL: "" })().slack.apiUrl).toBe(slacks);
  });

  test.each([
    ["SLACK_SIGNING_SECRET", ""],
    ["PUBLIC_URL", "not an address, but s3cret"],
    ["DEFAULT_TARGETS", "{s3cret"],
    ["DEFAULT_TARGETS", '[{"name":"s3cret name"}]'],
    ["TARGET_CREDENTIALS", '{"d1cv":"s3cret"}'],
    ["ENCRYPTION_KEYS", '{"current":"1","keys":{"1":"s3cret"}}'],
    ["WORKSPACES", '{"T1":{"botToken":"s3cret"}}'],
    ["ENVIRONMENT", "s3cret"],
    ["COMPLETION_TIMEOUT_MS", "s3cret"],
  ])("the environment names a malformed %s without its value", (name, value) => {
    const create = withVariables({ [name]: value });
    expect(create).toThrow(name);
    expect(create).not.toThrow(/s3cret/);
  });

  test.each(["SLACK_SIGNING_SECRET", "PUBLIC_URL", "ENCRYPTION_KEYS"])("a missing variable is named: %s", (name) => {
    expect(withVariables({ [name]: undefined })).toThrow(name);
  });

  test("the environment names all missing variables at once", () => {
    const create = withVariables({ SLACK_SIGNING_SECRET: undefined, PUBLIC_URL: undefined });
    expect(create).toThrow(/PUBLIC_URL.*SLACK_SIGNING_SECRET|SLACK_SIGNING_SECRET.*PUBLIC_URL/);
  });

  const listing = (variable: string, url: string): Record<string, string> => {
    const target = { name: "d1cv", portfolioId: "noor-vega", url };
    return variable === "WORKSPACES"
      ? { WORKSPACES: JSON.stringify({ T1: { botToken: "xoxb-1", admin: "U1", targets: [target] } }) }
      : { [variable]: variable === "DEFAULT_TARGETS" ? JSON.stringify([target]) : url };
  };
  const production = { ENVIRONMENT: "production", ALLOWED_TARGET_HOSTS: policy.allowedHosts.join(", ") };

  test.each(["DEFAULT_TARGETS", "WORKSPACES"])("a target of %s with a forbidden address is refused", (variable) => {
    for (const [, url] of refusedAddresses) {
      expect(withVariables({ ...production, ...listing(variable, url) }), url).toThrow(variable);
    }
    const listed = { ...production, ...listing(variable, "https://portfolio.example.com") };
    expect(withVariables(listed)).not.toThrow();
    expect(withVariables({ ...listed, ALLOWED_TARGET_HOSTS: "" })).toThrow(
      `${variable}: an address in it must have a host that is on the list`,
    );
  });

  test.each(["D1CV_API_URL", "AI_AGENT_API_URL"])(
    "the environment allows the host of %s, but no forbidden address",
    (name) => {
      expect(withVariables({ ...production, [name]: "https://other.example" })).not.toThrow();
      for (const url of [
        "http://other.example",
        "https://10.0.0.1",
        "https://localhost",
        "https://u:p@other.example",
      ]) {
        expect(withVariables({ ...production, [name]: url }), url).toThrow(`${name}: an address in it must`);
      }
    },
  );

  test("the environment names ALLOWED_TARGET_HOSTS when an entry is no host", () => {
    expect(withVariables({ ALLOWED_TARGET_HOSTS: "https://portfolio.example.com/s3cret" })).toThrow(
      "ALLOWED_TARGET_HOSTS",
    );
  });
});
