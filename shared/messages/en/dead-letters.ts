/** Dead letters: what could not be delivered, for what, and where it stands. */
import type { DeadLetterState } from "../../domain/states.ts";
import { type Message, message, moment, person, quoted } from "../message.ts";

const kinds: Readonly<Record<string, string>> = {
  "cv-push": "a step of a push",
  "cv-index": "an update of a search index",
  "cv-deliveries": "an event for a webhook",
  slack: "a request from Slack",
};

/** What it was for. */
export const deadLetterKind = (queue: string): string =>
  Object.hasOwn(kinds, queue) ? (kinds[queue] ?? "") : queue === "" ? "of an unknown queue" : `from ${queue}`;

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
