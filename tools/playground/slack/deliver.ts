/** Signed requests to the bot, the three seconds in which it must acknowledge, and a record of both. */
import type { Delivery } from "../client-protocol.ts";
import { markFailed, recordExchange } from "./exchanges.ts";
import type { Slack } from "./slack.ts";

const encoder = new TextEncoder();

/** The `v0` signature of docs.slack.dev/authentication/verifying-requests-from-slack. */
export const signature = async (secret: string, timestampSeconds: number, body: string): Promise<string> => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(`v0:${timestampSeconds}:${body}`));
  return `v0=${[...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
};

export interface Outgoing {
  /** What it is, for the record: `slash_command`, `block_actions`, … */
  kind: string;
  /** Scheme and host under which the bot is reached. */
  origin: string;
  contentType: "application/x-www-form-urlencoded" | "application/json";
  body: string;
  /** The payload as an object, for the record. */
  payload: unknown;
  headers?: Record<string, string>;
  /** Which repetition of an unacknowledged event this is; absent the first time. */
  retry?: number;
}

export interface Ack {
  exchangeId: number;
  status: number | null;
  body: string;
  contentType: string;
  ackMs: number;
  /** Slack's word for what went wrong; null after a 2xx in time. */
  failure: "operation_timeout" | "dispatch_failed" | null;
}

type Reply = Pick<Ack, "status" | "body" | "contentType" | "failure">;

const reach = async (slack: Slack, request: Request): Promise<Reply> => {
  try {
    const response = await slack.bot.fetch(request);
    const body = await response.text();
    const failure = response.status >= 200 && response.status < 300 ? null : "dispatch_failed";
    return { status: response.status, body, contentType: response.headers.get("content-type") ?? "", failure };
  } catch (error) {
    if (!request.signal.aborted)
      console.log(JSON.stringify({ event: "playground_bot_unreachable", message: String(error) }));
    return { status: null, body: "", contentType: "", failure: "dispatch_failed" };
  }
};

/** Sends one signed request and waits for the acknowledgement, no longer than Slack does. */
export const deliver = async (slack: Slack, outgoing: Outgoing): Promise<Ack> => {
  const at = slack.now();
  const timestampSeconds = Math.floor(at / 1000);
  const headers = {
    "Content-Type": outgoing.contentType,
    "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    "X-Slack-Request-Timestamp": String(timestampSeconds),
    "X-Slack-Signature": await signature(slack.signingSecret, timestampSeconds, outgoing.body),
    ...outgoing.headers,
  };
  const abort = new AbortController();
  const url = new URL("/slack/events", outgoing.origin);
  const request = new Request(url, {
    method: "POST",
    headers,
    body: outgoing.body,
    redirect: "manual",
    signal: abort.signal,
  });
  const startedMs = performance.now();
  const { promise: timeout, resolve } = Promise.withResolvers<Reply>();
  const timer = setTimeout(
    () => resolve({ status: null, body: "", contentType: "", failure: "operation_timeout" }),
    slack.ackTimeoutMs,
  );
  const reply = await Promise.race([reach(slack, request), timeout]);
  clearTimeout(timer);
  if (reply.failure === "operation_timeout") abort.abort();
  const ackMs = Math.round(performance.now() - startedMs);
  const { kind, payload, retry = 0 } = outgoing;
  const { status, failure: error } = reply;
  const exchangeId = recordExchange(slack, {
    at,
    direction: "to_bot",
    kind,
    payload,
    status,
    body: reply.body,
    ackMs,
    error,
    retry,
  });
  return { ...reply, ackMs, exchangeId };
};

/** What the person's client learns: the failure of the request, or `error` that was found in a timely answer. */
export const toDelivery = (slack: Slack, ack: Ack, error: string | null): Delivery => {
  if (error !== null) markFailed(slack, ack.exchangeId, error);
  return { ok: error === null, ackMs: ack.ackMs, status: ack.status, error };
};

/** Something that Slack's client would not have let the person do; nothing was sent. */
export const notSent = (error: string): Delivery => ({ ok: false, ackMs: 0, status: null, error });
