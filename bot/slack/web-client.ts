import { LogLevel, type WebClientOptions } from "@slack/web-api";

const timeoutMs = 10_000;

/**
 * How every client talks to Slack from a Worker. web-api calls `fetch` unbound and asks for `redirect: "error"`, both of
 * which workerd refuses; a redirect would also carry the token along, so we refuse it ourselves. A rate limit is the
 * caller's to handle: web-api would pause a queue that other requests share.
 */
export const webClientOptions = (slackApiUrl: string): WebClientOptions => ({
  slackApiUrl,
  allowAbsoluteUrls: false,
  rejectRateLimitedCalls: true,
  maxRequestConcurrency: Number.POSITIVE_INFINITY,
  retryConfig: { retries: 0 },
  logLevel: LogLevel.ERROR,
  fetch: async (input, init) => {
    // web-api's own timeout leaves its timer running, which keeps a Durable Object in memory after each call.
    const abort = new AbortController();
    const timer = setTimeout(
      () => abort.abort(new Error(`Slack gave no answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    try {
      const response = await globalThis.fetch(input, { ...init, redirect: "manual", signal: abort.signal });
      if (response.status >= 300 && response.status < 400) throw new Error("Slack's API answered with a redirect");
      return new Response(await response.arrayBuffer(), response);
    } finally {
      clearTimeout(timer);
    }
  },
});
