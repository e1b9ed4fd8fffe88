import { expect, test } from "vitest";
import { parseCredentials } from "../../shared/targets/credentials.ts";
import { createEncryptionKeys, createSecrets } from "./secrets.ts";
import { workers } from "./workers.ts";

const slack = {
  clientId: "1.2",
  clientSecret: "1".repeat(32),
  signingSecret: "0".repeat(32),
};

test("both sides of each pair get the same secrets, and no pair those of another", () => {
  const secrets = createSecrets({ portfolio: "noor-vega" }, slack);
  const ofBot = parseCredentials(secrets.bot["TARGET_CREDENTIALS"] ?? "");
  expect(parseCredentials(secrets.consumers["TARGET_CREDENTIALS"] ?? "")).toEqual(ofBot);
  for (const target of ["d1cv", "ai-agent"] as const) {
    const ofTarget = parseCredentials(secrets[target]["PORTFOLIO_CREDENTIALS"] ?? "");
    expect(ofTarget).toEqual({ "noor-vega": ofBot[target], smoke: ofBot[`smoke/${target}`] });
  }
  const all = Object.values(ofBot).flatMap(({ request, webhook, read }) => [...request, ...webhook, read]);
  expect(new Set(all).size).toBe(12);
});

test("every Worker gets the secrets that it needs, none over the 5 KB of Cloudflare, and the bot a token of /metrics", () => {
  const secrets = createSecrets({ portfolio: "main" }, slack);
  for (const worker of workers) {
    const made = [...Object.keys(secrets[worker.name]), ...Object.keys(createEncryptionKeys())];
    const optional = worker.name === "bot" ? ["METRICS_TOKEN"] : [];
    expect(new Set(made)).toEqual(new Set([...worker.secrets, ...optional, "ENCRYPTION_KEYS"]));
    for (const value of Object.values(secrets[worker.name])) expect(Buffer.byteLength(value)).toBeLessThan(5 * 1024);
  }
});

test("new secrets leave the key that encrypts stored secrets as it is", () => {
  const all = Object.values(createSecrets({ portfolio: "main" }, slack)).flatMap((secrets) => Object.keys(secrets));
  expect(all).not.toContain("ENCRYPTION_KEYS");
});

test("the token of /metrics is long enough for the bot to take it", () => {
  expect(createSecrets({ portfolio: "main" }, slack).bot["METRICS_TOKEN"]).toMatch(/^[\w-]{43}$/);
});

test("another run makes other secrets", () => {
  const [one, other] = [1, 2].map(() => createSecrets({ portfolio: "main" }, slack).d1cv["PORTFOLIO_CREDENTIALS"]);
  expect(one).not.toBe(other);
});
