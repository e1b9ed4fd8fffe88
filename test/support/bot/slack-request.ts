/** Requests as Slack signs them (docs.slack.dev, "Verifying requests from Slack"). */
import { env } from "cloudflare:workers";
import { clock } from "./clock.ts";

export interface SlackRequestOptions {
  secret?: string;
  /** Seconds that Slack's clock is ahead of ours. */
  skewSeconds?: number;
  /** Replaces or, with null, leaves out headers. */
  headers?: Record<string, string | null>;
}

const hmac = async (secret: string, text: string): Promise<string> => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(text));
  return [...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** A form as a signed request; a text is sent as it is, as JSON. */
export const signedSlackRequest = async (
  content: Record<string, string> | string,
  { secret = env.SLACK_SIGNING_SECRET ?? "", skewSeconds = 0, headers = {} }: SlackRequestOptions = {},
): Promise<Request> => {
  const isForm = typeof content !== "string";
  const body = isForm ? new URLSearchParams(content).toString() : content;
  const timestamp = String(Math.floor(clock.nowMs() / 1000) + skewSeconds);
  const all = new Headers({
    "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": `v0=${await hmac(secret, `v0:${timestamp}:${body}`)}`,
  });
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) all.delete(name);
    else all.set(name, value);
  }
  return new Request("https://cv-ops.internal/slack/events", { method: "POST", headers: all, body });
};
