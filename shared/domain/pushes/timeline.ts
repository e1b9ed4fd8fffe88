/** What happened to a push, in the order of time, and what it waited for in between. */

interface Timed {
  type: string;
  /** ISO 8601 */
  at: string;
  data: Record<string, unknown>;
}

export interface Moment<Event> {
  event: Event;
  /** Since the command. */
  afterMs: number;
  /** Since the event before it, where that was long enough to be named; null otherwise. */
  waited: { ms: number; for: Awaited } | null;
}

/** Who had to send the next event. */
export type Awaited = { who: "target"; target: string } | { who: "person" } | { who: "us" };

/** Shorter gaps say nothing. */
export const namedGapMs = 1000;

/**
 * @param startedAt when the command was given, ISO 8601
 * @param events oldest first
 */
export const timelineOf = <Event extends Timed>(startedAt: string, events: readonly Event[]): Moment<Event>[] => {
  let beforeMs = Date.parse(startedAt);
  return events.map((event) => {
    const atMs = Date.parse(event.at);
    const ms = atMs - beforeMs;
    beforeMs = Math.max(beforeMs, atMs);
    return {
      event,
      afterMs: atMs - Date.parse(startedAt),
      waited: ms >= namedGapMs ? { ms, for: awaitedBy(event) } : null,
    };
  });
};

const awaitedBy = ({ type, data }: Timed): Awaited => {
  if (type === "push.retried" || type === "push.cancelled") return { who: "person" };
  const { target } = data;
  const isTargets = type.startsWith("job.") && type !== "job.dispatched";
  return isTargets && typeof target === "string" ? { who: "target", target } : { who: "us" };
};
