/** A message that could not be delivered, in words. */
import type { FiledDeadLetter } from "../../../shared/storage/dead-letters/dead-letters.ts";
import { mention, moment, plural, quoted } from "../blocks/text.ts";
import { hideSecrets } from "../blocks/redact.ts";

const kinds: Record<string, string> = {
  "cv-push": "a step of a push",
  "cv-index": "an update of a search index",
  "cv-deliveries": "an event for a webhook",
  slack: "something asked for in Slack",
};

/** What it was for. */
export const deadLetterKind = (queue: string): string =>
  Object.hasOwn(kinds, queue) ? (kinds[queue] ?? "") : `from ${quoted(queue, 80)}`;

export const causeWords = ({ cause }: Pick<FiledDeadLetter, "cause">, max = 300): string =>
  quoted(hideSecrets(cause), max);

/** "push #3 of commit #2 to d1cv"; empty where no job is known. */
export const subjectWords = ({ commitNumber, pushNumber, target }: FiledDeadLetter): string =>
  commitNumber === null
    ? ""
    : `push ${pushNumber === null ? "(unknown)" : `*#${pushNumber}*`} of commit *#${commitNumber}*${target === null ? "" : ` to ${quoted(target, 80)}`}`;

/** Where it stands, and by whom. */
export const standingOf = ({
  state,
  decidedBy,
  decidedAt,
  reason,
}: Pick<FiledDeadLetter, "state" | "decidedBy" | "decidedAt" | "reason">): string => {
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

export const deadLetterLine = (deadLetter: FiledDeadLetter): string => {
  const subject = subjectWords(deadLetter);
  return [
    `:mailbox: *Message ${deadLetter.number}*  ${deadLetterKind(deadLetter.queue)}${subject === "" ? "" : `, ${subject}`}`,
    `${causeWords(deadLetter, 150)}  ·  ${plural(deadLetter.attempts, "attempt")}, the last ${moment(deadLetter.failedAt)}  ·  ${standingOf(deadLetter)}`,
  ].join("\n");
};
