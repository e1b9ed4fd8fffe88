/** Slack's rate limits. */

interface Bucket {
  perMinute: number;
  /** Calls that may come at once. */
  burst: number;
}

export type Tier = "post" | "tier3" | "tier4" | "special";

export type Budget = Record<Tier, Bucket>;

/** docs.slack.dev/apis/web-api/rate-limits: posting is one a second and channel with short bursts; tiers are a minute's calls. */
export const slackBudget: Budget = {
  post: { perMinute: 60, burst: 4 },
  tier3: { perMinute: 50, burst: 50 },
  tier4: { perMinute: 100, burst: 100 },
  special: { perMinute: 600, burst: 600 },
};
