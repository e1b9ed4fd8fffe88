/** What somebody has changed under a commit: a line a row, with each field's value when staged, live and asked for. */
import type { FieldValue } from "../../domain/portfolio/entity.ts";
import { valueText as written } from "../../domain/staging/list-text.ts";
import { type Message, type Part, clipLine, code, list, message, strong } from "../message.ts";

/** A conflict, of this version or of another. */
export interface ConflictFacts {
  name: string;
  kind: string;
  action: string;
  fields: readonly { field: string; base: FieldValue; live: FieldValue; yours: FieldValue }[];
}

/** More than these are counted. */
const max = { rows: 3, fields: 4, characters: 60 } as const;

export const valueText = (value: FieldValue, maxCharacters: number = max.characters): string =>
  clipLine(written(value), maxCharacters) || "empty";

/** "Python: experience_years was 5, is 7 now, yours is 8" */
export const conflictMessage = ({ name, kind, action, fields }: ConflictFacts): Message => {
  const row = strong(name);
  switch (kind) {
    case "gone":
      return message`${row} is gone`;
    case "not_yet":
      return message`${row} waits for the commit that creates it`;
    default: {
      const shown = fields.slice(0, max.fields).map((field) => fieldMessage(field, action));
      const left = fields.length - shown.length;
      return message`${row}${action === "DELETE" ? ", which is to be deleted" : ""}: ${separated(shown)}${left > 0 ? `; ${left} more` : ""}`;
    }
  }
};

const fieldMessage = ({ field, base, live, yours }: ConflictFacts["fields"][number], action: string): Message =>
  message`${code(field, 40)} was ${valueText(base)}, is ${valueText(live)} now${action === "DELETE" ? "" : `, yours is ${valueText(yours)}`}`;

const separated = (parts: readonly Message[]): Message =>
  parts.flatMap((part, index) => (index === 0 ? part : ["; ", ...part]));

export const conflictList = (conflicts: readonly ConflictFacts[], count: number): Part => {
  const shown = conflicts.slice(0, max.rows);
  const left = Math.max(count, conflicts.length) - shown.length;
  return list([...shown.map(conflictMessage), ...(left > 0 ? [message`${left} more`] : [])]);
};
