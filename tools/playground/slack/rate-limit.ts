/** Slack's rate limits as token buckets that survive a restart. */
import { type Tier, takeToken } from "../../slack/budget.ts";
import type { Slack } from "./slack.ts";

/** Takes one call from a bucket: null when it may go on, else the seconds for `Retry-After`. */
export const takeCall = (slack: Slack, tier: Tier, name: string): number | null => {
  const row = slack.sql
    .exec<{ tokens: number; atMs: number }>("SELECT tokens, at AS atMs FROM rate_buckets WHERE name = ?", name)
    .toArray()[0];
  const { bucket, retryAfter } = takeToken(row, slack.budget[tier], slack.now());
  slack.sql.exec(
    "INSERT INTO rate_buckets (name, tokens, at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET tokens = excluded.tokens, at = excluded.at",
    name,
    bucket.tokens,
    bucket.atMs,
  );
  return retryAfter;
};
