/** Who may call with a token: only its holder, while it lives, and only in its workspace. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { newToken } from "../../shared/api-token.ts";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { logged } from "../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

let world: World;
let author: ApiClient;
beforeEach(async () => {
  world = await createWorld();
  author = await ApiClient.of(world, people.author);
});

const ask = (authorization: string | null) =>
  author.send("GET", "/me", undefined, authorization === null ? {} : { Authorization: authorization });

const refusal = (because: RegExp) => ({
  status: 401,
  body: { code: "unauthorized", detail: expect.stringMatching(because) },
});

describe("a request", () => {
  test("a request with a live token acts for its owner", async () => {
    expect(await author.get("/me")).toMatchObject({ status: 200, body: { userId: people.author, role: "editor" } });
  });

  test.each([
    ["Bearer cvops_short", /not a token of CV Ops/],
    [`Bearer ${newToken()}`, /unknown/],
    ["Basic YTpi", /not a bearer token/],
    ["Bearer", /not a bearer token/],
  ])("a request with the authorization %s is refused with the reason", async (authorization, because) => {
    const answer = await ask(authorization);
    expect(answer).toMatchObject(refusal(because));
    expect(answer.headers.get("WWW-Authenticate")).toBe('Bearer realm="CV Ops"');
  });

  test("a request without a token is refused", async () => {
    const response = await world.send(new Request(new URL("/v2/me", env.PUBLIC_URL)));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "unauthorized" });
  });

  test("a request with an expired token is refused", async () => {
    clock.advance(3_600_000);
    expect(await author.get("/me")).toMatchObject(refusal(/is expired/));
  });

  test("a request with a revoked token is refused at once", async () => {
    const admin = await ApiClient.of(world, people.admin);
    const { tokens } = (await author.get("/tokens")).body;
    expect((await admin.send("DELETE", `/tokens/${tokens[0].number}`)).body).toMatchObject({ state: "revoked" });
    expect(await author.get("/me")).toMatchObject(refusal(/is revoked/));
  });

  test("a person who has lost every role may end their tokens, and a token itself whatever its scopes", async () => {
    const whole = await ApiClient.of(world, people.viewer);
    const narrow = await ApiClient.of(world, people.viewer, ["stage"]);
    const third = await ApiClient.of(world, people.viewer, ["read"]);
    const numberOf = async (client: ApiClient) =>
      String((await world.rows("api_tokens")).find(({ id }) => id === client.tokenId)?.["number"]);
    expect(await narrow.send("DELETE", `/tokens/${await numberOf(third)}`)).toMatchObject({
      status: 403,
      body: { code: "insufficient_scope", scope: "admin" },
    });
    expect(await narrow.send("DELETE", `/tokens/${await numberOf(narrow)}`)).toMatchObject({ status: 200 });
    expect(await whole.send("DELETE", `/tokens/${await numberOf(third)}`)).toMatchObject({ status: 200 });
    expect(await third.get("/me")).toMatchObject(refusal(/is revoked/));
  });

  test("a token's last use is recorded once an hour", async () => {
    const program = await ApiClient.of(world, people.author, ["read"], 24 * 3_600_000);
    const lastUse = async () =>
      (await world.rows("api_tokens")).find(({ id }) => id === program.tokenId)?.["last_used_at"];
    await program.get("/me");
    const first = await lastUse();
    expect(first).toBe(clock.iso());
    clock.advance(59 * 60_000);
    await program.get("/me");
    expect(await lastUse()).toBe(first);
    clock.advance(2 * 60_000);
    await program.get("/me");
    expect(await lastUse()).toBe(clock.iso());
  });

  test("a token never appears in the log or in stored rows", async () => {
    await author.post(
      "/stage",
      { action: "DELETE", entityType: "technology", entityId: "jquery-1" },
      { "Idempotency-Key": "k" },
    );
    await ask(`Bearer ${author.token}x`);
    expect(logged.join("\n")).not.toContain(author.token);
    const kept = await Promise.all(
      ["api_tokens", "api_replies", "idempotency_records", "job_events"].map(
        async (table) => (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results,
      ),
    );
    expect(kept.flat().length).toBeGreaterThan(3);
    expect(JSON.stringify(kept)).not.toContain(author.token);
  });
});

describe("two workspaces", () => {
  test("a token sees and changes only its own of two workspaces", async () => {
    const other = await createWorld();
    const theirs = await ApiClient.of(other, people.author);
    await author.post("/stage", {
      action: "UPDATE",
      entityType: "technology",
      entityId: "python-1",
      payload: { level: "Expert" },
    });
    expect((await theirs.get("/staged")).body.changes).toEqual([]);
    expect(await theirs.send("DELETE", "/staged/1")).toMatchObject({ status: 404, body: { code: "change_not_found" } });
    expect(
      (await theirs.get("/events")).body.events.filter(({ type }: { type: string }) => type === "change.staged"),
    ).toEqual([]);
    expect((await author.get("/staged")).body.changes).toHaveLength(1);
  });
});

describe("a refused call", () => {
  test("a refused call is in the log with the token, what it asked for, and why not", async () => {
    const refusals = () =>
      logged
        .filter((line) => line.includes('"request.refused"'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const viewer = await ApiClient.of(world, people.viewer);
    const narrow = await ApiClient.of(world, people.admin, ["read"]);
    const short = await ApiClient.of(world, people.author, ["read"], 1000);
    await viewer.post("/commit", { message: "m" });
    await narrow.send("PATCH", "/settings", { mode: "solo" });
    await viewer.post("/commit", {});
    clock.advance(2000);
    await short.get("/me");
    const who = { workspaceId: world.team };
    expect(refusals().slice(-4)).toMatchObject([
      { operation: "createCommit", code: "forbidden", token: viewer.tokenId, ...who },
      { operation: "setSettings", code: "insufficient_scope", token: narrow.tokenId, ...who },
      { operation: "createCommit", code: "invalid_request", token: viewer.tokenId, ...who },
      { operation: "whoAmI", code: "unauthorized", token: short.tokenId, ...who },
    ]);
    const nobody = await world.send(new Request(new URL("/v2/me", env.PUBLIC_URL)));
    expect(nobody.status).toBe(401);
    expect(refusals().at(-1)).toMatchObject({ code: "unauthorized", token: null, because: expect.any(String) });
  });
});

describe("the numbers of events", () => {
  test("the numbers of events say nothing about how much happens in other workspaces", async () => {
    const other = await createWorld();
    const theirs = await ApiClient.of(other, people.author);
    const change = { action: "UPDATE", entityType: "technology", entityId: "python-1", payload: { level: "Expert" } };
    const numbersOf = async (client: ApiClient): Promise<number[]> =>
      (await client.get("/events")).body.events.map(({ id }: { id: number }) => id);
    await theirs.post("/stage", change);
    await theirs.send("DELETE", "/staged/1");
    await author.post("/stage", change);
    await theirs.post("/stage", change);
    await author.send("DELETE", "/staged/1");
    const consecutive = (numbers: number[]) => numbers.map((_number, index) => index + 1);
    for (const client of [author, theirs]) {
      const numbers = await numbersOf(client);
      expect(numbers.length).toBeGreaterThan(1);
      expect(numbers).toEqual(consecutive(numbers));
      const after = (await client.get(`/events?lastEventId=${numbers.at(-2)}`)).body;
      expect(after.events.map(({ id }: { id: number }) => id)).toEqual(numbers.slice(-1));
    }
  });
});

describe("scopes", () => {
  test.each([
    ["read", "POST", "/stage", { action: "DELETE", entityType: "technology", entityId: "jquery-1" }, "stage"],
    ["stage", "GET", "/commits", undefined, "read"],
    ["read", "POST", "/push/all", { commit: 1 }, "push"],
    ["push", "POST", "/commits/1/approve", {}, "review"],
    ["push", "PATCH", "/settings", { mode: "solo" }, "admin"],
  ] as const)("a token for %s may not %s %s", async (scope, method, path, body, needed) => {
    const limited = await ApiClient.of(world, people.admin, [scope]);
    expect(await limited.send(method, path, body)).toMatchObject({
      status: 403,
      body: { code: "insufficient_scope", scope: needed, detail: expect.stringContaining(`"${needed}"`) },
    });
  });
});
