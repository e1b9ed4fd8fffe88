import { createExecutionContext, env as bindings } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { sign } from "../../shared/signing.ts";
import {
  applyBody,
  callerOf,
  credentials,
  Receiver,
  signedRequest,
  targetVariables,
  technology,
} from "../service/testing/kit.ts";
import worker from "./index.ts";

const env = { ...bindings, ...targetVariables, CV_OPS: new Receiver() };
const { call, read, rows } = callerOf(worker, env, "d1cv");
const body = applyBody("d1cv", "job-1", { inserts: [technology("python-1")] });
const apply = "/api/admin/apply";
const minutes = 60_000;

test("every answer of a target says what time it is there, as doctor compares the clocks", async () => {
  for (const path of [apply, "/nowhere"]) {
    const { headers } = await worker.fetch(new Request(`https://target.example${path}`), env, createExecutionContext());
    expect(Math.abs(Date.parse(headers.get("date") ?? "") - Date.now())).toBeLessThan(5000);
  }
});

const tampered = async (): Promise<Request> => {
  const request = await signedRequest(apply, body);
  return new Request(request, { method: "POST", body: JSON.stringify({ ...body, jobId: "job-2" }) });
};

const unsigned: [what: string, request: () => Promise<Request>][] = [
  [
    "without a signature",
    async () => new Request(`https://target.example${apply}`, { method: "POST", body: JSON.stringify(body) }),
  ],
  ["signed with an unknown secret", () => signedRequest(apply, body, { secret: `whsec_${btoa("x".repeat(32))}` })],
  [
    "signed with a webhook secret",
    () => signedRequest(apply, body, { secret: credentials["noor-vega"].webhook[0] ?? "" }),
  ],
  ["whose body was changed", tampered],
  ["signed six minutes ago", () => signedRequest(apply, body, { nowMs: Date.now() - 6 * minutes })],
  ["signed six minutes ahead", () => signedRequest(apply, body, { nowMs: Date.now() + 6 * minutes })],
  [
    "for another portfolio than its secret's",
    () =>
      signedRequest(
        apply,
        { ...body, portfolioId: "ada-lindt" },
        { secret: credentials["noor-vega"].request[0] ?? "" },
      ),
  ],
  ["for another target", () => signedRequest(apply, { ...body, target: "ai-agent" })],
];

describe("a request", () => {
  test.each(unsigned)("a request %s gets the same 401 and changes nothing", async (_what, request) => {
    expect(await call(await request())).toEqual({
      status: 401,
      body: { error: "unauthorized", message: "The caller is unknown." },
    });
    expect(await rows()).toEqual([]);
  });

  test.each<[what: string, request: () => Promise<Request>, status: number, error: string]>([
    ["a body that is not JSON", () => signedRequest(apply, "{"), 422, "invalid_request"],
    [
      "an unknown entity",
      () =>
        signedRequest(
          apply,
          JSON.stringify({
            ...body,
            operations: { inserts: [{ entityType: "gadget", id: "x", values: {} }], updates: [], deletes: [] },
          }),
        ),
      422,
      "invalid_request",
    ],
    [
      "values outside the entity's rules",
      () => signedRequest(apply, applyBody("d1cv", "job-1", { inserts: [technology("a", { nam: "x" })] })),
      422,
      "invalid_request",
    ],
    [
      "another Idempotency-Key than its job",
      () => signedRequest(apply, body, { headers: { "idempotency-key": "job-9" } }),
      422,
      "invalid_request",
    ],
    [
      "a callback to a foreign origin",
      () => signedRequest(apply, { ...body, callbackUrl: "https://attacker.example/v2/webhook/d1cv" }),
      422,
      "callback_not_allowed",
    ],
    [
      "a cancel's body",
      () =>
        signedRequest(apply, { type: "cancel", jobId: "job-1", attempt: 1, target: "d1cv", portfolioId: "noor-vega" }),
      422,
      "invalid_request",
    ],
    ["more than 900 kB", () => signedRequest(apply, " ".repeat(900_001)), 413, "too_large"],
  ])("a signed request with %s is refused for good and changes nothing", async (_what, request, status, error) => {
    expect(await call(await request())).toMatchObject({ status, body: { error } });
    expect(await rows()).toEqual([]);
  });

  test("a signed request to cancel another job than the path's is refused", async () => {
    const cancel = { type: "cancel" as const, jobId: "job-1", attempt: 1, target: "d1cv", portfolioId: "noor-vega" };
    expect(await call(await signedRequest("/api/admin/jobs/job-2/cancel", cancel))).toMatchObject({ status: 422 });
  });

  test("a request signed with the older of two secrets is accepted", async () => {
    const request = await signedRequest(
      apply,
      { ...body, jobId: "old" },
      { secret: credentials["noor-vega"].request[1] ?? "" },
    );
    expect(await call(request)).toMatchObject({ status: 202 });
  });

  test.each([
    [-295, 202],
    [295, 202],
    [-305, 401],
    [305, 401],
  ])("a request whose sender's clock is %i s off is answered %i", async (skewSeconds, status) => {
    const row = technology(`skew-${skewSeconds + 500}`);
    const skewed = applyBody("d1cv", `skew-${skewSeconds + 500}`, { inserts: [row] });
    const request = await signedRequest(apply, skewed, { nowMs: Date.now() + skewSeconds * 1000 });
    expect((await call(request)).status).toBe(status);
  });

  test("a request is accepted throughout a rotation, and the removed secret is refused", async () => {
    const [oldSecret = "", newSecret = ""] = credentials["noor-vega"].request;
    const serving = (...request: string[]) => {
      const rotated = { ...credentials, "noor-vega": { ...credentials["noor-vega"], request } };
      return callerOf(worker, { ...env, PORTFOLIO_CREDENTIALS: JSON.stringify(rotated) }, "d1cv");
    };
    const statusOf = async (target: ReturnType<typeof serving>, secret: string, jobId: string) =>
      (await target.call(await signedRequest(apply, { ...body, jobId }, { secret }))).status;
    // The same job before and after: the key does not depend on the signing secret.
    expect(await statusOf(serving(oldSecret), oldSecret, "old")).toBe(202);
    expect(await statusOf(serving(oldSecret, newSecret), oldSecret, "old")).toBe(202);
    expect(await statusOf(serving(oldSecret, newSecret), newSecret, "old")).toBe(202);
    expect(await statusOf(serving(newSecret), newSecret, "old")).toBe(202);
    expect(await statusOf(serving(newSecret), oldSecret, "old")).toBe(401);
  });

  test("a request with several signatures is accepted when one of them matches", async () => {
    const request = await signedRequest(
      apply,
      { ...body, jobId: "old" },
      { secret: credentials["noor-vega"].request[1] ?? "" },
    );
    const id = request.headers.get("webhook-id") ?? "";
    const other = await sign(`whsec_${btoa("x".repeat(32))}`, id, "", Date.now());
    request.headers.set(
      "webhook-signature",
      `${other["webhook-signature"]} ${request.headers.get("webhook-signature")}`,
    );
    expect(await call(request)).toMatchObject({ status: 202 });
  });
});

describe("a read", () => {
  const paths = [
    "/api/portfolios/noor-vega/technology",
    "/api/portfolios/noor-vega/technology/python-1",
    "/api/admin/verify?portfolio=noor-vega",
    "/api/admin/jobs/job-1?portfolio=noor-vega",
  ];

  test.each(paths)("a read of %s requires the token of that portfolio", async (path) => {
    expect((await call(new Request(`https://target.example${path}`))).status).toBe(401);
    expect((await read(path, "ada-lindt")).status).toBe(401);
    expect((await read(path)).status).not.toBe(401);
  });

  test("a read of an unknown portfolio gets the same 401", async () => {
    for (const portfolio of ["nobody", "constructor", ""]) {
      expect((await read(`/api/admin/verify?portfolio=${portfolio}`)).status).toBe(401);
    }
  });
});

test("a line about a refusal has the trace id of its request, and one of its own where that brings none", async () => {
  const written = vi.spyOn(console, "log").mockImplementation(() => {});
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  await call(new Request("https://target.example/nowhere", { headers: { traceparent } }));
  await call(new Request("https://target.example/api/admin/verify?portfolio=nobody"));
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown);
  written.mockRestore();
  expect(lines).toMatchObject([
    { event: "target.refused", code: "not_found", traceId: "4bf92f3577b34da6a3ce929d0e0e4736" },
    { event: "target.refused", code: "unauthorized", traceId: expect.stringMatching(/^(?!4bf9)[0-9a-f]{32}$/) },
  ]);
});
