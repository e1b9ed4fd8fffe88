/** Slack's rate limits, as token buckets. */

interface Limit {
  perMinute: number;
  /** Calls that may come at once. */
  burst: number;
}

export type Tier = "post" | "tier3" | "tier4" | "special";

export type Budget = Record<Tier, Limit>;

/** docs.slack.dev/apis/web-api/rate-limits: one post a second and channel with short bursts; tiers count a minute. */
export const slackBudget: Budget = {
  post: { perMinute: 60, burst: 4 },
  tier3: { perMinute: 50, burst: 25 },
  tier4: { perMinute: 100, burst: 25 },
  special: { perMinute: 600, burst: 600 },
};

export interface Bucket {
  tokens: number;
  atMs: number;
}

/** Takes one call from a bucket; from a full one where it is new. @returns null, or the seconds for `Retry-After` */
export const takeToken = (
  bucket: Bucket | undefined,
  { perMinute, burst }: Limit,
  nowMs: number,
): { bucket: Bucket; retryAfter: number | null } => {
  const passedMs = bucket ? Math.max(0, nowMs - bucket.atMs) : 0;
  const tokens = bucket ? Math.min(burst, bucket.tokens + (passedMs * perMinute) / 60_000) : burst;
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, atMs: nowMs }, retryAfter: null };
  return { bucket: { tokens, atMs: nowMs }, retryAfter: Math.max(1, Math.ceil(((1 - tokens) * 60) / perMinute)) };
};
