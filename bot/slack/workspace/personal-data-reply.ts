/** What is stored of a person: a summary, and the question before it is erased. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { PersonErased, PersonExport } from "../../../shared/use-cases/workspace/personal-data.ts";
import { actions, blocksOf, context, header, listSections, section } from "../blocks/blocks.ts";
import { code } from "../blocks/text.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { type Reply, say } from "../core/reply.ts";

/** A message holds no file: the rows come from the API. */
export const exportedReply = ({ userId, tables }: PersonExport): Reply => ({
  text: `What is stored of ${userId}`,
  blocks: blocksOf(
    header("What is stored of them"),
    section(tables.length === 0 ? `Nothing is stored of <@${userId}>.` : `<@${userId}> stands in these tables:`),
    listSections(
      tables.map(({ name, rows }) => `•  ${code(name, 60)}: ${plural(rows.length, "row")}`),
      2500,
    ),
    context(`\`cv roles export ${userId}\` writes every row, for them to keep.`),
    tables.length > 0 && actions(commandButton("go", "Erase…", `roles erase <@${userId}>`, { style: "danger" })),
  ),
});

export const eraseQuestion = (userId: string): Reply => ({
  text: "Erase what is stored of them?",
  blocks: blocksOf(
    section(
      `*Erase what is stored of <@${userId}>?*\nTheir role, tokens, sign-ins, name and staged changes are deleted, and the history has a pseudonym in place of their id. It cannot be taken back. Backups hold it for up to 12 months.`,
    ),
    actions(
      commandButton("do", "Erase", `roles erase <@${userId}> --confirm`, { style: "danger" }),
      commandButton("go", "What is stored", `roles export <@${userId}>`),
    ),
  ),
});

export const erasedReply = ({ pseudonym }: PersonErased): Reply =>
  say(`It is erased. The history has ${code(pseudonym, 40)} in place of their id.`);
