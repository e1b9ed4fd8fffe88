/** What an event makes out of date. Pure. */
import type { ApiEvent } from "../../../shared/contract/event.ts";
import { type Key, keys } from "../data/keys.ts";

/** A read of these shows what the event has brought. What the event itself tells stands in after-event.ts. */
export const affectedBy = ({ type, commit, push }: ApiEvent): Key[] => {
  const [subject] = type.split(".");
  const itsCommit = commit === null ? [] : [keys.commit(commit), keys.gates(commit)];
  const itsPush = push === null ? [] : [keys.push(push)];
  switch (subject) {
    case "change":
      return [keys.staged, keys.needs, ...itsCommit];
    case "commit":
      return [keys.staged, keys.needs, keys.commits, ...itsCommit];
    case "push":
      return [keys.needs, keys.commits, ...itsCommit, ...itsPush];
    case "job":
      // It tells all that it brings, and there are many of it.
      if (type === "job.progress") return [];
      return [keys.needs, keys.commits, ...itsCommit, ...itsPush, ...(type === "job.completed" ? [keys.rows] : [])];
    case "member":
    case "workspace":
      return [keys.me, keys.needs, keys.gates(), ...itsCommit];
    case "target":
      return [keys.needs, keys.gates()];
    case "dead_letter":
      return [keys.needs];
    default:
      return [];
  }
};
