/** Requests as Slack signs them (docs.slack.dev, "Verifying requests from Slack"). */
import { env } from "cloudflare:workers";
import { signature } from "../slack/requests.ts";
import { clock } from "./clock.ts";

export interface SlackRequestOptions {
  secret?: string;
  /** Seconds that Slack's clock is ahead of ours. */
  skewSeconds?: number;
  /** Replaces or, with null, leaves out headers. */
  headers?: Record<string, string | null>;
}

/** A form as a signed request; a text is sent as it is, as JSON. */
export const signedSlackRequest = (
  content: Record<string, string> | string,
  { secret = env.SLACK_SIGNING_SECRET ?? "", skewSeconds = 0, headers = {} }: SlackRequestOptions = {},
): Request => {
  const isForm = typeof content !== "string";
  const body = isForm ? new URLSearchParams(content).toString() : content;
  const all = new Headers({
    "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
    ...signature(secret, Math.floor(clock.nowMs() / 1000) + skewSeconds, body),
  });
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) all.delete(name);
    else all.set(name, value);
  }
  return new Request("https://cv-ops.internal/slack/events", { method: "POST", headers: all, body });
};
