/** Requests that do not fit, that come twice, and that come too often. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { database, targets } from "../../test/support/bot/stand-ins.ts";
import { botWith, type World, createWorld, people } from "../../test/support/bot/world.ts";
import { ratePolicies } from "./rate-limiter.ts";

let world: World;
let author: ApiClient;
beforeEach(async () => {
  world = await createWorld();
  author = await ApiClient.of(world, people.author);
});

const change = { action: "UPDATE", entityType: "technology", entityId: "python-1", payload: { experience_years: 8 } };

describe("an invalid request", () => {
  test.each([
    [
      "POST",
      "/stage",
      {},
      [
        ["/action", "is required"],
        ["/entityType", "is required"],
      ],
    ],
    ["POST", "/stage", { ...change, action: "RENAME" }, [["/action", "must be one of `CREATE`, `UPDATE`, `DELETE`"]]],
    ["POST", "/stage", { ...change, extra: 1 }, [["/", "has unknown fields: `extra`"]]],
    [
      "POST",
      "/stage",
      { ...change, payload: { level: { a: 1 } } },
      [["/payload/level", "must be a text, a number, true, false, null or a list of texts"]],
    ],
    ["POST", "/stage", [], [["/", "must be an object"]]],
    ["POST", "/commit", { message: 7 }, [["/message", "must be a text"]]],
    ["POST", "/commit", { message: "m", changes: [] }, [["/changes", "must have at least 1 items"]]],
    ["GET", "/commits?limit=0", undefined, [["query.limit", "must be at least 1"]]],
    ["GET", "/commits?limit=1e3", undefined, [["query.limit", "is not written as it has to be"]]],
    ["GET", "/commits?limit=1&limit=2", undefined, [["query.limit", "must be a text"]]],
    ["GET", "/commits?since=yesterday", undefined, [["query.since", "must be a time such as 2026-11-28T09:30:00Z"]]],
    ["GET", "/commits?what=1", undefined, [["query", "has unknown fields: `what`"]]],
    ["GET", "/commits/1/checks?what=1", undefined, [["query", "has unknown fields: `what`"]]],
    ["POST", "/commits/1/cancel", { target: "d1cv" }, [["/", "has unknown fields: `target`"]]],
    ["DELETE", "/staged/1", { all: true }, [["/", "has unknown fields: `all`"]]],
    ["GET", "/commits/one", undefined, [["path.number", "is not written as it has to be"]]],
    ["GET", "/jobs/..%2F..", undefined, [["path.id", "is not written as it has to be"]]],
  ] as const)("the invalid request %s %s %j is refused with fields and rules", async (method, path, body, errors) => {
    const answer = await author.send(method, path, body);
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_request" } });
    expect(answer.body.errors).toEqual(errors.map(([field, rule]) => ({ field, rule })));
  });

  test.each([
    ["{", {}, 400, "malformed_body"],
    ["{}", { "Content-Type": "text/plain" }, 415, "unsupported_media_type"],
    [`{"message":"${"x".repeat(1_100_000)}"}`, {}, 413, "too_large"],
    ["{}", { "Idempotency-Key": "x".repeat(201) }, 400, "invalid_idempotency_key"],
  ])("the request body %.10s is refused with its reason", async (body, headers, status, code) => {
    expect(await author.send("POST", "/commit", body, headers)).toMatchObject({ status, body: { code } });
  });

  test("a request to an unknown address or method gets the allowed ones", async () => {
    expect(await author.get("/nothing")).toMatchObject({ status: 404, body: { code: "not_found" } });
    const wrong = await author.send("PUT", "/commits/1", {});
    expect(wrong).toMatchObject({ status: 405, body: { code: "method_not_allowed", allowed: ["GET", "DELETE"] } });
    expect(wrong.headers.get("Allow")).toBe("GET, DELETE");
  });
});

describe("an idempotency key", () => {
  const keyed = (key: string, body: unknown = change) => author.post("/stage", body, { "Idempotency-Key": key });

  test("an idempotency key repeats the reply and does nothing again", async () => {
    const first = await keyed("once");
    const second = await keyed("once");
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(first.headers.get("Idempotency-Replayed")).toBeNull();
    expect(second.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await world.rows("staged_changes")).toHaveLength(1);
  });

  test("an idempotency key is free again after a refusal, whose reason may be gone", async () => {
    const missing = { ...change, entityId: "rust-1" };
    expect(await keyed("refused", missing)).toMatchObject({ status: 404, body: { code: "row_not_found" } });
    world.putRow("rust-1", { name: "Rust", category: "Backend", experience_years: 1 });
    expect(await keyed("refused", missing)).toMatchObject({ status: 201 });
  });

  test("an idempotency key is refused with another body or address", async () => {
    await keyed("once");
    expect(await keyed("once", { ...change, payload: { experience_years: 9 } })).toMatchObject({
      status: 409,
      body: { code: "idempotency_key_reused" },
    });
    const approver = await ApiClient.of(world, people.approver);
    const approve = (number: number) =>
      approver.post(`/commits/${number}/approve`, {}, { "Idempotency-Key": "approve" });
    await author.post("/commit", { message: "m" });
    expect(await approve(1)).toMatchObject({ status: 200 });
    expect(await approve(2)).toMatchObject({ status: 409, body: { code: "idempotency_key_reused" } });
  });

  test("an idempotency key belongs to one person", async () => {
    const other = await ApiClient.of(world, people.otherAuthor);
    await keyed("once");
    expect(
      await other.post("/stage", { ...change, payload: { level: "Expert" } }, { "Idempotency-Key": "once" }),
    ).toMatchObject({ status: 201 });
  });

  test("an idempotency key that comes three times at once has one effect", async () => {
    const answers = await Promise.all([keyed("once"), keyed("once"), keyed("once")]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await world.rows("staged_changes")).toHaveLength(1);
  });

  test("an idempotency key whose answer was lost finds its effect done", async () => {
    const first = await keyed("lost");
    await env.DB.prepare("UPDATE api_replies SET reply = NULL WHERE workspace_id = ?1").bind(world.team).run();
    const second = await keyed("lost");
    expect(second.body).toEqual(first.body);
    expect(await world.rows("staged_changes")).toHaveLength(1);
  });

  test("an idempotency key on a push starts one push", async () => {
    await keyed("a");
    await author.post("/commit", { message: "m" });
    const approver = await ApiClient.of(world, people.approver);
    await approver.post("/commits/1/approve");
    const push = () => approver.post("/push/all", { commit: 1 }, { "Idempotency-Key": "push" });
    const [first, second] = await Promise.all([push(), push()]);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body.number).toBe(first.body.number);
    expect(await world.rows("pushes")).toHaveLength(1);
  });

  test("an idempotency key keeps no answer of an outage", async () => {
    const send = world.send;
    world.send = botWith({ DB: database });
    database.mood = "down";
    const failed = await keyed("again");
    expect(failed).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(failed.headers.get("Retry-After")).toBe("5");
    world.send = send;
    expect(await keyed("again")).toMatchObject({ status: 201 });
  });

  test("an idempotency key is free again after a target's outage", async () => {
    const approver = await ApiClient.of(world, people.approver);
    const reindex = () => approver.post("/reindex", {}, { "Idempotency-Key": "reindex" });
    targets["ai-agent"].mood = "down";
    expect(await reindex()).toMatchObject({ status: 503, body: { code: "reindex_failed" } });
    targets["ai-agent"].mood = "well";
    const done = await reindex();
    expect(done.status).toBeLessThan(300);
    expect(done.headers.get("Idempotency-Replayed")).toBeNull();
  });
});

describe("the rate limit", () => {
  test("a rate limit is in the headers, and a 429 says how long to wait", async () => {
    const { limit } = ratePolicies.write;
    const first = await author.post("/commit", {});
    expect(first.headers.get("RateLimit-Policy")).toBe(`"write";q=${limit};w=60`);
    expect(first.headers.get("RateLimit")).toBe(`"write";r=${limit - 1};t=60`);
    clock.advance(20_000);
    for (let count = 1; count < limit; count += 1) await author.post("/commit", {});
    const over = await author.post("/commit", {});
    expect(over).toMatchObject({ status: 429, body: { code: "rate_limited", retryAfterSeconds: 40 } });
    expect(over.headers.get("Retry-After")).toBe("40");
    // Reads have a window of their own, and so have others.
    expect((await author.get("/me")).status).toBe(200);
    expect((await (await ApiClient.of(world, people.otherAuthor)).post("/commit", {})).status).toBe(422);
    clock.advance(40_000);
    expect((await author.post("/commit", {})).status).toBe(422);
  });
});

describe("the limit of a person", () => {
  const left = (answer: { headers: Headers }) => Number(/r=(\d+)/.exec(answer.headers.get("RateLimit") ?? "")?.[1]);

  test("a person has one limit over all their tokens", async () => {
    const first = left(await author.get("/me"));
    const second = await ApiClient.of(world, people.author, ["read"]);
    expect(left(await second.get("/me"))).toBe(first - 1);
    expect(left(await (await ApiClient.of(world, people.otherAuthor)).get("/me"))).toBe(first);
  });

  test("a search counts as ten plain reads", async () => {
    const before = left(await author.get("/me"));
    expect(left(await author.get("/search?q=Python"))).toBe(before - 10);
    expect(left(await author.get("/me"))).toBe(before - 11);
  });
});

describe("pages of other sites", () => {
  const preflight = (send: World["send"], origin: string) =>
    send(
      new Request(new URL("/v2/me", env.PUBLIC_URL), {
        method: "OPTIONS",
        headers: {
          Origin: origin,
          "Access-Control-Request-Method": "GET",
          "Access-Control-Request-Headers": "authorization",
        },
      }),
    );

  test("a page of another site may not read the API", async () => {
    const response = await preflight(world.send, "https://elsewhere.example");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBeNull();
    const answer = await author.send("GET", "/me", undefined, { Origin: "https://elsewhere.example" });
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  test("a page of an allowed origin may read the API with a token", async () => {
    world.send = botWith({ API_ALLOWED_ORIGINS: "https://elsewhere.example" });
    const response = await preflight(world.send, "https://elsewhere.example");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("https://elsewhere.example");
    expect(response.headers.get("Access-Control-Allow-Credentials")).toBeNull();
    expect((await preflight(world.send, "https://evil.example")).headers.get("Access-Control-Allow-Origin")).toBeNull();
  });
});
