/** Queries that an event invalidates. Pure. */
import type { ApiEvent } from "../../../shared/contract/event.ts";
import { type Key, keys } from "../data/keys.ts";

/** Query keys to read again after an event. after-event.ts applies what the event itself contains. */
export const affectedBy = ({ type, commit, push }: ApiEvent): Key[] => {
  const [subject] = type.split(".");
  const itsCommit = commit === null ? [] : [keys.commit(commit), keys.checks(commit)];
  const itsPush = push === null ? [] : [keys.push(push)];
  switch (subject) {
    case "change":
      return [keys.staged, keys.actionItems, ...itsCommit];
    case "approval":
    case "commit":
      return [keys.staged, keys.actionItems, keys.commits, ...itsCommit];
    case "push":
      return [keys.actionItems, keys.commits, ...itsCommit, ...itsPush];
    case "job":
      // Progress events are frequent and contain everything.
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
      return [keys.me, keys.roles, keys.settings, keys.actionItems, keys.checks(), ...itsCommit];
    case "token":
      return [keys.tokens];
    case "webhook":
      return type === "webhook.ignored" ? [] : [keys.webhooks];
    case "target":
      return [keys.me, keys.actionItems, keys.checks(), keys.targets, keys.verify];
    case "dead_letter":
      return [keys.actionItems, keys.deadLetters];
    default:
      return [];
  }
};
