/** Slack's rate limits as its Web API keeps them (docs.slack.dev, "Rate limits"), in virtual time. */
interface Limit {
  perMinute: number;
  burst: number;
  isByChannel: boolean;
}

/** About one post a second in a channel; Tier 3 is 50 and more a minute, Tier 4 100 and more. */
export const slackLimits: Record<string, Limit> = {
  "chat.postMessage": { perMinute: 60, burst: 5, isByChannel: true },
  "chat.update": { perMinute: 50, burst: 25, isByChannel: false },
  "views.publish": { perMinute: 100, burst: 25, isByChannel: false },
};

export class RateLimits {
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @returns 0, or the seconds for `Retry-After` */
  take(workspaceId: string, method: string, channel: string): number {
    const limit = slackLimits[method];
    if (!limit) return 0;
    const key = `${workspaceId}/${method}/${limit.isByChannel ? channel : ""}`;
    const nowMs = this.#nowMs();
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs };
    const tokens = Math.min(limit.burst, bucket.tokens + ((nowMs - bucket.atMs) * limit.perMinute) / 60_000);
    const isTaken = tokens >= 1;
    this.#buckets.set(key, { tokens: isTaken ? tokens - 1 : tokens, atMs: nowMs });
    return isTaken ? 0 : Math.max(1, Math.ceil(((1 - tokens) * 60) / limit.perMinute));
  }
}
