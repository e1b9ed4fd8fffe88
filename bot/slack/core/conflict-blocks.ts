/** Conflicts as small tables: each field's value when it was staged, at the target now, and asked for. */
import type { Button, KnownBlock } from "@slack/types";
import type { Conflict } from "../../../shared/domain/commits/conflict.ts";
import { isWhole } from "../../../shared/domain/commits/resolve.ts";
import { conflictMessage, valueText } from "../../../shared/messages/en/conflicts.ts";
import { blocksOf, button, context, section } from "../blocks/blocks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { preformatted, richText } from "../blocks/rich-text.ts";
import { quoted } from "../blocks/text.ts";
import { encodeButton } from "./buttons/codec.ts";
import { commandButton } from "./buttons/command-button.ts";

/** A message has about 9,500 characters. */
const max = { rows: 5, fields: 6, cell: 24 } as const;

export const conflictBlocks = (conflicts: readonly Conflict[], count: number): KnownBlock[] => {
  const shown = conflicts.slice(0, max.rows);
  const left = count - shown.length;
  return blocksOf(
    shown.flatMap((conflict) => [section(titleOf(conflict)), ...tableOf(conflict)]),
    left > 0 && context(`… and ${left} more`),
  );
};

const titleOf = (conflict: Conflict): string =>
  conflict.fields.length === 0
    ? `:warning: ${mrkdwn(conflictMessage(conflict))}`
    : `:warning: *${quoted(conflict.name, 80)}* at ${conflict.targets.map((name) => quoted(name, 40)).join(" and ")}${notes[conflict.kind]}${conflict.action === "DELETE" ? ", to be deleted by this commit" : ""}`;

const notes = {
  changed: " was changed by somebody else",
  gone: " was deleted by somebody else",
  not_yet: " does not exist yet",
} as const satisfies Record<Conflict["kind"], string>;

const tableOf = ({ fields, action, kind }: Conflict): KnownBlock[] => {
  if (fields.length === 0) return [];
  const rows = fields
    .slice(0, max.fields)
    .map(({ field, base, live, yours }) => [
      field,
      valueText(base, max.cell),
      kind === "gone" ? "gone" : valueText(live, max.cell),
      action === "DELETE" ? "deleted" : valueText(yours, max.cell),
    ]);
  const table = [["Field", "When staged", "Live now", "Yours"], ...rows];
  const widths = table[0]?.map((_title, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const left = fields.length - rows.length;
  return [richText(preformatted([...lines, ...(left > 0 ? [`… and ${left} more`] : [])].join("\n")))];
};

/** Of the commit as a whole, and one that opens a form with a choice a field. */
export const conflictButtons = (number: number, conflicts: readonly Conflict[], seen: string | null): Button[] => {
  if (conflicts.every(({ kind }) => kind === "not_yet")) return [];
  const value = { number, ...(seen === null ? {} : { seenHash: seen }) };
  const isDeletion = conflicts.every(({ action }) => action === "DELETE");
  const isGone = conflicts.every((conflict) => isWhole(conflict) && conflict.action !== "DELETE");
  const [mine, theirs] = isDeletion
    ? ["Delete anyway", "Take back the deletion"]
    : isGone
      ? ["Create again", "Drop the change"]
      : ["Keep mine", "Take theirs"];
  return [
    button(mine, encodeButton("conflicts.mine", value), { style: "primary" }),
    button(theirs, encodeButton("conflicts.theirs", value), {
      confirm: {
        title: `${theirs}?`,
        text: `What commit #${number} asks for these fields is dropped from it. A commit of which nothing is left ends.`,
        confirm: theirs,
      },
    }),
    commandButton("go", "Resolve…", `resolve ${number}`),
  ];
};
