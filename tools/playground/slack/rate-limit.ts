/** Slack's rate limits as token buckets that survive a restart. */
import type { Slack } from "./slack.ts";
import type { Tier } from "./budget.ts";

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
