import { defined } from "../../../shared/defined.ts";
import { editChange } from "../../../shared/use-cases/staging/edit-change.ts";
import { answer } from "../core/reply.ts";
import { openEditForm } from "./edit-modal.ts";
import { code } from "../blocks/text.ts";
import { usageOf } from "../core/commands/command.ts";
import { numbered } from "../core/commands/numbered.ts";
import { editedReply } from "./staged-reply.ts";
import { stageOptions } from "./stage-input.ts";

export const edit = numbered(
  {
    name: "edit",
    usage: "<number> [field=value …]",
    summary: "Changes what a staged change asks for. An empty value clears a field; without values, a form shows them.",
    examples: ["/cv edit 3 experience_years=9", '/cv edit 3 level= --note "Level is unknown"'],
    permission: "stage",
    options: stageOptions,
    run: async ({ ctx, args, openModal }, number, [tooMuch]) => {
      if (tooMuch !== undefined)
        return usageOf(edit, `${code(tooMuch, 60)} is too much. Write a value with spaces in quotes.`);
      const { fields: values, options } = args;
      if (Object.keys(values).length === 0 && Object.keys(options).length === 0) {
        await openEditForm(ctx, openModal, number);
        return null;
      }
      const { target, note } = options;
      const given = defined({ targets: target?.split(","), note: note === "" ? null : note });
      return answer(editChange(ctx, { number, values, ...given }), editedReply);
    },
  },
  "change",
  "Say which change, by the number that `/cv staged` shows.",
);
