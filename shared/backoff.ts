/** How long to wait before another try: the one policy of all retries. Time and chance come from outside. */

export interface Backoff {
  firstMs: number;
  maxMs: number;
}

/** A target that gives no answer: 1, 2, 4, 8 … s. */
export const dispatchBackoff: Backoff = { firstMs: 1000, maxMs: 60_000 };
/** An error of ours while a queue's message was handled: 2, 4, 8 … s, at most 5 min. */
export const afterErrorBackoff: Backoff = { firstMs: 2000, maxMs: 300_000 };
/** Vectors become visible within seconds. */
export const indexBackoff: Backoff = { firstMs: 2000, maxMs: 60_000 };
/** A receiver that does not take a target's webhook: 5, 10, 20 … s, at most 15 min. */
export const callbackBackoff: Backoff = { firstMs: 5000, maxMs: 900_000 };
/** Slack, when it does not take what we write: 1, 2, 4, 8 … s. */
export const slackBackoff: Backoff = { firstMs: 1000, maxMs: 60_000 };
/** One message that Slack does not take, for a reason that may pass: 1, 2, 4, 8 … s, at most 15 min. */
export const cardBackoff: Backoff = { firstMs: 1000, maxMs: 900_000 };
/** An alarm that has failed. The platform gives up after six failures in a row, so an alarm sets itself again. */
export const alarmBackoff: Backoff = { firstMs: 5000, maxMs: 60_000 };

/** The longest that a target's `Retry-After` is obeyed. */
export const maxRetryAfterMs = 300_000;

/**
 * Doubles with each try up to the cap; then takes off up to half at random, so that many do not come back at once.
 * @param tries how often it was tried so far, 1 or more
 * @param random from 0 up to 1; at 0 the wait is the longest
 */
export const backoffMs = ({ firstMs, maxMs }: Backoff, tries: number, random: number): number =>
  jittered(Math.min(firstMs * 2 ** Math.min(tries - 1, 30), maxMs), random);

/** Between half of `delayMs` and all of it. */
export const jittered = (delayMs: number, random: number): number => Math.round(delayMs * (1 - random / 2));

/** What the other side asks for counts when it is longer than our own wait, up to `maxRetryAfterMs`. */
export const atLeastAsked = (ownMs: number, askedMs: number | null): number =>
  Math.max(ownMs, Math.min(askedMs ?? 0, maxRetryAfterMs));

/** Queues and Retry-After count in whole seconds; rounded up, so that nothing comes back too early. */
export const wholeSeconds = (delayMs: number): number => Math.ceil(delayMs / 1000);

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds or an HTTP date.
 * @returns milliseconds from now, at least 0; null when it is absent or says neither
 */
export const retryAfterMs = (header: string | null, nowMs: number): number | null => {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // All three forms of an HTTP date begin with the day of the week; Date.parse alone takes "7.5" for a month.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
};
