/** A message that could not be delivered, in words. */
import type { FiledLetter } from "../../../shared/storage/dead-letters/dead-letters.ts";
import { mention, moment, plural, quoted } from "../blocks/text.ts";
import { hideSecrets } from "../blocks/redact.ts";

const kinds: Record<string, string> = {
  "cv-push": "a step of a push",
  "cv-index": "an update of a search index",
  "cv-deliveries": "an event for a webhook",
  slack: "something asked for in Slack",
};

/** What it was for. */
export const letterKind = (queue: string): string =>
  Object.hasOwn(kinds, queue) ? (kinds[queue] ?? "") : `from ${quoted(queue, 80)}`;

export const causeWords = ({ cause }: Pick<FiledLetter, "cause">, max = 300): string => quoted(hideSecrets(cause), max);

/** "push #3 of commit #2 to d1cv"; empty where no job is known. */
export const subjectWords = ({ commitNumber, pushNumber, target }: FiledLetter): string =>
  commitNumber === null
    ? ""
    : `push ${pushNumber === null ? "(unknown)" : `*#${pushNumber}*`} of commit *#${commitNumber}*${target === null ? "" : ` to ${quoted(target, 80)}`}`;

/** Where it stands, and by whom. */
export const standingOf = ({
  state,
  decidedBy,
  decidedAt,
  reason,
}: Pick<FiledLetter, "state" | "decidedBy" | "decidedAt" | "reason">): string => {
  const by = `${decidedBy === null ? "" : ` by ${mention(decidedBy)}`}${decidedAt === null ? "" : `, ${moment(decidedAt)}`}`;
  switch (state) {
    case "kept":
      return "waits for a decision";
    case "retried":
      return `sent again${by}`;
    case "resolved":
      return `delivered after it was sent again${by}`;
    case "discarded":
      return `discarded${by}${reason === null ? "" : `: ${quoted(reason, 500)}`}`;
  }
};

export const letterLine = (letter: FiledLetter): string => {
  const subject = subjectWords(letter);
  return [
    `:mailbox: *Message ${letter.number}*  ${letterKind(letter.queue)}${subject === "" ? "" : `, ${subject}`}`,
    `${causeWords(letter, 150)}  ·  ${plural(letter.attempts, "attempt")}, the last ${moment(letter.failedAt)}  ·  ${standingOf(letter)}`,
  ].join("\n");
};
