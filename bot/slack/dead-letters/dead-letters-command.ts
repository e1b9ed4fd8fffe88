import { closest } from "../../../shared/domain/closest.ts";
import { type Reply, refuse, say } from "../core/reply.ts";
import {
  retryDeadLetter,
  discardDeadLetter,
  loadDeadLetter,
} from "../../../shared/use-cases/dead-letters/decide-dead-letter.ts";
import { listDeadLetters, showDeadLetter } from "../../../shared/use-cases/dead-letters/list-dead-letters.ts";
import { deadLetterBlocks } from "./dead-letter-blocks.ts";
import { discardView } from "./discard-modal.ts";
import { quoted } from "../blocks/text.ts";
import { type Command, type CommandCall, usageOf } from "../core/commands/command.ts";
import { numberOf } from "../core/commands/grammar.ts";
import { listReply, discardedReply } from "./dead-letters-reply.ts";

/** As many as fit into a message with their buttons. */
const perPage = 6;

const subcommands = ["show", "retry", "discard"] as const;

export const deadLetters: Command = {
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
  options: [{ name: "all" }, { name: "before", value: "the number of a message, as the button Older gives it" }],
  run: async (call) => {
    const [word, numberWord, ...rest] = call.args.positionals;
    if (word === undefined) return list(call);
    const alone = numberOf(word);
    const subcommand = alone === null ? subcommands.find((each) => each === word.toLowerCase()) : "show";
    if (!subcommand) {
      const near = closest(word.toLowerCase(), subcommands);
      return usageOf(
        deadLetters,
        `\`${quoted(word, 40)}\` is nothing to do with a message.${near ? ` Did you mean \`${near}\`?` : ""}`,
      );
    }
    const number = alone ?? numberOf(numberWord);
    if (number === null) {
      return usageOf(
        deadLetters,
        numberWord === undefined
          ? "Say which message, by its number."
          : `\`${quoted(numberWord, 40)}\` is not the number of a message.`,
      );
    }
    const more = alone === null ? rest : [numberWord, ...rest].filter((each) => each !== undefined);
    if (subcommand === "discard") return discard(call, number, more.join(" "));
    const [extra] = more;
    if (extra !== undefined) return usageOf(deadLetters, `\`${quoted(extra, 40)}\` is too much.`);
    return subcommand === "show" ? show(call, number) : retry(call, number);
  },
};

const list = async ({ ctx, args }: CommandCall): Promise<Reply> => {
  const typed = args.options["before"];
  const before = typeof typed === "string" ? numberOf(typed) : null;
  if (typeof typed === "string" && before === null) {
    return usageOf(deadLetters, `\`${quoted(typed, 40)}\` is not the number of a message.`);
  }
  const all = args.options["all"] === true;
  const listed = await listDeadLetters(ctx, { limit: perPage, before, all });
  return listed.ok ? listReply(listed.value, { all, before }) : refuse(listed.reason);
};

const show = async ({ ctx }: CommandCall, number: number): Promise<Reply> => {
  const shown = await showDeadLetter(ctx, number);
  if (!shown.ok) return refuse(shown.reason);
  return {
    text: `Message ${number} could not be delivered`,
    blocks: deadLetterBlocks(shown.value),
    again: `dead-letters show ${number}`,
  };
};

const retry = async ({ ctx }: CommandCall, number: number): Promise<Reply> => {
  const sent = await retryDeadLetter(ctx, number);
  if (!sent.ok) return refuse(sent.reason);
  return say(`Message *${number}* is on its way again. If it fails once more it comes back with its cause.`);
};

/** Without a reason a form asks for it. */
const discard = async ({ ctx, openModal }: CommandCall, number: number, reason: string) => {
  if (reason.trim() === "") {
    const loaded = await loadDeadLetter(ctx, number, "discarded");
    if (!loaded.ok) return refuse(loaded.reason);
    await openModal(discardView(loaded.value));
    return null;
  }
  const discarded = await discardDeadLetter(ctx, { number, reason });
  if (!discarded.ok) return refuse(discarded.reason);
  return discardedReply(number);
};
