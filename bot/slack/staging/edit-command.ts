import { editChange } from "../../../shared/use-cases/staging/edit-change.ts";
import { refuse } from "../core/reply.ts";
import { openEditForm } from "./edit-modal.ts";
import { quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { numberOf } from "../core/commands/grammar.ts";
import { editedReply } from "./staged-reply.ts";
import { stageOptions } from "./stage-options.ts";

export const edit: Command = {
  name: "edit",
  usage: "<number> [field=value …]",
  summary: "Changes what a staged change asks for. An empty value clears a field; without values, a form shows them.",
  examples: ["/cv edit 3 experience_years=9", '/cv edit 3 level= --summary "Level is unknown"'],
  permission: "stage",
  options: stageOptions,
  run: async ({ ctx, args, openModal }) => {
    const [word, tooMuch] = args.positionals;
    if (word === undefined) return usageOf(edit, "Say which change, by the number that `/cv staged` shows.");
    const number = numberOf(word);
    if (number === null) return usageOf(edit, `\`${quoted(word, 40)}\` is not the number of a change.`);
    if (tooMuch !== undefined)
      return usageOf(edit, `\`${quoted(tooMuch, 60)}\` is too much. Write a value with spaces in quotes.`);
    const { target, summary } = args.options;
    if (Object.keys(args.fields).length === 0 && target === undefined && summary === undefined) {
      await openEditForm(ctx, openModal, number);
      return null;
    }
    const edited = await editChange(ctx, {
      number,
      values: args.fields,
      ...(typeof target === "string" ? { targets: target.split(",") } : {}),
      ...(typeof summary === "string" ? { summary } : {}),
    });
    if (!edited.ok) return refuse(edited.reason);
    return editedReply(edited.value);
  },
};
