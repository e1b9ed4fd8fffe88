/** A small diff as a table, which only messages take. */
import { clip } from "../../../../shared/messages/message.ts";
import type { TableBlock } from "@slack/types";
import { actionLabels } from "../../components/change-lines.ts";
import { fieldSides } from "./field-spans.ts";
import { type Span, paragraph, richText, span, weightOf } from "../../blocks/rich-text.ts";
import type { RowChange, TargetChanges } from "./row-diff.ts";

/** More is too much for a channel: there the card lists one line a change, and Details shows all of it. */
const max = { rows: 20, weight: 6000, cellCharacters: 300 } as const;

type Row = [Span[], Span[], Span[]];

const bold = (text: string): Span[] => [span(text, { bold: true })];

const titleRow = ({ action, entityType, name, entityId }: RowChange, targets: readonly string[]): Row => [
  bold(clip(`${actionLabels[action]} ${entityType} ${name}`, 300)),
  [span(entityId, { code: true })],
  [span(clip(`in ${targets.join(", ")}`, 300), { italic: true })],
];

const fieldRows = ({ fields }: RowChange): Row[] =>
  fields.map((field) => [[span(field.label)], ...fieldSides(field, max.cellCharacters)]);

/** Null where it is too much for a card, or nothing would change. */
export const diffTable = (groups: readonly TargetChanges[]): TableBlock | null => {
  const count = groups.flatMap(({ rows }) => rows).reduce((sum, { fields }) => sum + 1 + fields.length, 0);
  if (count === 0 || count > max.rows) return null;
  const body = groups.flatMap(({ targets, rows }) =>
    rows.flatMap((row) => [titleRow(row, targets), ...fieldRows(row)]),
  );
  if (body.flat().reduce((sum, spans) => sum + weightOf(spans), 0) > max.weight) return null;
  const head: Row = [bold("Field"), bold("Before"), bold("After")];
  return {
    type: "table",
    column_settings: [{ is_wrapped: true }, { is_wrapped: true }, { is_wrapped: true }],
    rows: [head, ...body].map((cells) => cells.map((spans) => richText(paragraph(...spans)))),
  };
};
