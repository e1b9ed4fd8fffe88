/** Slack's rate limits as its Web API keeps them, on the test's clock. */
import { type Tier, slackBudget } from "../../../tools/playground/slack/budget.ts";

const tiers: Record<string, Tier> = { "chat.postMessage": "post", "chat.update": "tier3", "views.publish": "tier4" };

export class SlackRates {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  /** Posts are counted by channel, everything else by method. @returns null, or the seconds for `Retry-After` */
  refuse(token: string, method: string, channel: string): number | null {
    const tier = tiers[method];
    if (!tier) return null;
    const { perMinute, burst } = slackBudget[tier];
    const key = `${token}/${method}/${tier === "post" ? channel : ""}`;
    const nowMs = Date.now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) * perMinute) / 60_000);
    const isTaken = tokens >= 1;
    this.#buckets.set(key, { tokens: isTaken ? tokens - 1 : tokens, atMs: nowMs });
    return isTaken ? null : Math.max(1, Math.ceil(((1 - tokens) * 60) / perMinute));
  }
}
