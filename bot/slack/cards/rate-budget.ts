/**
 * One workspace's share of Slack's limits (docs.slack.dev, "Rate limits"): about one post a second in a channel with
 * short bursts, 50 updates a minute for the app. Kept in memory: after an eviction Slack's own 429 corrects it, and
 * what that asks for is stored (outbox.ts).
 */
interface Bucket {
  tokens: number;
  refilledMs: number;
}

const posts = { capacity: 4, perMs: 1 / 1000 };
const updates = { capacity: 20, perMs: 45 / 60_000 };
/** views.publish is of Tier 4: 100 and more a minute. */
const homes = { capacity: 20, perMs: 90 / 60_000 };
/** The same message is not written more often than this, so that bursts of progress become one edit. */
const sameMessageMs = 700;
const sameHomeMs = 2000;

export type RatedCall = "update" | "home" | `post:${string}`;

const limitOf = (kind: RatedCall) => (kind === "update" ? updates : kind === "home" ? homes : posts);

export class RateBudget {
  readonly #buckets = new Map<string, Bucket>();
  readonly #lastWriteMs = new Map<string, number>();
  #pausedUntilMs = 0;

  /** Takes a token for one write of `message`. @returns 0, or how many milliseconds to wait before asking again */
  take(kind: RatedCall, message: string, nowMs: number): number {
    const restMs = this.restMs(kind, message, nowMs);
    if (restMs > 0) return restMs;
    const bucket = this.#refilled(kind, nowMs);
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / limitOf(kind).perMs);
    bucket.tokens -= 1;
    this.#remember(message, nowMs);
    return 0;
  }

  /** How long nothing is written in any case: Slack does not listen, or the message was written just now. */
  restMs(kind: RatedCall, message: string, nowMs: number): number {
    if (nowMs < this.#pausedUntilMs) return this.#pausedUntilMs - nowMs;
    const sinceLast = nowMs - (this.#lastWriteMs.get(message) ?? Number.NEGATIVE_INFINITY);
    return Math.max(0, (kind === "home" ? sameHomeMs : sameMessageMs) - sinceLast);
  }

  /** One more call was made than was asked for: what comes next waits for it. */
  spend(kind: RatedCall, nowMs: number): void {
    this.#refilled(kind, nowMs).tokens -= 1;
  }

  /** How many writes of this kind could go out now: no more need to be prepared. */
  capacity(kind: RatedCall, nowMs: number): number {
    return nowMs < this.#pausedUntilMs ? 0 : Math.max(0, Math.floor(this.#refilled(kind, nowMs).tokens));
  }

  #refilled(kind: RatedCall, nowMs: number): Bucket {
    const limit = limitOf(kind);
    const bucket = this.#buckets.get(kind) ?? { tokens: limit.capacity, refilledMs: nowMs };
    bucket.tokens = Math.min(limit.capacity, bucket.tokens + (nowMs - bucket.refilledMs) * limit.perMs);
    bucket.refilledMs = nowMs;
    this.#buckets.set(kind, bucket);
    return bucket;
  }

  /** Slack said when it listens again. */
  pause(untilMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
  }

  #remember(message: string, nowMs: number): void {
    this.#lastWriteMs.set(message, nowMs);
    if (this.#lastWriteMs.size <= 500) return;
    for (const [other, atMs] of this.#lastWriteMs) if (nowMs - atMs > sameHomeMs) this.#lastWriteMs.delete(other);
  }
}
