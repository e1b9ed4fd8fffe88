/** Slack's rate limits as token buckets that survive a restart. */
import type { Slack } from "./slack.ts";

export interface Bucket {
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

/** Takes one call from a bucket: null when it may go on, else the seconds for `Retry-After`. */
export const takeCall = (slack: Slack, tier: Tier, name: string): number | null => {
  const { perMinute, burst } = slack.budget[tier];
  const now = slack.now();
  const row = slack.sql
    .exec<{ tokens: number; at: number }>("SELECT tokens, at FROM rate_buckets WHERE name = ?", name)
    .toArray()[0];
  const tokens = row ? Math.min(burst, row.tokens + (Math.max(0, now - row.at) * perMinute) / 60_000) : burst;
  const allowed = tokens >= 1;
  slack.sql.exec(
    "INSERT INTO rate_buckets (name, tokens, at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET tokens = excluded.tokens, at = excluded.at",
    name,
    allowed ? tokens - 1 : tokens,
    now,
  );
  return allowed ? null : Math.max(1, Math.ceil(((1 - tokens) * 60) / perMinute));
};
