/**
 * A small diff as a table, which only messages take. It is made to be read aloud: a row for each field, which names
 * what it is of, and a column that says what happens. Ids stand in Details.
 */
import { clip } from "../../../../shared/messages/message.ts";
import type { DataTableBlock, TableBlock } from "@slack/types";
import { type Span, paragraph, richText, span, weightOf } from "../../blocks/rich-text.ts";
import { fieldSides } from "./field-spans.ts";
import type { FieldChange, RowChange, TargetChanges } from "./row-diff.ts";

/** More is too much for a channel: there the card lists one line a change, and Details shows all of it. */
const max = { rows: 20, weight: 6000, cellCharacters: 300 } as const;

type Row = Span[][];

const head = ["What", "Change", "Before", "After"] as const;

/** Of a field. What is added has nothing before it, and an update of an empty field adds it too. */
const happens = ({ action }: RowChange, { before, after }: FieldChange): string => {
  if (action === "CREATE" || before === "") return "added";
  return after === "" ? "emptied" : "changed";
};

const rowsOf = (groups: readonly TargetChanges[]): Row[] => {
  const all = groups.flatMap(({ rows }) => rows);
  const sameName = (row: RowChange): boolean =>
    all.some(
      ({ name, entityType, entityId }) =>
        name === row.name && (entityType !== row.entityType || entityId !== row.entityId),
    );
  return groups.flatMap(({ targets, rows }) =>
    rows.flatMap((row): Row[] => {
      const id = sameName(row) && row.name !== row.entityId ? ` (${row.entityId})` : "";
      const name = span(clip(`${row.entityType} ${row.name}${id}`, max.cellCharacters), { bold: true });
      const where = groups.length > 1 ? ` in ${targets.join(", ")}` : "";
      const change = (what: string): Span[] => [span(clip(`${what}${where}`, max.cellCharacters))];
      if (row.fields.length === 0) {
        const what = row.action === "DELETE" ? "removed" : row.action === "CREATE" ? "added" : "no change";
        return [[[name], change(what), [span("–")], [span("–")]]];
      }
      return row.fields.map((field) => [
        [name, span(`, ${field.label}`)],
        change(happens(row, field)),
        ...fieldSides(field, max.cellCharacters),
      ]);
    }),
  );
};

/** Null where it is too much for a card, or nothing would change. */
const bodyOf = (groups: readonly TargetChanges[]): Row[] | null => {
  const body = rowsOf(groups);
  if (body.length === 0 || body.length > max.rows) return null;
  return body.flat().reduce((sum, spans) => sum + weightOf(spans), 0) > max.weight ? null : body;
};

const cellsOf = (row: Row) => row.map((spans) => richText(paragraph(...spans)));

export const diffTable = (groups: readonly TargetChanges[]): TableBlock | null => {
  const body = bodyOf(groups);
  return (
    body && {
      type: "table",
      column_settings: head.map(() => ({ is_wrapped: true })),
      rows: [head.map((text) => richText(paragraph(span(text, { bold: true })))), ...body.map(cellsOf)],
    }
  );
};

/**
 * The same as Slack's newer block, which has a caption and names the column that says what a row is of. Its first row
 * takes no rich text (docs.slack.dev, "Data table block").
 */
export const diffDataTable = (groups: readonly TargetChanges[], caption: string): DataTableBlock | null => {
  const body = bodyOf(groups);
  return (
    body && {
      type: "data_table",
      caption,
      page_size: max.rows,
      row_header_column_index: 0,
      rows: [head.map((text) => ({ type: "raw_text" as const, text })), ...body.map(cellsOf)],
    }
  );
};
