/** Signatures made and checked with node:crypto alone, so that an error in the product's code cannot hide itself. */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { signature } from "../support/slack/requests.ts";

/** The values of the local stack; see wrangler.toml. */
export const slackSigningSecret = "local-signing-secret";
export const targetSecrets = {
  d1cv: {
    request: "whsec_bG9jYWwgZDFjdiByZXF1ZXN0IHNlY3JldCAwMDE=",
    webhook: "whsec_bG9jYWwgZDFjdiB3ZWJob29rIHNlY3JldCAwMDE=",
    read: "local-read-d1cv",
  },
  "ai-agent": {
    request: "whsec_bG9jYWwgYWktYWdlbnQgcmVxdWVzdCBzZWNyZXQ=",
    webhook: "whsec_bG9jYWwgYWktYWdlbnQgd2ViaG9vayBzZWNyZXQ=",
    read: "local-read-ai-agent",
  },
} as const;
export type TargetName = keyof typeof targetSecrets;

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

const standardMac = (secret: string, id: string, timestamp: string, body: string): Buffer =>
  createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64"))
    .update(`${id}.${timestamp}.${body}`)
    .digest();

/** The headers of standardwebhooks.com. */
export const signWebhook = (secret: string, body: string, id = `msg_${randomUUID()}`): Record<string, string> => {
  const timestamp = String(nowSeconds());
  const mac = standardMac(secret, id, timestamp, body).toString("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${mac}` };
};

/** What is wrong with a signed request; null when it is valid. */
export const whyUnsigned = (secret: string, headers: Headers, body: string): string | null => {
  const id = headers.get("webhook-id");
  const timestamp = headers.get("webhook-timestamp") ?? "";
  const [, offered] = /^v1,(\S+)$/.exec(headers.get("webhook-signature") ?? "") ?? [];
  if (id === null || offered === undefined) return "a signed request has webhook-id and webhook-signature";
  if (!/^\d+$/.test(timestamp) || Math.abs(nowSeconds() - Number(timestamp)) > 300)
    return `webhook-timestamp "${timestamp}" is not now`;
  const expected = standardMac(secret, id, timestamp, body);
  const mac = Buffer.from(offered, "base64");
  return mac.length === expected.length && timingSafeEqual(mac, expected) ? null : "the signature is not of this body";
};

interface SlackOptions {
  secret?: string;
  timestampSeconds?: number;
  signature?: string;
}

/** Sends the bot a request as Slack does. Options produce requests that Slack never sends. */
export const sendAsSlack = (url: string, body: string, options: SlackOptions = {}): Promise<Response> => {
  const { secret = slackSigningSecret, timestampSeconds = nowSeconds() } = options;
  const signed = signature(secret, timestampSeconds, body);
  if (options.signature !== undefined) signed["x-slack-signature"] = options.signature;
  return fetch(`${url}/slack/events`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...signed,
    },
    body,
  });
};
