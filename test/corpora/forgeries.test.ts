import { describe, expect, test } from "vitest";
import { checkSlackSignature } from "../../bot/slack/core/signature.ts";
import { verify } from "../../shared/signing.ts";
import { type Forgery, forgeries, idForgeries } from "./forgeries.ts";
import { type Bytes, Sealed, slackScheme, webhookScheme } from "./sealed.ts";

const nowSeconds = 1_930_294_800;
const nowMs = nowSeconds * 1000;
const body = JSON.stringify({ type: "job.completed", text: "café \ufffd" });

interface Verifier {
  real: () => Promise<Sealed>;
  accepts: (headers: Headers, body: Bytes) => Promise<boolean>;
  cases: readonly Forgery[];
}

const webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const verifiers: Record<string, Verifier> = {
  "Slack's": {
    real: () => Sealed.of(slackScheme, "8f742231b10e8888abcd99yyyzzz85a5", nowSeconds, body),
    accepts: async (headers, bytes) =>
      (await checkSlackSignature("8f742231b10e8888abcd99yyyzzz85a5", headers, bytes, nowMs)) === null,
    cases: forgeries,
  },
  "Standard Webhooks'": {
    real: () => Sealed.of(webhookScheme, webhookSecret, nowSeconds, body),
    accepts: async (headers, bytes) =>
      (await verify([{ name: "only", secret: webhookSecret }], headers, bytes, nowMs)).ok,
    cases: [...forgeries, ...idForgeries],
  },
};

const partsOf = (request: Sealed) => {
  const { headers } = request.request("https://cv-ops.example", "application/json");
  return { headers, body: request.body };
};

test("the corpus of forgeries has at least 100 unique names", () => {
  const names = [...forgeries, ...idForgeries].map(([what]) => what);
  expect(new Set(names).size).toBe(names.length);
  expect(forgeries.length).toBeGreaterThanOrEqual(100);
});

describe.each(Object.entries(verifiers))("%s verifier", (_name, { real, accepts, cases }) => {
  test("a verifier accepts the genuine request from which forgeries are made", async () => {
    const { headers, body: bytes } = partsOf(await real());
    expect(await accepts(headers, bytes)).toBe(true);
  });

  test.each(cases)("a verifier of signatures refuses %s", async (_what, forge) => {
    const original = await real();
    const forged = await forge(original);
    const { headers, body: bytes } = partsOf(forged);
    expect([[...headers], [...bytes]], "it is a forgery").not.toEqual([
      [...partsOf(original).headers],
      [...original.body],
    ]);
    expect(await accepts(headers, bytes)).toBe(false);
  });
});
