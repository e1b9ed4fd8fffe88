/** How many requests one person makes, with all their tokens: a window of a minute for reads, one for writes. */
import { DurableObject } from "cloudflare:workers";

export const ratePolicies = {
  read: { limit: 600, windowSeconds: 60 },
  write: { limit: 120, windowSeconds: 60 },
  /** Of an address, for what nobody has to sign in for. */
  login: { limit: 60, windowSeconds: 60 },
} as const;
export type RatePolicy = keyof typeof ratePolicies;

export interface Allowance {
  allowed: boolean;
  remaining: number;
  resetSeconds: number;
}

/** One object a person. In memory alone: one that is evicted begins anew, in the person's favour. */
export class RateLimiter extends DurableObject<Env> {
  readonly #windows = new Map<RatePolicy, { startMs: number; count: number }>();

  /** @param cost as how many plain requests it counts */
  take(policy: RatePolicy, nowMs: number, cost: number): Allowance {
    const { limit, windowSeconds } = ratePolicies[policy];
    const existing = this.#windows.get(policy);
    const window =
      existing && nowMs - existing.startMs < windowSeconds * 1000 ? existing : { startMs: nowMs, count: 0 };
    window.count += cost;
    this.#windows.set(policy, window);
    return {
      allowed: window.count <= limit,
      remaining: Math.max(0, limit - window.count),
      resetSeconds: Math.max(1, Math.ceil((window.startMs + windowSeconds * 1000 - nowMs) / 1000)),
    };
  }
}

/** `RateLimit-Policy` and `RateLimit` (datatracker.ietf.org, draft-ietf-httpapi-ratelimit-headers). */
export const rateHeaders = (policy: RatePolicy, { remaining, resetSeconds }: Allowance): Record<string, string> => {
  const { limit, windowSeconds } = ratePolicies[policy];
  return {
    "RateLimit-Policy": `"${policy}";q=${limit};w=${windowSeconds}`,
    RateLimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
  };
};
