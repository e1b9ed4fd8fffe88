/** What an event makes out of date. Pure. */
import type { ApiEvent } from "../../../shared/contract/event.ts";
import { type Key, keys } from "../data/keys.ts";

/** A read of these shows what the event has brought. What the event itself tells stands in after-event.ts. */
export const affectedBy = ({ type, commit, push }: ApiEvent): Key[] => {
  const [subject] = type.split(".");
  const itsCommit = commit === null ? [] : [keys.commit(commit), keys.checks(commit)];
  const itsPush = push === null ? [] : [keys.push(push)];
  switch (subject) {
    case "change":
      return [keys.staged, keys.actionItems, ...itsCommit];
    case "commit":
      return [keys.staged, keys.actionItems, keys.commits, ...itsCommit];
    case "push":
      return [keys.actionItems, keys.commits, ...itsCommit, ...itsPush];
    case "job":
      // It tells all that it brings, and there are many of it.
      if (type === "job.progress") return [];
      return [
        keys.actionItems,
        keys.commits,
        ...itsCommit,
        ...itsPush,
        ...(type === "job.completed" ? [keys.rows] : []),
      ];
    case "member":
    case "workspace":
      return [keys.me, keys.actionItems, keys.checks(), ...itsCommit];
    case "target":
      return [keys.actionItems, keys.checks()];
    case "dead_letter":
      return [keys.actionItems];
    default:
      return [];
  }
};
