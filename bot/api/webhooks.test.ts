/** Webhooks over the API: registered, changed, looked after; who may, and what becomes of their secrets. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

let world: World;
let admin: ApiClient;
beforeEach(async () => {
  world = await createWorld();
  admin = await ApiClient.of(world, people.admin);
});

const url = "https://hooks.example.com/cv";
const secretShape = /^whsec_[A-Za-z0-9+/]{43}=$/;

/** One delivery of the test event, as the consumer would leave it. */
const ended = async (state: "delivered" | "failed"): Promise<number> => {
  const now = clock.iso();
  const { results } = await env.DB.prepare(
    `UPDATE webhook_deliveries SET state = ?2, next_at = NULL, attempts = 1, status = ?3, ended_at = ?4, updated_at = ?4
     WHERE workspace_id = ?1 AND state = 'pending' RETURNING number`,
  )
    .bind(world.team, state, state === "delivered" ? 200 : 500, now)
    .all<{ number: number }>();
  return results[0]?.number ?? 0;
};

describe("a webhook", () => {
  test("a webhook over HTTP is created with a secret that is shown once", async () => {
    const made = await admin.post("/webhooks", { url });
    expect(made).toMatchObject({
      status: 201,
      body: { number: 1, url, events: ["*"], profile: "standard", state: "active" },
    });
    expect(made.body.meta.secret).toMatch(secretShape);
    const shown = [
      await admin.get("/webhooks"),
      await admin.get("/webhooks/1"),
      await admin.get("/webhooks/status"),
      await admin.get("/events"),
    ];
    expect(JSON.stringify(shown.map(({ body }) => body))).not.toContain(made.body.meta.secret);
    const [row] = await world.rows("webhook_endpoints");
    expect(row).toMatchObject({ secret: made.body.meta.secret });
  });

  test("a webhook over HTTP is created once by a repeated request", async () => {
    const headers = { "Idempotency-Key": "register" };
    const first = await admin.post("/webhooks", { url }, headers);
    const second = await admin.post("/webhooks", { url }, headers);
    expect(first.body.meta.secret).toMatch(secretShape);
    expect(second.body).toEqual({
      ...first.body,
      meta: { secret: null, hint: expect.stringContaining("POST /v2/webhooks/1/rotate") },
    });
    expect(second.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await world.rows("webhook_endpoints")).toHaveLength(1);
    const { results } = await env.DB.prepare("SELECT reply FROM api_replies").all();
    expect(JSON.stringify(results)).not.toContain("whsec_");
  });

  test("a webhook over HTTP gets one new secret by a repeated request, which is shown once", async () => {
    await admin.post("/webhooks", { url });
    const headers = { "Idempotency-Key": "rotate" };
    const first = await admin.post("/webhooks/1/rotate", { overlapHours: 2 }, headers);
    const second = await admin.post("/webhooks/1/rotate", { overlapHours: 2 }, headers);
    expect(first.body.meta.secret).toMatch(secretShape);
    expect(second.body.meta).toEqual({ secret: null, hint: expect.stringContaining("POST /v2/webhooks/1/rotate") });
    const [row] = await world.rows("webhook_endpoints");
    expect(row).toMatchObject({ secret: first.body.meta.secret });
    const { results } = await env.DB.prepare("SELECT reply FROM api_replies").all();
    expect(JSON.stringify(results)).not.toContain("whsec_");
  });

  test("a webhook over HTTP keeps the fields that an update leaves out", async () => {
    await admin.post("/webhooks", { url, description: "ops", events: ["job.*"] });
    expect(await admin.send("PATCH", "/webhooks/1", { profile: "fast" })).toMatchObject({
      status: 200,
      body: { url, description: "ops", events: ["job.*"], profile: "fast" },
    });
    expect((await world.rows("job_events")).at(-1)).toMatchObject({ type: "webhook.updated" });
  });

  test("a webhook over HTTP gets a new secret, with an overlap of the old one", async () => {
    const made = await admin.post("/webhooks", { url });
    const rotated = await admin.post("/webhooks/1/rotate", { overlapHours: 2 });
    expect(rotated.body.meta.secret).toMatch(secretShape);
    expect(rotated.body.meta.secret).not.toBe(made.body.meta.secret);
    expect(rotated.body.oldSecretUntil).toBe(clock.iso(2 * 3_600_000));
    const usual = await admin.post("/webhooks/1/rotate");
    expect(usual.body.oldSecretUntil).toBe(clock.iso(24 * 3_600_000));
    expect(await admin.post("/webhooks/1/rotate", { overlapHours: 169 })).toMatchObject({
      status: 422,
      body: {
        code: "overlap_out_of_range",
        detail: expect.stringMatching(/for 0 to 168 whole hours.*"overlapHours": 24/),
      },
    });
  });

  test("a webhook over HTTP is answered after each operation as it is shown later", async () => {
    await admin.post("/webhooks", { url });
    for (const [method, path, body] of [
      ["PATCH", "", { events: ["job.*"] }],
      ["POST", "/rotate", {}],
      ["POST", "/disable", {}],
      ["POST", "/enable", {}],
    ] as const) {
      clock.advance(1000);
      const { meta: _secret, ...webhook } = (await admin.send(method, `/webhooks/1${path}`, body)).body;
      expect(webhook, path).toEqual((await admin.get("/webhooks/1")).body);
      expect(webhook.updatedAt).toBe(clock.iso());
    }
  });

  test("a webhook over HTTP is disabled, enabled and deleted", async () => {
    await admin.post("/webhooks", { url });
    expect((await admin.post("/webhooks/1/disable")).body).toMatchObject({
      state: "disabled",
      disabled: { reason: "person", at: clock.iso() },
    });
    const refusals = [
      [await admin.post("/webhooks/1/disable"), "webhook_state_unchanged"],
      [await admin.post("/webhooks/1/test"), "webhook_disabled"],
      [await admin.post("/webhooks/1/replay", { since: clock.iso(-1000) }), "webhook_disabled"],
    ] as const;
    for (const [answer, code] of refusals) expect(answer).toMatchObject({ status: 409, body: { code } });
    expect((await admin.post("/webhooks/1/enable")).body.state).toBe("active");
    expect((await admin.send("DELETE", "/webhooks/1")).status).toBe(200);
    expect(await admin.get("/webhooks/1")).toMatchObject({ status: 404, body: { code: "webhook_not_found" } });
    expect(await world.rows("webhook_endpoints")).toHaveLength(0);
  });

  test.each([
    [{ url: "http://10.0.0.1/" }, "url_not_allowed", /^The URL must/],
    [{ url: "https://hooks.internal/" }, "url_not_allowed", /public network/],
    [{ url: `https://hooks.example.com/${"x".repeat(2000)}` }, "url_too_long", /may have at most 2000/],
    [{ url, events: [] }, "events_required", /"\*" for all/],
    [{ url, events: ["job.complete"] }, "unknown_event", /Did you mean "job.completed"/],
    [{ url, profile: "standart" }, "unknown_profile", /Did you mean "standard"/],
    [{ url, description: "x".repeat(201) }, "description_too_long", /may have at most 200/],
    [{ events: ["*"] }, "invalid_request", /"\/url" is required/],
  ])("a webhook over HTTP of %.60j is refused with the rule", async (body, code, detail) => {
    expect(await admin.post("/webhooks", body)).toMatchObject({
      status: 422,
      body: { code, detail: expect.stringMatching(detail) },
    });
    expect(await world.rows("webhook_endpoints")).toHaveLength(0);
  });

  test("a workspace has at most twenty webhooks over HTTP", async () => {
    for (let index = 0; index < 20; index += 1) await admin.post("/webhooks", { url });
    expect(await admin.post("/webhooks", { url })).toMatchObject({
      status: 409,
      body: { code: "too_many_webhooks", max: 20 },
    });
  });
});

describe("the deliveries of a webhook", () => {
  beforeEach(async () => {
    await admin.post("/webhooks", { url, events: ["push.*"] });
    await admin.post("/webhooks/1/test");
  });

  test("deliveries over HTTP are listed by state and page, and shown one by one", async () => {
    const listed = await admin.get("/webhooks/1/deliveries");
    expect(listed.body).toMatchObject({
      deliveries: [{ webhook: 1, type: "webhook.tested", state: "pending", attempts: 0 }],
      next: null,
    });
    const [{ number }] = listed.body.deliveries;
    expect((await admin.get(`/deliveries/${number}`)).body).toEqual(listed.body.deliveries[0]);
    expect((await admin.get("/webhooks/1/deliveries?state=failed")).body.deliveries).toEqual([]);
    await ended("delivered");
    await admin.post("/webhooks/1/test");
    const first = await admin.get("/webhooks/1/deliveries?limit=1");
    const second = await admin.get(`/webhooks/1/deliveries?limit=1&before=${first.body.next}`);
    expect([first, second].map(({ body }) => body.deliveries[0].state)).toEqual(["pending", "delivered"]);
    expect(second.body.next).toBeNull();
  });

  test("the numbers of deliveries say nothing about how much other workspaces deliver", async () => {
    const other = await ApiClient.of(await createWorld(), people.admin);
    await other.post("/webhooks", { url, events: ["push.*"] });
    const [mine, theirs] = [await admin.get("/webhooks/1/deliveries"), await other.get("/webhooks/1/deliveries")];
    const [{ number: begun }] = mine.body.deliveries;
    expect([begun, theirs.body.deliveries]).toEqual([1, []]);
    for (const client of [other, admin, other, admin]) await client.post("/webhooks/1/test");
    const numbersOf = async (client: ApiClient): Promise<number[]> =>
      (await client.get("/webhooks/1/deliveries")).body.deliveries.map(({ number }: { number: number }) => number);
    expect([await numbersOf(admin), await numbersOf(other)]).toEqual([
      [3, 2, 1],
      [2, 1],
    ]);
    expect(await other.get("/deliveries/3")).toMatchObject({ status: 404, body: { code: "delivery_not_found" } });
  });

  test("a delivery over HTTP is replayed, unless it is pending", async () => {
    const number = await ended("failed");
    const again = await admin.post(`/deliveries/${number}/replay`);
    expect(again).toMatchObject({ status: 202, body: { number, state: "pending" } });
    expect(await admin.post(`/deliveries/${number}/replay`)).toMatchObject({
      status: 409,
      body: { code: "delivery_pending" },
    });
    expect(await admin.post("/deliveries/99/replay")).toMatchObject({
      status: 404,
      body: { code: "delivery_not_found" },
    });
  });

  test("deliveries over HTTP of a period are replayed, in any time zone", async () => {
    await ended("failed");
    clock.advance(60_000);
    const since = clock.iso(-120_000).replace("Z", "+00:00");
    expect(await admin.post("/webhooks/1/replay", { since })).toMatchObject({
      status: 202,
      body: { number: 1, meta: { since: clock.iso(-120_000), until: clock.iso(), replayed: 1, more: false } },
    });
    clock.advance(1);
    expect((await admin.post("/webhooks/1/replay", { since })).body.meta.replayed).toBe(0);
    expect(await admin.post("/webhooks/1/replay", { since: clock.iso(1000) })).toMatchObject({
      status: 422,
      body: { code: "invalid_time_range" },
    });
  });

  test("the status of webhooks over HTTP has rates, lag and growth", async () => {
    clock.advance(60_000);
    const waiting = await admin.get("/webhooks/status");
    expect(waiting.body.webhooks).toEqual([
      {
        webhook: 1,
        state: "active",
        lastHour: { created: 1, delivered: 0, failed: 0, rate: null },
        last24Hours: { created: 1, delivered: 0, failed: 0, rate: null },
        pending: 1,
        lagMs: 60_000,
        growth: 1,
        failed: 0,
      },
    ]);
    await ended("failed");
    expect((await admin.get("/webhooks/status")).body.webhooks).toMatchObject([
      { lastHour: { created: 1, failed: 1, rate: 0 }, pending: 0, lagMs: 0, growth: 0, failed: 1 },
    ]);
  });
});

describe("the permission for webhooks", () => {
  const requests: [method: string, path: string, body?: object][] = [
    ["GET", "/webhooks"],
    ["POST", "/webhooks", { url }],
    ["GET", "/webhooks/status"],
    ["GET", "/webhooks/1"],
    ["PATCH", "/webhooks/1", { profile: "fast" }],
    ["POST", "/webhooks/1/enable", {}],
    ["POST", "/webhooks/1/disable", {}],
    ["POST", "/webhooks/1/rotate", {}],
    ["POST", "/webhooks/1/test", {}],
    ["POST", "/webhooks/1/replay", { since: "2026-11-28T09:30:00Z" }],
    ["GET", "/webhooks/1/deliveries"],
    ["GET", "/deliveries/1"],
    ["POST", "/deliveries/1/replay", {}],
    ["DELETE", "/webhooks/1"],
  ];

  test.each(requests)("the operation %s %s needs an admin and the scope admin", async (method, path, body) => {
    await admin.post("/webhooks", { url });
    await admin.post("/webhooks/1/test");
    const before = [await world.rows("webhook_endpoints"), await world.rows("webhook_deliveries")];
    const approver = await ApiClient.of(world, people.approver);
    expect(await approver.send(method, path, body)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const narrow = await ApiClient.of(world, people.admin, ["read", "stage", "review", "push"]);
    expect(await narrow.send(method, path, body)).toMatchObject({ status: 403, body: { code: "insufficient_scope" } });
    expect([await world.rows("webhook_endpoints"), await world.rows("webhook_deliveries")]).toEqual(before);
  });

  test.each(requests.filter(([method, path]) => `${method} ${path}` !== "POST /webhooks"))(
    "the operation %s %s is refused to another workspace",
    async (method, path, body) => {
      await admin.post("/webhooks", { url });
      await admin.post("/webhooks/1/test");
      const before = [await world.rows("webhook_endpoints"), await world.rows("webhook_deliveries")];
      const stranger = await ApiClient.of(await createWorld(), people.admin);
      const answer = await stranger.send(method, path, body);
      if (/\d/.test(path)) expect(answer.status).toBe(404);
      else expect(answer.body).toEqual({ webhooks: [] });
      expect([await world.rows("webhook_endpoints"), await world.rows("webhook_deliveries")]).toEqual(before);
    },
  );
});

test("another method at /webhooks/status names that address's method", async () => {
  expect(await admin.send("POST", "/webhooks/status", {})).toMatchObject({ status: 405, body: { allowed: ["GET"] } });
});
