/** `cv login`, `cv logout`, and where the token of a command comes from. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { sha256Hex } from "../../shared/digest.ts";
import { problem } from "../sdk/testing/scripted-server.ts";
import { configFile } from "./config-file.ts";
import { shellOf } from "./testing/shell.ts";

const url = "https://cv-ops.test";
const code = "WDJB-MJHT";
const me = (token: object | null = null) => ({
  workspaceId: "T0CVOPS01",
  userId: "U0AVERY01",
  role: "editor",
  permissions: ["read", "stage"],
  token,
  targets: ["d1cv", "ai-agent"],
  mode: "team",
  approvalsNeeded: 1,
});
const token = {
  number: 4,
  name: "cv on averys-laptop",
  scopes: ["read", "stage"],
  createdAt: "2031-03-03T09:00:00.000Z",
  expiresAt: "2031-06-01T09:00:00.000Z",
  lastUsedAt: null,
  owner: "U0AVERY01",
  state: "active",
};

const begun = (state: string, more: object = {}) => ({
  code,
  device: "averys-laptop",
  createdAt: "2031-03-03T09:00:00.000Z",
  expiresAt: "2031-03-03T09:10:00.000Z",
  state,
  url: `${url}/app/login/${code}`,
  intervalSeconds: 3,
  ...more,
});

/** A server at which the device's wait ends so, after one time of asking again. */
const ending = (state: string, more: object = {}, options: Parameters<typeof shellOf>[0] = {}) => {
  const shell = shellOf({ env: {}, ...options });
  let asked = 0;
  shell.server.replies.set("POST /logins", () => {
    asked += 1;
    return asked < 3 ? begun("pending") : begun(state, more);
  });
  shell.server.replies.set("GET /me", me(token));
  shell.server.replies.set("GET /people", { people: [{ userId: "U0AVERY01", name: "Avery Lindqvist" }] });
  return shell;
};

const bodies = ({ server }: ReturnType<typeof shellOf>) => server.requests.map(({ body }) => body);

describe("cv login", () => {
  test("cv login shows a code, waits until it is confirmed, and stores its own token for that address", async () => {
    const shell = ending("confirmed", {}, { tty: true });
    shell.server.token = null;
    const { code: exit, out, err } = await shell.cv("login", url);
    expect([exit, shell.opened]).toEqual([0, [`${url}/app/login/${code}`]]);
    expect(err).toContain(`Your code is ${code}.`);
    expect(out).toContain(
      "Signed in to https://cv-ops.test as Avery Lindqvist, editor of T0CVOPS01, with token cv on averys-laptop (read, stage).\nThe token expires on 2031-06-01.\n",
    );
    const config = JSON.parse(shell.file.text ?? "") as { current: string; tokens: Record<string, string> };
    const stored = config.tokens[url] ?? "";
    expect(config).toEqual({ current: url, tokens: { [url]: expect.stringMatching(/^cvops_[\w-]{43}$/) } });
    expect(bodies(shell)[0]).toEqual({ hash: await sha256Hex(stored), device: "averys-laptop" });
    expect(JSON.stringify([out, err, bodies(shell), shell.server.requests.map(({ path }) => path)])).not.toContain(
      stored,
    );
  });

  test("cv login stores nothing when the code is declined or nobody confirms it", async () => {
    for (const [state, more, says] of [
      ["declined", {}, "declined in the portal"],
      ["expired", {}, "Nobody has confirmed the code in time"],
      ["pending", { code: "BCDF-GHJK" }, "Nobody has confirmed the code in time"],
    ] as const) {
      const shell = ending(state, more);
      const { code: exit, out, err } = await shell.cv("login", url);
      expect([exit, out, shell.file.text]).toEqual([1, "", null]);
      expect(err).toContain(says);
    }
  });

  test("cv login in a pipe opens no browser, and Ctrl-C ends the wait", async () => {
    const stopped = new AbortController();
    stopped.abort();
    const shell = ending("confirmed", {}, { interrupted: stopped.signal });
    expect((await shell.cv("login", url)).code).toBe(130);
    expect([shell.opened, shell.file.text, shell.unguarded.printed]).toEqual([[], null, ""]);
  });

  test("cv login --with-token stores a token from standard input once it was tried", async () => {
    const given = `cvops_${"a".repeat(43)}`;
    const shell = ending("pending", {}, { input: `${given}\n` });
    shell.server.token = "another";
    expect((await shell.cv("login", url, "--with-token")).code).toBe(1);
    expect(shell.file.text).toBeNull();
    shell.server.token = given;
    const { code: exit, out } = await shell.cv("login", url, "--with-token", "--json");
    expect([exit, JSON.parse(out)]).toMatchObject([0, { userId: "U0AVERY01", url }]);
    expect(out).not.toContain(given);
    expect(JSON.parse(shell.file.text ?? "")).toEqual({ current: url, tokens: { [url]: given } });
  });

  test("cv login without an address or with what is no token says so, and sends nothing", async () => {
    const shell = ending("pending", {}, { input: "hello" });
    expect(await shell.cv("login")).toMatchObject({ code: 2, err: expect.stringContaining("cv login <address>") });
    expect(await shell.cv("login", "cv-ops")).toMatchObject({ code: 2, err: expect.stringContaining("not a URL") });
    expect(await shell.cv("login", url, "--with-token")).toMatchObject({
      code: 2,
      err: expect.stringContaining("has no token"),
    });
    expect(shell.server.requests).toEqual([]);
  });
});

describe("the token of a command", () => {
  const config = JSON.stringify({ current: url, tokens: { [url]: "cvops_token" } });

  test("cv whoami says where the token comes from: the environment outranks what is stored", async () => {
    const env = { CV_OPS_TOKEN: "cvops_env" };
    for (const [options, from] of [
      [{ config, env: {} }, "/home/avery/.config/cv-ops/config.json"],
      [{ config, env }, "CV_OPS_TOKEN"],
    ] as const) {
      const shell = ending("pending", {}, options);
      shell.server.token = from === "CV_OPS_TOKEN" ? "cvops_env" : "cvops_token";
      expect((await shell.cv("whoami")).out).toContain(`The token is from ${from}, for https://cv-ops.test.\n`);
    }
  });

  test("a stored token goes to no other address than its own", async () => {
    const shell = ending("pending", {}, { config, env: { CV_OPS_URL: "https://elsewhere.test" } });
    expect(await shell.cv("whoami")).toMatchObject({ code: 2, err: expect.stringContaining("cv login") });
    expect(shell.server.requests).toEqual([]);
  });

  test("a config file that is none says how to go on", async () => {
    const shell = ending("pending", {}, { config: "{" });
    expect(await shell.cv("whoami")).toMatchObject({ code: 2, err: expect.stringContaining("delete it") });
  });

  test("cv logout ends the stored token and forgets it, also when it has ended before", async () => {
    const shell = ending("pending", {}, { config });
    shell.server.replies.set("DELETE /tokens/4", { ...token, state: "revoked" });
    expect(await shell.cv("logout")).toMatchObject({ code: 0, out: expect.stringContaining(`Signed out of ${url}`) });
    expect(shell.server.requests.at(-1)).toMatchObject({ method: "DELETE", path: "/tokens/4" });
    expect(JSON.parse(shell.file.text ?? "")).toEqual({ current: null, tokens: {} });
    expect(await shell.cv("logout", url)).toMatchObject({
      code: 1,
      err: expect.stringContaining("Nobody is signed in"),
    });
    shell.file.text = config;
    shell.server.replies.set("GET /me", problem(401, "unauthorized", "The token is revoked."));
    expect((await shell.cv("logout")).code).toBe(0);
    expect(JSON.parse(shell.file.text)).toEqual({ current: null, tokens: {} });
  });
});

test("the config file is its owner's alone, also where another was there before", () => {
  const folder = mkdtempSync(join(tmpdir(), "cv-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = configFile({ XDG_CONFIG_HOME: folder });
  expect([file.path, file.read()]).toEqual([join(folder, "cv-ops", "config.json"), null]);
  file.write("first");
  expect(statSync(join(folder, "cv-ops")).mode & 0o777).toBe(0o700);
  writeFileSync(file.path, "open to all", { mode: 0o644 });
  file.write("second");
  expect([file.read(), statSync(file.path).mode & 0o777]).toEqual(["second", 0o600]);
  // A relative path is ignored, as the specification says.
  expect(configFile({ XDG_CONFIG_HOME: "here" }).path).not.toContain("here");
});
