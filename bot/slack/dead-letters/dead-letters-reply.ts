/** What a command or a form about undelivered messages answers. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import { type Reply, say } from "../core/reply.ts";
import type { DeadLetterPage } from "../../../shared/use-cases/dead-letters/list-dead-letters.ts";
import { deadLetterButtons } from "./dead-letter-blocks.ts";
import { deadLetterLine } from "./dead-letter-messages.ts";
import { blocksOf, context, header, section } from "../blocks/blocks.ts";
import { clipMarkup } from "../blocks/text.ts";
import { listRow } from "../core/buttons/row-menu.ts";
import { pageOf } from "../core/commands/page-buttons.ts";

const lineLength = 500;

export const listReply = (
  page: DeadLetterPage,
  { all, before }: { all: boolean; before: number | undefined },
): Reply => {
  const { deadLetters } = page;
  const { again, buttons } = pageOf(all ? "dead-letters --all" : "dead-letters", before, page);
  const none = all ? "There are no dead letters." : "Every message was delivered, or is settled.";
  return {
    text: deadLetters.length === 0 ? none : `${plural(deadLetters.length, "message")} that could not be delivered`,
    blocks: blocksOf(
      header("Messages that could not be delivered"),
      deadLetters.length === 0 && section(none),
      deadLetters.map((deadLetter) =>
        listRow(clipMarkup(deadLetterLine(deadLetter), lineLength), deadLetterButtons(deadLetter, "list")),
      ),
      buttons,
      context(
        "A message that is sent again changes nothing that was done already. `/cv dead-letters --all` lists the settled ones as well.",
      ),
    ),
    again,
  };
};

export const discardedReply = (number: number): Reply =>
  say(`Message *${number}* is discarded. The log says by whom and why.`);
