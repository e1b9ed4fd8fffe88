import { env as bindings } from "cloudflare:test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { forgeries, idForgeries } from "../../test/corpora/forgeries.ts";
import { Sealed, webhookScheme } from "../../test/corpora/sealed.ts";
import worker from "../d1cv/index.ts";
import { applyBody, callerOf, credentials, Receiver, targetVariables, technology } from "./testing/kit.ts";

const receiver = new Receiver();
const env = { ...bindings, ...targetVariables, CV_OPS: receiver };
const { call, rows } = callerOf(worker, env, "d1cv");
const secret = credentials["noor-vega"].request[0] ?? "";

beforeAll(() => {
  // A second more would bring what was signed 301 s from now within the five minutes.
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterAll(() => vi.useRealTimers());

const receipts = async () => (await bindings.DB.prepare("SELECT * FROM receipts").all()).results;

test.each([
  [
    "apply",
    "/api/admin/apply",
    applyBody("d1cv", "job-1", { inserts: [technology("python-1", { summary: "é \ufffd" })] }),
  ],
  [
    "cancel",
    "/api/admin/jobs/job-1/cancel",
    { type: "cancel", jobId: "job-1", attempt: 1, target: "d1cv", portfolioId: "noor-vega", note: "é \ufffd" },
  ],
  [
    "reindex",
    "/api/admin/reindex",
    { type: "reindex", requestId: "request-1", target: "d1cv", portfolioId: "noor-vega", note: "é \ufffd" },
  ],
])(
  "every forgery of a request to %s gets the same 401 and changes nothing",
  { timeout: 60_000 },
  async (_name, path, body) => {
    const url = `https://target.example${path}`;
    const known = await receipts();
    const real = await Sealed.of(webhookScheme, secret, Math.floor(Date.now() / 1000), JSON.stringify(body));
    for (const [what, forge] of [...forgeries, ...idForgeries]) {
      const answer = await call((await forge(real)).request(url, "application/json"));
      expect({ what, ...answer }).toEqual({
        what,
        status: 401,
        body: { error: "unauthorized", message: "The caller is unknown." },
      });
    }
    expect([await receipts(), await rows(), receiver.received]).toEqual([known, [], []]);
    expect((await call(real.request(url, "application/json"))).status, "the request itself is taken").not.toBe(401);
    receiver.received = [];
  },
);
