import { afterEach, describe, expect, test, vi } from "vitest";
import type { TargetBinding } from "../storage/pushes/targets.ts";
import { unsealed } from "../storage/pushes/targets.ts";
import { encryption } from "../../test/support/shared/world.ts";
import { createCredentialSource } from "./credential-source.ts";
import { parseCredentials } from "./credentials.ts";
import { type DirectoryOptions, createDirectory } from "./directory.ts";

const credentials = {
  request: [`whsec_${btoa("x".repeat(32))}`],
  webhook: [`whsec_${btoa("y".repeat(32))}`],
  read: "token",
};
const seen: string[] = [];
const answer = (url: string): Response => {
  seen.push(url);
  return Response.json({ rows: [] });
};

const directory = (overrides: Partial<DirectoryOptions> = {}) =>
  createDirectory({
    services: { D1CV: { fetch: async (input: Request) => answer(input.url) }, DB: {} },
    urls: {},
    credentials: createCredentialSource(encryption, { d1cv: credentials }),
    publicUrl: "https://bot.example/base",
    addresses: { allowedHosts: ["d1cv.example"], isLocal: false },
    nowMs: () => 0,
    newId: () => "id",
    ...overrides,
  });

const target = (overrides: Partial<TargetBinding> = {}): TargetBinding => ({
  workspaceId: "T1",
  name: "d1cv",
  alias: null,
  position: 0,
  portfolioId: "noor vega",
  binding: "D1CV",
  url: null,
  credentials: "d1cv",
  ...unsealed,
  ...overrides,
});

afterEach(() => {
  vi.unstubAllGlobals();
  seen.length = 0;
});

describe("a target", () => {
  test("a target with a service binding is called through it, and calls back internally", async () => {
    const client = directory()(target());
    expect(client.callbackUrl).toBe("https://cv-ops.internal/v2/webhook/d1cv");
    await client.rows("technology");
    expect(seen).toEqual(["https://d1cv.internal/api/portfolios/noor%20vega/technology"]);
  });

  test.each([
    ["of its own", {}, target({ url: "https://d1cv.example" })],
    ["that replaces its binding", { urls: { d1cv: "https://d1cv.example" } }, target()],
    [
      "that replaces its own",
      { urls: { d1cv: "https://d1cv.example" } },
      target({ url: "https://old.example", binding: null }),
    ],
  ])("a target with an address %s is called and calls back over the network", async (_name, options, binding) => {
    vi.stubGlobal("fetch", async (request: Request) => answer(request.url));
    const client = directory(options)(binding);
    expect(client.callbackUrl).toBe("https://bot.example/v2/webhook/d1cv");
    await client.rows("technology");
    expect(seen).toEqual(["https://d1cv.example/api/portfolios/noor%20vega/technology"]);
  });

  test("a target over plain HTTP is refused outside the local stack", () => {
    for (const url of ["http://d1cv.example", "ftp://d1cv.example"]) {
      expect(() => directory()(target({ url }))).toThrow("The address of target d1cv must be https");
    }
    const local = directory({ addresses: { allowedHosts: ["localhost:9100"], isLocal: true } });
    expect(local(target({ url: "http://localhost:9100" })).callbackUrl).toContain("/v2/webhook/d1cv");
  });

  test("a target on a host that the operator has not listed is never called", () => {
    for (const url of ["https://evil.example", "https://d1cv.example:8443", "https://127.0.0.1", "//d1cv.example"]) {
      expect(() => directory()(target({ url }))).toThrow("The address of target d1cv must");
    }
    expect(seen).toEqual([]);
  });

  test.each<[string, Partial<TargetBinding>, string]>([
    ["without credentials", { credentials: "missing" }, 'TARGET_CREDENTIALS has no entry "missing" for target d1cv'],
    ["with a binding that does not exist", { binding: "NOWHERE" }, "neither an address nor a service binding"],
    ["with a binding that is no service", { binding: "DB" }, "neither an address nor a service binding"],
    ["with neither", { binding: null }, "neither an address nor a service binding"],
  ])("a target %s throws, naming the mistake in the configuration", (_name, overrides, message) => {
    expect(() => directory()(target(overrides))).toThrow(message);
  });
});

describe("credentials", () => {
  test("target credentials are read by name", () => {
    expect(parseCredentials(JSON.stringify({ d1cv: credentials }))).toEqual({ d1cv: credentials });
    const rotated = { ...credentials, read: [credentials.read, "the old one"] };
    expect(parseCredentials(JSON.stringify({ d1cv: rotated }))).toEqual({ d1cv: credentials });
  });

  test.each([
    "",
    "not json",
    "[]",
    '{"d1cv":{}}',
    '{"d1cv":{"request":[],"webhook":["whsec_secret"],"read":"t"}}',
    '{"d1cv":{"request":["whsec_secret"],"webhook":["whsec_secret"],"read":""}}',
  ])("malformed target credentials throw without showing a secret: %s", (json) => {
    expect(() => parseCredentials(json)).toThrow("TARGET_CREDENTIALS must be JSON");
    expect(() => parseCredentials(json)).not.toThrow("whsec_secret");
  });
});
