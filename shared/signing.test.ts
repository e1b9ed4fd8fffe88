import { describe, expect, test } from "vitest";
import { sign, toleranceSeconds, verify } from "./signing.ts";

/** The vector that the libraries of standardwebhooks.com test with. */
const reference = {
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestampMs: 1_614_265_330_000,
  body: '{"test": 2432232314}',
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const other = "whsec_bG9jYWwgZDFjdiByZXF1ZXN0IHNlY3JldCAwMDE=";
const only = (secret: string) => [{ name: "only", secret }];

const headersOf = (overrides: Record<string, string | null> = {}): Headers => {
  const all = {
    "webhook-id": reference.id,
    "webhook-timestamp": String(reference.timestampMs / 1000),
    "webhook-signature": reference.signature,
    ...overrides,
  };
  return new Headers(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
};

const verifyReference = (
  overrides: Record<string, string | null> = {},
  body = reference.body,
  nowMs = reference.timestampMs,
) => verify(only(reference.secret), headersOf(overrides), body, nowMs);

describe("signing", () => {
  test("signing gives the signature of the Standard Webhooks reference", async () => {
    expect(await sign(reference.secret, reference.id, reference.body, reference.timestampMs + 999)).toEqual({
      "webhook-id": reference.id,
      "webhook-timestamp": "1614265330",
      "webhook-signature": reference.signature,
    });
  });

  test.each(["whsec_c2hvcnQ=", "whsec_not base64!", "", `whsec_${btoa("x".repeat(65))}`])(
    "signing refuses the secret %j",
    async (secret) => {
      await expect(async () => sign(secret, "id", "body", 0)).rejects.toThrow("24 to 64 bytes");
    },
  );
});

describe("verifying", () => {
  test("verifying accepts the reference signature and names the secret that matched", async () => {
    expect(await verifyReference()).toEqual({
      ok: true,
      id: reference.id,
      timestampSeconds: 1_614_265_330,
      keyName: "only",
    });
  });

  test.each([
    ["old", toleranceSeconds, true],
    ["too old", toleranceSeconds + 1, false],
    ["ahead", -toleranceSeconds, true],
    ["too far ahead", -toleranceSeconds - 1, false],
  ])("verifying checks a timestamp that is %s", async (name, skewSeconds, accepted) => {
    const verified = await verifyReference({}, reference.body, reference.timestampMs + skewSeconds * 1000);
    expect(verified).toMatchObject(
      accepted ? { ok: true } : { ok: false, reason: name === "too old" ? "too_old" : "too_new" },
    );
  });

  test("verifying during rotation accepts either secret and names it", async () => {
    const secrets = [
      { name: "new", secret: other },
      { name: "old", secret: reference.secret },
    ];
    const signed = await sign(other, "msg_2", "{}", reference.timestampMs);
    expect(await verify(secrets, new Headers({ ...signed }), "{}", reference.timestampMs)).toMatchObject({
      keyName: "new",
    });
    expect(await verify(secrets, headersOf(), reference.body, reference.timestampMs)).toMatchObject({ keyName: "old" });
  });

  test("verifying accepts several signatures when one fits, in any order", async () => {
    const { "webhook-signature": foreign } = await sign(other, reference.id, reference.body, reference.timestampMs);
    for (const both of [
      `${foreign} ${reference.signature}`,
      `${reference.signature} ${foreign}`,
      `v1a,xyz ${reference.signature}`,
    ]) {
      expect(await verifyReference({ "webhook-signature": both })).toMatchObject({ ok: true });
    }
    expect(await verifyReference({ "webhook-signature": `${foreign} ${foreign}` })).toMatchObject({
      reason: "bad_signature",
    });
  });

  test("verifying reads no more than eight signatures", async () => {
    const many = `${Array.from({ length: 8 }, () => "v1,AAAA").join(" ")} ${reference.signature}`;
    expect(await verifyReference({ "webhook-signature": many })).toMatchObject({ reason: "bad_signature" });
  });

  test.each([
    ["another body", {}, '{"test": 2432232315}'],
    ["a body with one more space", {}, '{"test":  2432232314}'],
    ["another id", { "webhook-id": "msg_other" }, reference.body],
    ["another timestamp", { "webhook-timestamp": "1614265331" }, reference.body],
    [
      "another version of signatures",
      { "webhook-signature": reference.signature.replace("v1,", "v2,") },
      reference.body,
    ],
    ["a shortened signature", { "webhook-signature": "v1,g0hM9SsE" }, reference.body],
    ["a signature that is not base64", { "webhook-signature": "v1,*-_" }, reference.body],
    ["a signature that is base64 of no length", { "webhook-signature": "v1,A" }, reference.body],
  ])("verifying refuses %s as a bad signature", async (_name, headers, body) => {
    expect(await verifyReference(headers, body)).toEqual({ ok: false, reason: "bad_signature" });
  });

  test.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
    "verifying refuses a message without the header %s",
    async (header) => {
      expect(await verifyReference({ [header]: null })).toEqual({ ok: false, reason: "missing_header" });
    },
  );

  test.each(["now", "-1614265330", "1614265330.5", "1e9", "99999999999999"])(
    "verifying refuses the timestamp %j",
    async (timestamp) => {
      expect(await verifyReference({ "webhook-timestamp": timestamp })).toEqual({ ok: false, reason: "bad_timestamp" });
    },
  );

  test("verifying accepts nothing when no secret is configured", async () => {
    expect(await verify([], headersOf(), reference.body, reference.timestampMs)).toEqual({
      ok: false,
      reason: "bad_signature",
    });
  });
});
