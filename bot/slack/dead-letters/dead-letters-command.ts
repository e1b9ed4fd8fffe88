import { type Answer, type Reply, answer, say } from "../core/reply.ts";
import {
  retryDeadLetter,
  discardDeadLetter,
  loadDeadLetter,
} from "../../../shared/use-cases/dead-letters/decide-dead-letter.ts";
import { listDeadLetters, showDeadLetter } from "../../../shared/use-cases/dead-letters/list-dead-letters.ts";
import { deadLetterBlocks } from "./dead-letter-blocks.ts";
import { discardView } from "./discard-modal.ts";
import type { CommandCall } from "../core/commands/command.ts";
import { withSubcommands } from "../core/commands/subcommands.ts";
import { listReply, discardedReply } from "./dead-letters-reply.ts";

/** As many as fit into a message. */
const perPage = 6;

const list = ({ ctx, args }: CommandCall): Promise<Reply> => {
  const { before } = args.numbers;
  const all = args.switches.includes("all");
  return answer(listDeadLetters(ctx, { limit: perPage, before: before ?? null, all }), (page) =>
    listReply(page, { all, before }),
  );
};

const show = ({ ctx }: CommandCall, number: number): Promise<Reply> =>
  answer(showDeadLetter(ctx, number), (shown) => ({
    text: `Message ${number} could not be delivered`,
    blocks: deadLetterBlocks(shown),
    again: `dead-letters show ${number}`,
  }));

const retry = ({ ctx }: CommandCall, number: number): Promise<Reply> =>
  answer(retryDeadLetter(ctx, number), () =>
    say(`Message *${number}* is sent again. If it fails once more, it comes back with its cause.`),
  );

/** Without a reason a form asks for it. */
const discard = async ({ ctx }: CommandCall, number: number, words: string[]): Promise<Answer> => {
  const reason = words.join(" ");
  return reason.trim() === ""
    ? answer(loadDeadLetter(ctx, number, "discarded"), discardView)
    : answer(discardDeadLetter(ctx, { number, reason }), () => discardedReply(number));
};

export const deadLetters = withSubcommands({
  name: "dead-letters",
  usage: "[show|retry|discard <number> [reason]] [--all]",
  summary: "Lists messages that could not be delivered; admins look at one, send it again or discard it.",
  examples: [
    "/cv dead-letters",
    "/cv dead-letters show 3",
    "/cv dead-letters retry 3",
    "/cv dead-letters discard 3 pushed again since",
    "/cv dead-letters --all",
  ],
  permission: "deadLetters",
  options: [
    { name: "all" },
    { name: "before", value: "the number of a message, as the button Older gives it", isNumber: true },
  ],
  noun: "message",
  list,
  numbered: { show, retry, discard },
  wordy: ["discard"],
});
