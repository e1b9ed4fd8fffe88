import type { Invariant, Observed } from "./invariant.ts";
import type { RecordedEvent, StateChange } from "../world/transaction.ts";

/** A change of state and its event are written in the same transaction. */
const describes = (
  event: RecordedEvent,
  { machine, workspace_id: workspace, id, commit_id: commit }: StateChange,
): boolean => {
  if (event.workspace_id !== workspace) return false;
  switch (machine) {
    case "change":
      return event.data.includes(id) || (event.commit_id !== null && event.type.startsWith("commit."));
    case "webhook":
      return event.type.startsWith("webhook.") && event.data.includes(id);
    case "review":
      return event.commit_id === id;
    default:
      return event.push_id === id || event.job_id === id || event.commit_id === commit;
  }
};

/** The state of a job after the transaction with each event. */
const stateAfter: Record<string, string> = {
  "job.dispatched": "pending",
  "job.accepted": "processing",
  "job.progress": "processing",
  "job.completed": "completed",
  "job.failed": "failed",
  "job.timeout": "timeout",
  "job.cancelled": "cancelled",
};

/** An event describes the actual state of the current attempt; a completion counts from any attempt. */
const untrue = (events: readonly RecordedEvent[], { world }: Observed): string[] =>
  events.flatMap(({ type, job_id: id, attempt }) => {
    const expected = stateAfter[type];
    if (!expected || id === null) return [];
    const [job] = world.staging.rows<{ state: string; attempt: number }>(
      "SELECT state, attempt FROM jobs WHERE id = ?1",
      id,
    );
    if (job?.state !== expected) return [`${type} was recorded, and job ${id} is ${job?.state ?? "missing"}`];
    return type === "job.completed" || job.attempt === attempt
      ? []
      : [`${type} of attempt ${attempt} was accepted, and job ${id} is in attempt ${job.attempt}`];
  });

export const oneEventEach: Invariant = {
  number: 10,
  words: "each change of state has one actor and one event",
  afterTransaction: ({ changes, events }, observed) => {
    // Deliveries of events have no events of their own.
    const undescribed = changes
      .filter((change) => change.machine !== "delivery")
      .filter((change) => !events.some((event) => describes(event, change)));
    const keys = events.map(({ type, commit_id: commit, push_id: push, job_id: job, data }) =>
      [type, commit, push, job, data].join(" "),
    );
    const repeated = keys.filter((key, index) => keys.indexOf(key) !== index);
    // Target health, and the conflicts of other commits, are recorded beside the target's reports.
    const described = events.filter(({ type }) => !type.startsWith("target.") && type !== "commit.drifted");
    const actors = new Set(described.map(({ actor_kind: kind, actor_id: id }) => `${kind} ${id}`));
    const nameless = events.filter(({ actor_id: id }) => id === "");
    return [
      ...undescribed.map(
        ({ machine, id, from_state: from, to_state: to }) =>
          `${machine} ${id} went from ${from ?? "nothing"} to ${to} without an event`,
      ),
      ...repeated.map((key) => `one event was written twice: ${key}`),
      ...(actors.size > 1 ? [`one transaction has ${actors.size} actors: ${[...actors].join(", ")}`] : []),
      ...untrue(events, observed),
      ...nameless.map(({ type }) => `${type} has no actor`),
    ];
  },
};
