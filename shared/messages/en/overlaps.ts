/** Who else is about to change the same rows: other open commits, and what others have staged. */
import type { Overlap } from "../../domain/commits/overlaps.ts";
import { type Message, type Value, code, message } from "../message.ts";
import { allOf, commas, plural } from "./grammar.ts";

type Row = Pick<Overlap["rows"][number], "entityType" | "entityId" | "fields" | "whole">;

/** Of one commit or change; more of them are counted. */
const max = { rows: 3, fields: 5, listed: 3 } as const;

interface Naming {
  /** How the medium names somebody. */
  person: (userId: string) => Value;
  /** What people call a row; its id when left out. */
  nameOf?: (row: Pick<Row, "entityType" | "entityId">) => string | undefined;
}

const rowMessage = (row: Row, { nameOf }: Naming): Message => {
  const fields = row.fields.slice(0, max.fields).map((field) => code(field, 40));
  const left = row.fields.length - fields.length;
  const what = row.whole
    ? "the whole row"
    : fields.length === 0
      ? "other fields"
      : commas([...fields, ...(left > 0 ? [`${left} more`] : [])]);
  return message`${nameOf?.(row) ?? code(row.entityId, 80)} (${what})`;
};

/** "Commit #5 by Bea is about the same: Python (experience_years)" */
export const overlapMessage = ({ commit, change, author, rows, rowCount }: Overlap, naming: Naming): Message => {
  const who =
    commit === null
      ? message`Change ${change ?? ""}, staged by ${naming.person(author)},`
      : message`Commit #${commit} by ${naming.person(author)}`;
  const shown = rows.slice(0, max.rows).map((row) => rowMessage(row, naming));
  const left = rowCount - shown.length;
  return message`${who} also changes ${allOf([...shown, ...(left > 0 ? [plural(left, "more row")] : [])])}.`;
};

/** A line each; more than three are counted. */
export const overlapMessages = (overlaps: readonly Overlap[], naming: Naming): Message[] => {
  const shown = overlaps.slice(0, max.listed);
  const left = overlaps.length - shown.length;
  return [
    ...shown.map((each) => overlapMessage(each, naming)),
    ...(left > 0 ? [message`${left} more open commits or staged changes touch the same rows.`] : []),
  ];
};

/** "overlaps with commit #5 and change 7", for a line of a list; empty without any. */
export const overlapsText = (overlaps: readonly Pick<Overlap, "commit" | "change">[]): Message =>
  overlaps.length === 0
    ? []
    : message`overlaps with ${allOf(overlaps.map(({ commit, change }) => (commit === null ? `change ${change}` : `commit #${commit}`)))}`;
