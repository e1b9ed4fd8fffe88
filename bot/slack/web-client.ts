import { LogLevel, type WebClientOptions } from "@slack/web-api";

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
  timeout: 10_000,
  logLevel: LogLevel.ERROR,
  fetch: async (input, init) => {
    const response = await globalThis.fetch(input, { ...init, redirect: "manual" });
    if (response.status >= 300 && response.status < 400) throw new Error("Slack's API answered with a redirect");
    return response;
  },
});
