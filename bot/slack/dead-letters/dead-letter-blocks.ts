/** One message that could not be delivered, with all that was recorded of it. Pure. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Button, KnownBlock } from "@slack/types";
import { retryBodyOf } from "../../../shared/domain/dead-letters/dead-letter.ts";
import { canMove } from "../../../shared/domain/states.ts";
import type { FiledDeadLetter } from "../../../shared/storage/dead-letters/dead-letters.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { code, literal, moment } from "../blocks/text.ts";
import { actions, context, lines, present, section } from "../blocks/blocks.ts";
import { deadLetterEffect, deadLetterKind } from "../../../shared/messages/en/dead-letters.ts";
import { causeText, standingOf, subjectText } from "./dead-letter-messages.ts";
import { shownBody } from "../blocks/redact.ts";
import { preformatted, richText } from "../blocks/rich-text.ts";
import { showButton } from "../components/commit-buttons.ts";

const bodyLength = 3000;

export const deadLetterBlocks = (deadLetter: FiledDeadLetter): KnownBlock[] => {
  const subject = subjectText(deadLetter);
  const again = deadLetter.retries > 0 ? `  ·  sent again ${plural(deadLetter.retries, "time")}` : "";
  return [
    section(
      `:mailbox: *Message ${deadLetter.number}*  ${literal(deadLetterKind(deadLetter.queue))}  ·  ${standingOf(deadLetter)}`,
    ),
    section(
      lines(
        `*Cause*  ${causeText(deadLetter, 600)}`,
        subject !== "" && `*About*  ${subject}`,
        `*Tried*  ${plural(deadLetter.attempts, "time")}, given up ${moment(deadLetter.receivedAt)}, the last time ${moment(deadLetter.failedAt)}${again}`,
        deadLetter.traceId !== null && `*Trace*  ${code(deadLetter.traceId, 40)}, by which the logs know it`,
      ),
    ),
    richText(preformatted(shownBody(deadLetter.body, bodyLength))),
    context(mrkdwn(deadLetterEffect(deadLetter.queue))),
    actions(
      deadLetterButtons(deadLetter, "message"),
      deadLetter.commitNumber !== null && showButton(deadLetter.commitNumber),
      commandButton("go", "All messages", "dead-letters"),
    ),
  ];
};

const mayRetry = (deadLetter: FiledDeadLetter): boolean =>
  canMove("dead_letter", deadLetter.state, "retried") && retryBodyOf(deadLetter, "") !== null;

/** What the dead letter's state allows. */
export const deadLetterButtons = (deadLetter: FiledDeadLetter, on: "list" | "message"): Button[] => {
  const { number, state } = deadLetter;
  return present<Button>([
    on === "list" && commandButton("go", "Show", `dead-letters show ${number}`),
    mayRetry(deadLetter) &&
      commandButton("do", "Retry", `dead-letters retry ${number}`, on === "message" ? { style: "primary" } : {}),
    canMove("dead_letter", state, "discarded") &&
      commandButton("go", "Discard…", `dead-letters discard ${number}`, on === "message" ? { style: "danger" } : {}),
  ]);
};
