import { LogLevel, WebClient, type WebClientOptions } from "@slack/web-api";

const timeoutMs = 10_000;
/** Where Slack takes answers to what people did (docs.slack.dev, "Handling user interaction": `response_url`). */
const hooksOrigin = "https://hooks.slack.com";
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether an address is Slack's: a payload names one to answer to, and what it names is not called unless it is. */
const isSlacks = (address: string, slackApiUrl: string): boolean => {
  if (!URL.canParse(address)) return false;
  const { origin, hostname, username, password } = new URL(address);
  if (username !== "" || password !== "") return false;
  if (origin === hooksOrigin || origin === new URL(slackApiUrl).origin) return true;
  // The local Slack answers under each of the machine's names.
  return new URL(slackApiUrl).hostname !== "slack.com" && loopback.has(hostname);
};

/**
 * The only way to Slack. workerd refuses `redirect: "error"`, which web-api asks for; a redirect would carry the token
 * along, so we refuse it ourselves. Throws for an address that is not Slack's, for a redirect, and after 10 s.
 */
export const slackFetch =
  (slackApiUrl: string): typeof fetch =>
  async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!isSlacks(address, slackApiUrl)) throw new Error("An address that is not Slack's was not called");
    // web-api's own timeout leaves its timer running, which keeps a Durable Object in memory after each call.
    const abort = new AbortController();
    const timer = setTimeout(
      () => abort.abort(new Error(`Slack gave no answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    try {
      const response = await globalThis.fetch(input, { ...init, redirect: "manual", signal: abort.signal });
      if (response.status >= 300 && response.status < 400) throw new Error("Slack answered with a redirect");
      return new Response(await response.arrayBuffer(), response);
    } finally {
      clearTimeout(timer);
    }
  };

/** A new token in the place of one that has ended; null where there is none. */
export type RenewToken = (ended: string) => Promise<string | null>;

export interface SlackAddress {
  apiUrl: string;
  /** Null, or absent, where tokens do not end. */
  renew?: RenewToken | null;
}

/** The token is good no longer. Another may be there: refreshed, or of a new installation. */
const ended = /"(?:token_expired|token_revoked|account_inactive)"/;

/** A call that comes with a token which has ended is made once more, with the one that follows it. */
const renewing =
  (call: typeof fetch, renew: RenewToken): typeof fetch =>
  async (input, init) => {
    const response = await call(input, init);
    const headers = new Headers(init?.headers);
    const [, token = ""] = /^Bearer (\S+)$/.exec(headers.get("authorization") ?? "") ?? [];
    if (token === "" || !ended.test(await response.clone().text())) return response;
    const next = await renew(token);
    if (next === null) return response;
    headers.set("authorization", `Bearer ${next}`);
    return call(input, { ...init, headers });
  };

/** Options of every client. Callers handle rate limits: web-api would pause a queue that other requests share. */
export const webClientOptions = ({ apiUrl: slackApiUrl, renew = null }: SlackAddress): WebClientOptions => ({
  slackApiUrl,
  allowAbsoluteUrls: false,
  rejectRateLimitedCalls: true,
  maxRequestConcurrency: Number.POSITIVE_INFINITY,
  retryConfig: { retries: 0 },
  logLevel: LogLevel.ERROR,
  fetch: renew === null ? slackFetch(slackApiUrl) : renewing(slackFetch(slackApiUrl), renew),
});

export const slackClient = (botToken: string, slack: SlackAddress): WebClient =>
  new WebClient(botToken, webClientOptions(slack));
