/** Dead letters: what could not be delivered, for what, and where it stands. */
import type { DeadLetterState } from "../../domain/states.ts";
import { type Message, message, moment, next, person, quoted } from "../message.ts";

const kinds: Readonly<Record<string, string>> = {
  "cv-push": "a step of a push",
  "cv-index": "an update of a search index",
  "cv-deliveries": "an event for a webhook",
  slack: "a request from Slack",
};

/** What it was for. */
export const deadLetterKind = (queue: string): string =>
  Object.hasOwn(kinds, queue) ? (kinds[queue] ?? "") : queue === "" ? "of an unknown queue" : `from ${queue}`;

/** What it means that it was not delivered, and what can be done. */
export const deadLetterEffect = (queue: string): Message => {
  switch (queue) {
    case "cv-push":
      return [
        "The push does not depend on it: its job is sent again by itself, or its target is asked. Retry looks once more; what was applied is not applied twice.",
      ];
    case "cv-index":
      return message`Search may not find the newest rows yet. Retry brings the index up to date.${next({ to: "command", command: "reindex" }, (how) => message` So does ${how}.`)}`;
    case "cv-deliveries":
      return [
        "The webhook does not depend on it: what is due is found by itself, every minute. Retry looks once more.",
      ];
    case "slack":
      return ["It was not done. Whoever asked for it does it again in Slack; discard it when that has happened."];
    default:
      return ["Its purpose is unknown. Discard it when somebody has looked at it."];
  }
};

interface Standing {
  state: DeadLetterState;
  decidedBy: string | null;
  decidedAt: string | null;
  reason?: string | null;
}

/** Where it stands, and by whom. */
export const deadLetterStanding = ({ state, decidedBy, decidedAt, reason = null }: Standing): Message => {
  const by = message`${decidedBy === null ? "" : message` by ${person(decidedBy)}`}${decidedAt === null ? "" : message`, ${moment(decidedAt)}`}`;
  switch (state) {
    case "kept":
      return ["waits for a decision"];
    case "retried":
      return message`sent again${by}`;
    case "resolved":
      return message`delivered after it was sent again${by}`;
    case "discarded":
      return message`discarded${by}${reason === null ? "" : message`: ${quoted(reason, 500)}`}`;
  }
};
