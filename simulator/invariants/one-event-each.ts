import type { Invariant, RecordedEvent, StateChange } from "./invariant.ts";

/** The event that tells of a change of state stands in the same transaction. */
const tells = (
  event: RecordedEvent,
  { machine, workspace_id: workspace, id, commit_id: commit }: StateChange,
): boolean => {
  if (event.workspace_id !== workspace) return false;
  switch (machine) {
    case "change":
      return event.data.includes(id) || (event.commit_id !== null && event.type.startsWith("commit."));
    case "review":
      return event.commit_id === id;
    default:
      return event.push_id === id || event.job_id === id || event.commit_id === commit;
  }
};

export const oneEventEach: Invariant = {
  number: 10,
  words: "each change of state has one actor and one event",
  afterTransaction: ({ changes, events }) => {
    const untold = changes.filter((change) => !events.some((event) => tells(event, change)));
    const keys = events.map(({ type, commit_id: commit, push_id: push, job_id: job, data }) =>
      [type, commit, push, job, data].join(" "),
    );
    const repeated = keys.filter((key, index) => keys.indexOf(key) !== index);
    // Whether a target answers is noticed beside what it says.
    const told = events.filter(({ type }) => !type.startsWith("target."));
    const actors = new Set(told.map(({ actor_kind: kind, actor_id: id }) => `${kind} ${id}`));
    const nameless = events.filter(({ actor_id: id }) => id === "");
    return [
      ...untold.map(
        ({ machine, id, from_state: from, to_state: to }) =>
          `${machine} ${id} went from ${from ?? "nothing"} to ${to} without an event`,
      ),
      ...repeated.map((key) => `one event was written twice: ${key}`),
      ...(actors.size > 1 ? [`one transaction has ${actors.size} actors: ${[...actors].join(", ")}`] : []),
      ...nameless.map(({ type }) => `${type} has no actor`),
    ];
  },
};
