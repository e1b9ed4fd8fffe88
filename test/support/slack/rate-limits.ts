/** Slack's rate limits as its Web API keeps them, on the clock of a test. */
import { type Bucket, type Tier, slackBudget, takeToken } from "../../../tools/playground/slack/budget.ts";

const tiers: Record<string, Tier> = { "chat.postMessage": "post", "chat.update": "tier3", "views.publish": "tier4" };

/** Of a method that is counted. */
export const limitOf = (method: string) => {
  const tier = tiers[method];
  return tier && slackBudget[tier];
};

export class RateLimits {
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * Posts are counted by channel, everything else by method.
   * @param of whose calls are counted together
   * @returns null, or the seconds for `Retry-After`
   */
  take(of: string, method: string, channel: string): number | null {
    const limit = limitOf(method);
    if (!limit) return null;
    const key = `${of}/${method}/${tiers[method] === "post" ? channel : ""}`;
    const { bucket, retryAfter } = takeToken(this.#buckets.get(key), limit, this.#nowMs());
    this.#buckets.set(key, bucket);
    return retryAfter;
  }
}
