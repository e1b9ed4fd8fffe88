/** Slack's rate limits as its Web API keeps them, on the clock of a test. */
import { type Bucket, slackBudget, takeToken, type Tier } from "../../../tools/slack/budget.ts";

export class RateLimits {
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * @param team whose calls are counted together
   * @param limit the method, and the channel where that is counted too
   * @returns null, or the seconds for `Retry-After`
   */
  take(team: string, tier: Tier, limit: string): number | null {
    const key = `${team}/${limit}`;
    const { bucket, retryAfter } = takeToken(this.#buckets.get(key), slackBudget[tier], this.#nowMs());
    this.#buckets.set(key, bucket);
    return retryAfter;
  }
}
