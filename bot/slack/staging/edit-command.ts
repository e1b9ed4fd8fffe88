import { editChange } from "../../../shared/use-cases/staging/edit-change.ts";
import { type Reply, refuse } from "../core/reply.ts";
import type { Staged } from "../../../shared/use-cases/staging/stage-change.ts";
import { commandButton } from "../buttons/command-button.ts";
import { actions, context, section } from "../blocks/blocks.ts";
import { changeLine } from "./change-lines.ts";
import { openEditForm } from "./edit-modal.ts";
import { anyOf, quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { numberOf } from "../core/commands/grammar.ts";

export const edit: Command = {
  name: "edit",
  usage: "<number> [field=value …]",
  summary: "Changes what a staged change asks for. An empty value clears a field; without values, a form shows them.",
  examples: ["/cv edit 3 experience_years=9", '/cv edit 3 level= --summary "Level is not known"'],
  role: "editor",
  options: [
    { name: "target", value: "d1cv, ai or both" },
    { name: "summary", value: "a line for the list of changes" },
  ],
  run: async ({ ctx, args, announce, openModal }) => {
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
    announce(ctx.workspaceId);
    return editedReply(edited.value);
  },
};

export const editedReply = ({ change, notAsked, alsoStagedBy }: Staged): Reply => {
  const line = `Change ${change.number} is now:  ${changeLine(change)}`;
  const notes = [
    `For ${change.targets.map((name) => quoted(name)).join(" and ")}  ·  \`/cv diff\` shows what you have staged field by field`,
    ...(notAsked.length > 0
      ? [
          `:warning: ${notAsked.map((name) => quoted(name)).join(", ")} did not answer, so the row was not looked at there; the push looks again, and waits if it must.`,
        ]
      : []),
    ...(alsoStagedBy.length > 0 ? [`:warning: ${anyOf(alsoStagedBy)} has staged a change to the same row.`] : []),
  ];
  return {
    text: line,
    blocks: [section(line), context(...notes), actions(commandButton("go", "Staged changes", "staged"))],
  };
};
