/** Notices that the server asks to wait. The client waits and repeats the request; a page says so meanwhile. */
import { retryAfterMs } from "../../../shared/backoff.ts";
import type { Surroundings } from "../../sdk/surroundings.ts";
import { type Observable, observable } from "./observable.ts";

type Fetch = Surroundings["fetch"];

interface RateNotice {
  /** Until when, milliseconds since the epoch; null while requests are let through. */
  limited: Observable<number | null>;
  fetchWithin: Fetch;
}

/** Where the server does not say for how long, milliseconds. */
const usualMs = 5000;

export const createRateNotice = (
  fetch: Fetch,
  clock: Pick<Surroundings, "now" | "setTimeout" | "clearTimeout">,
): RateNotice => {
  const limited = observable<number | null>(null);
  let timer: unknown = null;
  const note = (waitMs: number): void => {
    const untilMs = Math.max(limited.get() ?? 0, clock.now() + waitMs);
    limited.set(untilMs);
    if (timer !== null) clock.clearTimeout(timer);
    timer = clock.setTimeout(() => limited.set(null), untilMs - clock.now());
  };
  return {
    limited,
    fetchWithin: async (...request) => {
      const response = await fetch(...request);
      if (response.status === 429) note(retryAfterMs(response.headers.get("Retry-After"), clock.now()) ?? usualMs);
      return response;
    },
  };
};
