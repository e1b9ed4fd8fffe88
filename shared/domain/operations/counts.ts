/** What the service counts about itself: /metrics, the objectives and the weekly digest read these tables. */
import type { EventType } from "../events/event-types.ts";

/** Durations, by their upper bounds in seconds. */
export const durations = {
  acks: { metric: "ack_seconds", bounds: [0.5, 1, 2, 3], help: "From a request of Slack to its acknowledgement." },
  dispatches: {
    metric: "dispatch_seconds",
    bounds: [1, 5, 15, 60, 300],
    help: "From a job's row in the outbox to the target's acceptance: the lag of relay and queue.",
  },
  verified: {
    metric: "verified_seconds",
    bounds: [5, 15, 60, 300, 900],
    help: "From a job's dispatch to the target's verification.",
  },
} as const;
export type DurationName = keyof typeof durations;

/** Numbers, by what they are numbers of. */
export const totals = {
  pushes: { metric: "pushes_total", labels: ["outcome"], help: "Pushes of a commit to one target, by outcome." },
  dead_letters: { metric: "dead_letters_total", labels: [], help: "Messages that were kept as dead letters." },
  refused: { metric: "refused_requests_total", labels: ["via", "code"], help: "Requests that were refused." },
} as const;
export type TotalName = keyof typeof totals;

export interface Counted {
  name: DurationName | TotalName;
  /** The values of the labels with `/` between them; of a duration its bound, or `+Inf`. */
  label: string;
  count: number;
  /** Seconds; 0 where it is no duration. */
  sum: number;
}

export const inTotal = (name: TotalName, label = ""): Counted => ({ name, label, count: 1, sum: 0 });

export const ofDuration = (name: DurationName, ms: number): Counted => {
  const seconds = Math.max(0, ms) / 1000;
  const bounds: readonly number[] = durations[name].bounds;
  return { name, label: String(bounds.find((bound) => seconds <= bound) ?? "+Inf"), count: 1, sum: seconds };
};

const outcomes: Partial<Record<EventType, string>> = {
  "job.completed": "applied",
  "job.failed": "failed",
  "job.timeout": "unknown",
  "job.cancelled": "cancelled",
};

/** What an event counts as. @param sinceMs from its job's dispatch; null where there is none */
export const countedOf = (type: EventType, sinceMs: number | null): Counted[] => {
  const outcome = outcomes[type];
  if (outcome !== undefined) return [inTotal("pushes", outcome)];
  if (type === "dead_letter.kept") return [inTotal("dead_letters")];
  if (sinceMs === null) return [];
  if (type === "job.accepted") return [ofDuration("dispatches", sinceMs)];
  return type === "job.verified" ? [ofDuration("verified", sinceMs)] : [];
};

/** Those that count as something. */
export const countedEvents: readonly EventType[] = [
  "job.completed",
  "job.failed",
  "job.timeout",
  "job.cancelled",
  "job.accepted",
  "job.verified",
  "dead_letter.kept",
];

/** Equal ones added up. */
export const addedUp = (counts: readonly Counted[]): Counted[] => {
  const sums = new Map<string, Counted>();
  for (const { name, label, count, sum } of counts) {
    const key = `${name} ${label}`;
    const before = sums.get(key);
    sums.set(key, { name, label, count: count + (before?.count ?? 0), sum: sum + (before?.sum ?? 0) });
  }
  return [...sums.values()];
};
