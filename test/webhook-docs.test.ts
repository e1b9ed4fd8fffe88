/** The webhooks page is accurate: its code verifies the product's signatures, and its payload is a real one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { describe, expect, test } from "vitest";
import { event } from "../shared/contract/event.ts";
import { profiles } from "../shared/domain/webhooks/webhook.ts";
import { signWithEach } from "../shared/signing.ts";
import { newWebhookSecret } from "../shared/webhook-secret.ts";

const page = readFileSync(join(import.meta.dirname, "../docs/guides/receive-webhooks.md"), "utf8");
const blockOf = (language: string): string => {
  const [, block] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  if (!block) throw new Error(`the page has no ${language}`);
  return block;
};

type IsGenuine = (secret: string, headers: Headers, body: string) => boolean;

const isGenuine = async (): Promise<IsGenuine> => {
  const { code } = await transform(blockOf("ts"), { loader: "ts", format: "esm" });
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const example = (await import(/* @vite-ignore */ url)) as { isGenuine: IsGenuine };
  return example.isGenuine;
};

const body = '{"type":"job.completed","note":"naïve ✓"}';
const signed = async (secrets: string[], nowMs = Date.now()): Promise<Headers> =>
  new Headers({ ...(await signWithEach(secrets, "msg_a_1", body, nowMs)) });

describe("the page's example", () => {
  test("the documented verifier accepts signed requests, also during a rotation", async () => {
    const check = await isGenuine();
    const [old, secret] = [newWebhookSecret(), newWebhookSecret()];
    expect(check(secret, await signed([secret]), body)).toBe(true);
    const both = await signed([secret, old]);
    expect(both.get("webhook-signature")?.split(" ")).toHaveLength(2);
    expect([check(old, both, body), check(secret, both, body)]).toEqual([true, true]);
  });

  test("the documented verifier refuses every other request", async () => {
    const check = await isGenuine();
    const secret = newWebhookSecret();
    const headers = await signed([secret]);
    expect(check(newWebhookSecret(), headers, body)).toBe(false);
    expect(check(secret, headers, `${body} `)).toBe(false);
    expect(check(secret, await signed([secret], Date.now() - 301_000), body)).toBe(false);
    for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
      const without = new Headers(headers);
      without.delete(name);
      expect(check(secret, without, body), name).toBe(false);
    }
  });

  test("the documented payload of a webhook is a transmitted event", () => {
    const example = JSON.parse(blockOf("json")) as { type: string; timestamp: string; data: unknown };
    expect(event.parse(example.data)).toEqual(example.data);
    expect(example.data).toMatchObject({ type: example.type, at: example.timestamp });
  });
});

test("the webhooks page states the retry times of the profiles", () => {
  const minutes = profiles.fast.retriesMs.map((ms) => ms / 60_000).join(", ");
  expect(page).toContain(`| \`fast\` | ${minutes} min |`);
  const words = profiles.standard.retriesMs.map((ms) =>
    ms < 60_000 ? `${ms / 1000} s` : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`,
  );
  expect(page).toContain(`| \`standard\` | ${words.join(", ")}: over three days |`);
});
