import { type Answer, answer, refuse } from "../core/reply.ts";
import { createCommit } from "../../../shared/use-cases/commits/create-commit.ts";
import { type StagedList, listStaged } from "../../../shared/use-cases/staging/list-staged.ts";
import { permit } from "../../../shared/use-cases/session.ts";
import { commitView } from "./commit-modal.ts";
import { cardPlaceText } from "../components/card-place.ts";
import { code } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { type Arguments, numberOf } from "../core/commands/grammar.ts";
import { committedReply, uncommittedReply } from "./commit-reply.ts";

export const commit: Command = {
  name: "commit",
  usage: '[-m "message"] [--only 1,3] [--draft]',
  summary: "Groups your staged changes, or only some, into a commit and asks for its review.",
  examples: [
    '/cv commit -m "Skill updates"',
    '/cv commit -m "Only Python" --only 1,3',
    '/cv commit -m "Not finished" --draft',
  ],
  permission: "commit",
  options: [
    { name: "message", short: "m", value: "a message in quotes" },
    { name: "only", value: "the numbers of changes, such as 1,3" },
    { name: "draft" },
    { name: "accept-edits", value: "what the refusal shows" },
  ],
  run: async ({ ctx, args, channelId }) => {
    const chosen = chooseNumbers(args);
    if (typeof chosen === "string") return usageOf(commit, chosen);
    const { only, words } = chosen;
    // `/cv commit Skill updates` means the same as with -m.
    const message = [args.options["message"] ?? [], ...words].flat().join(" ");
    if (message.trim() === "" && only === null) {
      return answer(listStaged(ctx), (listed) => commitForm(listed, ctx.actor.id, channelId));
    }
    const draft = args.switches.includes("draft");
    const acceptEdits = args.options["accept-edits"] ?? null;
    const created = await createCommit(ctx, { message, draft, channelId, only, acceptEdits });
    return created.ok
      ? committedReply(created.value, await cardPlaceText(ctx, created.value.channelId))
      : uncommittedReply(created.reason, commandOf({ message, draft, only }));
  },
};

const commandOf = ({ message, draft, only }: { message: string; draft: boolean; only: number[] | null }): string =>
  [
    `commit -m "${message.replaceAll(/["\\]/g, "\\$&")}"`,
    ...(only === null ? [] : [`--only ${only.join(",")}`]),
    ...(draft ? ["--draft"] : []),
  ].join(" ");

interface ChosenNumbers {
  only: number[] | null;
  /** What was typed besides, which belongs to the message. */
  words: string[];
}

const isNumbers = (word: string): boolean => /^(#?\d{1,9},?|,)+$/.test(word);

/**
 * `--only 1,3` and `--only 1 3` mean the same. The numbers after the first are words of their own, so where words and
 * numbers are mixed it is unclear which of the numbers belong to the message.
 * @returns what is wrong, or unclear, as a text
 */
const chooseNumbers = ({ positionals, options }: Arguments): ChosenNumbers | string => {
  const first = options["only"];
  if (first === undefined) return { only: null, words: positionals };
  if (!isNumbers(first)) return `${code(first, 40)} is not the number of a change.`;
  const numbers = positionals.filter(isNumbers);
  if (numbers.length > 0 && numbers.length < positionals.length) {
    return `It is not clear whether ${code(numbers.join(" "), 40)} belongs to the message. Put the message in quotes, and commas between the numbers.`;
  }
  const only = [first, ...numbers].flatMap((word) => word.split(",").flatMap((part) => numberOf(part) ?? []));
  return { only, words: numbers.length > 0 ? [] : positionals };
};

/** Without a message, a form asks for it, and for what goes in. */
const commitForm = ({ session, changes }: StagedList, readerId: string, channelId: string | null): Answer => {
  const allowed = permit(session, "commit");
  if (!allowed.ok) return refuse(allowed.reason);
  const own = changes.filter(({ createdBy }) => createdBy === readerId);
  return own.length === 0 ? refuse({ code: "nothing_staged" }) : commitView(own, channelId);
};
