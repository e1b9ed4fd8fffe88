import { describe, expect, test, vi } from "vitest";
import { ScriptedTarget, type ScriptedAnswer } from "../../test/support/shared/scripted-target.ts";
import { reasonOf, valueOf } from "../../test/support/shared/world.ts";
import { traceIdOf } from "../trace.ts";
import { type TargetClientOptions, createTargetClient } from "./client.ts";
import type { ApplyRequest } from "./protocol.ts";

const nowMs = () => Date.parse("2026-11-23T08:00:00.000Z");
const traceId = "a".repeat(32);
const secret = (text: string): string => `whsec_${btoa(text.padEnd(32, "."))}`;
const credentials = { request: [secret("new"), secret("old")], webhook: [secret("hook")], read: "read-token" };
const callbackUrl = "https://cv-ops.internal/v2/webhook/d1cv";

const request: ApplyRequest = {
  type: "apply",
  jobId: "job-1",
  attempt: 1,
  target: "d1cv",
  portfolioId: "noor",
  callbackUrl,
  actor: "U1",
  commit: { number: 1, hash: "h", message: "m" },
  operations: {
    inserts: [{ entityType: "technology", id: "rust-1", values: { name: "Rust", category: "Backend" } }],
    updates: [],
    deletes: [],
  },
};
const cancel = { type: "cancel", jobId: "job-1", attempt: 1, target: "d1cv", portfolioId: "noor" } as const;

const reindex = (target: string) => ({ type: "reindex", requestId: "req-1", target, portfolioId: "noor" }) as const;

const setUp = (overrides: Partial<TargetClientOptions> = {}, name = "d1cv") => {
  const target = new ScriptedTarget({ name, portfolioId: "noor", credentials, nowMs });
  const requests: Request[] = [];
  const client = createTargetClient({
    fetch: (sent) => {
      requests.push(sent.clone());
      return target.fetch(sent);
    },
    baseUrl: "https://d1cv.internal",
    callbackUrl,
    portfolioId: "noor",
    credentials: async () => credentials,
    nowMs,
    newId: () => "msg_1",
    traceId,
    ...overrides,
  });
  return { target, client, requests };
};

describe("a target that speaks the protocol", () => {
  test("a target accepts a signed request under the job's key and trace", async () => {
    const { target, client, requests } = setUp();
    expect(valueOf(await client.apply(request))).toEqual({ accepted: true });
    expect(target.applied).toEqual([request]);
    expect(requests[0]?.headers.get("idempotency-key")).toBe("job-1");
    expect(requests[0]?.headers.get("webhook-id")).toBe("msg_1");
    expect(requests[0]?.headers.get("webhook-timestamp")).toBe(String(nowMs() / 1000));
    expect(requests[0]?.headers.get("authorization")).toBeNull();
    expect(requests[0]?.redirect).toBe("manual");
  });

  test("a target gets the trace with every request, each with its own span", async () => {
    let ids = 0;
    const { client, requests } = setUp({ newId: () => `msg_${(ids += 1)}` });
    await client.rows("technology");
    await client.apply(request);
    await client.job("job-1");
    await client.cancel(cancel);
    const headers = requests.map(({ headers: sent }) => sent.get("traceparent"));
    expect(headers.map(traceIdOf)).toEqual([traceId, traceId, traceId, traceId]);
    expect(new Set(headers).size).toBe(4);
    const { client: untraced, requests: others } = setUp({ traceId: null });
    await untraced.rows("technology");
    expect(others[0]?.headers.has("traceparent")).toBe(false);
  });

  test("a target reports a job's state, and null for a job it never saw", async () => {
    const { client } = setUp();
    expect(valueOf(await client.job("job-1"))).toBeNull();
    await client.apply(request);
    expect(valueOf(await client.job("job-1"))).toMatchObject({
      jobId: "job-1",
      state: "applied",
      result: { inserted: 1 },
    });
  });

  test("a target refuses a cancelled job's key, or reports that it was applied", async () => {
    const { client, target } = setUp();
    expect(valueOf(await client.cancel(cancel))).toEqual({ state: "cancelled", result: null });
    expect(reasonOf(await client.apply(request))).toMatchObject({ code: "refused", status: 409 });
    expect(target.applied).toEqual([]);
    expect(valueOf(await client.apply({ ...request, attempt: 2 }))).toEqual({ accepted: true });
    expect(valueOf(await client.cancel(cancel))).toMatchObject({ state: "applied", result: { inserted: 1 } });
  });

  test("a target lists all rows of a type, or those with given ids", async () => {
    const { client, target, requests } = setUp();
    for (const id of ["a-1", "b&c=d", "e f"]) target.put("technology", id, { name: id, category: "Tools" });
    expect(valueOf(await client.rows("technology")).rows.map(({ id }) => id)).toEqual(["a-1", "b&c=d", "e f"]);
    expect(valueOf(await client.rows("technology", ["b&c=d", "e f", "x"])).rows.map(({ id }) => id)).toEqual([
      "b&c=d",
      "e f",
    ]);
    expect(valueOf(await client.rows("project"))).toEqual({ rows: [], unreadable: [] });
    expect(requests.every(({ headers }) => headers.get("authorization") === "Bearer read-token")).toBe(true);
  });

  test("ids of any service are asked for one by one, in as few requests as addresses hold", async () => {
    const { client, target, requests } = setUp();
    const odd = ["c++", "a,b", "名前/1 x", "100 %", "?id=a-1", "#1", ".."];
    const long = Array.from({ length: 60 }, (_, index) => `${String(index)}${"名".repeat(190)}`);
    for (const id of [...odd, ...long]) target.put("technology", id, { name: id, category: "Tools" });
    expect(valueOf(await client.rows("technology", odd)).rows.map(({ id }) => id)).toEqual(odd);
    expect(requests).toHaveLength(1);
    expect(valueOf(await client.rows("technology", long)).rows).toHaveLength(60);
    expect(Math.max(...requests.map(({ url }) => url.length))).toBeLessThan(8200);
  });

  test("a row that is not of the protocol hides no other, and a field of the service's own is left out", async () => {
    const { client, target } = setUp();
    const row = { version: "1", deletedAt: null };
    const values = { name: "Go", category: "Language", tags: { of: "theirs" } };
    target.answerNext("rows", {
      status: 200,
      body: {
        rows: [
          { ...row, id: "go-1", values },
          { ...row, id: "odd-1", values: { ...values, experience_years: { from: 2020 } } },
          { ...row, id: "bell\u0007", values },
          { ...row, values },
          "no row at all",
        ],
      },
    });
    const { rows, unreadable } = valueOf(await client.rows("technology"));
    expect(rows).toEqual([{ ...row, id: "go-1", values: { name: "Go", category: "Language" } }]);
    expect(unreadable.map(({ id }) => id)).toEqual(["odd-1", "bell\u0007", null, null]);
    expect(unreadable.map(({ cause }) => cause)).toEqual([
      "values.experience_years: must be a text, a number, true, false, null or a list of texts",
      "id: must have 1 to 200 visible characters, and no space at its ends",
      "id: is required",
      "must be an object",
    ]);
  });

  test("a target is searched with its read token, and the query arrives unchanged", async () => {
    const { client, target, requests } = setUp({}, "ai-agent");
    target.put("technology", "c-1", { name: "C&C=1", category: "Tools" });
    target.put("technology", "go-1", { name: "Go", category: "Tools" });
    expect(valueOf(await client.search("C&C=1", 5))).toEqual({
      hits: [{ entityType: "technology", id: "c-1", name: "C&C=1", score: 0.9 }],
    });
    expect(requests[0]?.headers.get("authorization")).toBe("Bearer read-token");
  });

  test("a target without search or index answers null to both", async () => {
    const { client, target } = setUp();
    expect(valueOf(await client.search("Go", 5))).toBeNull();
    expect(valueOf(await client.reindex(reindex("d1cv")))).toBeNull();
    for (const status of [404, 405]) {
      target.answerNext("reindex", { status });
      expect(valueOf(await client.reindex(reindex("d1cv")))).toBeNull();
    }
  });

  test("a target verifies its stores, and rebuilds its index once for each id", async () => {
    const { client, target } = setUp({}, "ai-agent");
    target.put("technology", "go-1", { name: "Go", category: "Tools" });
    target.index.lost.add("technology/go-1");
    expect(valueOf(await client.verify())).toEqual({
      d1Count: 1,
      vectorCount: 0,
      synced: false,
      mismatches: [{ entityType: "technology", id: "go-1", reason: "not in the index" }],
    });
    for (const _time of [1, 2]) {
      expect(valueOf(await client.reindex(reindex("ai-agent")))).toEqual({ accepted: true, rows: 1 });
    }
    expect(target.index.rebuilt).toEqual(["req-1"]);
    expect(valueOf(await client.verify())).toMatchObject({ vectorCount: 1, synced: true });
  });

  test("a target's deleted rows are left out of its list", async () => {
    const { client, target } = setUp();
    const row = { version: "1", values: {} };
    target.answerNext("rows", {
      status: 200,
      body: {
        rows: [
          { ...row, id: "a", deletedAt: null },
          { ...row, id: "b", deletedAt: "2026-01-01" },
        ],
      },
    });
    expect(valueOf(await client.rows("technology")).rows.map(({ id }) => id)).toEqual(["a"]);
  });
});

const conflict = { entityType: "technology", id: "rust-1", reason: "exists", expected: null, actual: "3" };
const body = (error: string, message = "no") => ({ error, message });

describe.each(["apply", "job", "cancel", "rows", "search", "verify", "reindex"] as const)("%s", (call) => {
  const ask = async (answer: ScriptedAnswer) => {
    const { client, target } = setUp();
    target.answerNext(call, answer);
    const calls = {
      apply: () => client.apply(request),
      job: () => client.job("job-1"),
      cancel: () => client.cancel(cancel),
      rows: () => client.rows("technology"),
      search: () => client.search("Go", 5),
      verify: () => client.verify(),
      reindex: () => client.reindex(reindex("d1cv")),
    };
    return reasonOf(await calls[call]());
  };

  test.each<[string, ScriptedAnswer, object]>([
    ["no answer", "no_answer", { code: "unreachable", message: "could not be reached" }],
    ["500", { status: 500 }, { code: "unavailable", status: 500, message: "answered 500", retryAfterMs: null }],
    [
      "503 with a reason and Retry-After",
      { status: 503, body: body("busy", "Too busy."), headers: { "retry-after": "17" } },
      { code: "unavailable", message: "answered 503: Too busy.", retryAfterMs: 17_000 },
    ],
    ["429", { status: 429, headers: { "retry-after": "5" } }, { code: "unavailable", status: 429, retryAfterMs: 5000 }],
    [
      "Retry-After as a date",
      { status: 503, headers: { "retry-after": "Mon, 23 Nov 2026 08:01:00 GMT" } },
      { code: "unavailable", retryAfterMs: 60_000 },
    ],
    [
      "Retry-After of nonsense",
      { status: 503, headers: { "retry-after": "-5" } },
      { code: "unavailable", retryAfterMs: null },
    ],
    [
      "a redirect, which is not followed",
      { status: 302, headers: { location: "https://elsewhere.example" } },
      { code: "unavailable", status: 302 },
    ],
    ["400", { status: 400, body: body("invalid") }, { code: "refused", status: 400, message: "answered 400: no" }],
    ["401", { status: 401, body: body("unauthorized") }, { code: "refused", status: 401 }],
    ["422 with a page", { status: 422, body: "<html>" }, { code: "refused", status: 422, message: "answered 422" }],
    [
      "409 with conflicts",
      { status: 409, body: { ...body("conflict"), conflicts: [conflict] } },
      { code: "conflict", conflicts: [conflict] },
    ],
    ["409 without a list", { status: 409, body: body("conflict") }, { code: "conflict", conflicts: [] }],
    ["409 because it was cancelled", { status: 409, body: body("cancelled") }, { code: "refused", status: 409 }],
    ["409 that is not of the protocol", { status: 409, body: "taken" }, { code: "refused", status: 409 }],
    ["200 with a page", { status: 200, body: "<html>welcome</html>" }, { code: "unavailable", status: 200 }],
    [
      "200 with other JSON",
      { status: 200, body: { accepted: "yes", rows: 7 } },
      { code: "unavailable", message: "answered 200 with a body that is not of the protocol" },
    ],
    ["200 with nothing", { status: 200 }, { code: "unavailable", status: 200 }],
  ])("a target's answer becomes a reason for the caller: %s", async (_name, answer, reason) => {
    expect(await ask(answer)).toMatchObject(reason);
  });

  test("a target's long error message is cut", async () => {
    expect((await ask({ status: 400, body: body("x", "y".repeat(5000)) })).message.length).toBeLessThan(400);
  });
});

describe("an incomplete or missing answer", () => {
  test("a target's answer that breaks off is unavailable, so it may be asked again", async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error("reset")) });
    const { client } = setUp({ fetch: async () => new Response(broken, { status: 202 }) });
    expect(reasonOf(await client.apply(request))).toMatchObject({ code: "unavailable", status: 202 });
  });

  test("a read of a target is given up as unreachable after 1.5 s", async () => {
    const started = Date.now();
    const { client } = setUp({
      fetch: ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    });
    expect(reasonOf(await client.rows("technology"))).toEqual({
      code: "unreachable",
      message: "gave no answer within 1.5 s",
    });
    expect(Date.now() - started).toBeGreaterThanOrEqual(1400);
  });

  test("an answered read of a target leaves no timer behind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { client } = setUp({ fetch: async () => Response.json({ rows: [] }) });
    expect(await client.rows("technology")).toEqual({ ok: true, value: { rows: [], unreadable: [] } });
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test("a timeout of a target is reported apart from a failed connection", async () => {
    const { client } = setUp({ fetch: () => Promise.reject(new DOMException("timed out", "TimeoutError")) });
    expect(reasonOf(await client.apply(request))).toEqual({
      code: "unreachable",
      message: "gave no answer within 15 s",
    });
  });
});
