import { plural } from "../../../shared/messages/en/grammar.ts";
import { unstageChanges } from "../../../shared/use-cases/staging/unstage-changes.ts";
import { answer, say } from "../core/reply.ts";
import { code } from "../blocks/text.ts";
import { changeLine, summarized } from "../components/change-lines.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { numberOf } from "../core/commands/grammar.ts";

export const unstage: Command = {
  name: "unstage",
  usage: "<number>… | all",
  summary: "Unstages changes.",
  examples: ["/cv unstage 2", "/cv unstage 2 3", "/cv unstage all"],
  permission: "stage",
  run: async ({ ctx, args }) => {
    const words = args.positionals.flatMap((word) => word.split(",")).filter((word) => word !== "");
    if (words.length === 0) return usageOf(unstage, "Say which: the numbers that `/cv staged` shows, or all.");
    const isAll = words.length === 1 && words[0]?.toLowerCase() === "all";
    const numbers = words.map(numberOf);
    const wrong = words.find((_word, index) => numbers[index] === null);
    if (!isAll && wrong !== undefined) return usageOf(unstage, `${code(wrong, 40)} is not the number of a change.`);

    const chosen = isAll ? "all" : numbers.filter((number) => number !== null);
    return answer(unstageChanges(ctx, { numbers: chosen }), ({ changes, unreadable }) =>
      say(
        `Unstaged ${plural(changes.length + unreadable.length, "change")}:\n${[
          ...unreadable.map((number) => `${number}, which could not be read`),
          ...changes.slice(0, 30).map((change) => changeLine(summarized(change, changes))),
        ].join("\n")}`,
      ),
    );
  },
};
