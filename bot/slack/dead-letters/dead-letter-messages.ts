/** A message that could not be delivered, in words. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { FiledDeadLetter } from "../../../shared/storage/dead-letters/dead-letters.ts";
import { deadLetterKind, deadLetterStanding } from "../../../shared/messages/en/dead-letters.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { literal, moment, quoted } from "../blocks/text.ts";
import { hideSecrets } from "../blocks/redact.ts";

export const causeText = ({ cause }: Pick<FiledDeadLetter, "cause">, max = 300): string =>
  quoted(hideSecrets(cause), max);

/** "push #3 of commit #2 to d1cv"; empty without a job. */
export const subjectText = ({ commitNumber, pushNumber, target }: FiledDeadLetter): string =>
  commitNumber === null
    ? ""
    : `push ${pushNumber === null ? "(unknown)" : `*#${pushNumber}*`} of commit *#${commitNumber}*${target === null ? "" : ` to ${quoted(target, 80)}`}`;

/** Where it stands, and by whom. */
export const standingOf = (deadLetter: Pick<FiledDeadLetter, "state" | "decidedBy" | "decidedAt" | "reason">): string =>
  mrkdwn(deadLetterStanding(deadLetter));

export const deadLetterLine = (deadLetter: FiledDeadLetter): string => {
  const subject = subjectText(deadLetter);
  return [
    `:mailbox: *Message ${deadLetter.number}*  ${literal(deadLetterKind(deadLetter.queue))}${subject === "" ? "" : `, ${subject}`}`,
    `${causeText(deadLetter, 150)}  ·  ${plural(deadLetter.attempts, "attempt")}, the last ${moment(deadLetter.failedAt)}  ·  ${standingOf(deadLetter)}`,
  ].join("\n");
};
