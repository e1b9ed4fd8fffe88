/** The rows that a text names, by id or by what people call them. */
import { textOf } from "../portfolio/entity.ts";
import { entityOf, entityTypes } from "../portfolio/registry.ts";
import type { CachedRow } from "./proposal.ts";

export interface Mention {
  row: CachedRow;
  start: number;
  end: number;
}

/** A place of work or study stands for the one row that has it. */
const placeFields = ["company", "institution"];

const namesOf = (row: CachedRow, rows: readonly CachedRow[]): string[] => {
  const places = placeFields
    .map((field) => textOf(row.values[field]))
    .filter(
      (place) => rows.filter(({ values }) => placeFields.some((field) => textOf(values[field]) === place)).length === 1,
    );
  return [row.id, entityOf(row.entityType).displayName(row.values), ...places].filter((name) => name.trim() !== "");
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

/** A whole word: "Java" is not in "JavaScript", "C" not in "C++", "Node" not in "Node.js". */
const wordPattern = (name: string): RegExp =>
  // Two characters are a word of every language: "Go" is meant only when it is written so.
  new RegExp(
    String.raw`(?<![\p{L}\p{N}_]|[\p{L}\p{N}][.-])${escaped(name)}(?![\p{L}\p{N}_+#]|[.-][\p{L}\p{N}])`,
    name.length <= 2 ? "u" : "iu",
  );

/** Longest names first, so that "React Native" is not "React"; in the order of the text. Each row once. */
export const findRows = (text: string, rows: readonly CachedRow[]): Mention[] => {
  const lower = text.toLowerCase();
  const named = rows
    .flatMap((row) => namesOf(row, rows).map((name) => ({ row, name })))
    .filter(({ name }) => lower.includes(name.toLowerCase()))
    .toSorted((a, b) => b.name.length - a.name.length || rank(text, a.row) - rank(text, b.row));
  const found: Mention[] = [];
  let left = text;
  for (const { row, name } of named) {
    const match = wordPattern(name).exec(left);
    if (!match || found.some((other) => other.row === row)) continue;
    const end = match.index + match[0].length;
    found.push({ row, start: match.index, end });
    left = `${left.slice(0, match.index)}${"\0".repeat(match[0].length)}${left.slice(end)}`;
  }
  return found.toSorted((a, b) => a.start - b.start);
};

/** Of rows with the same name, one whose type the text names comes first. */
const rank = (text: string, { entityType }: CachedRow): number =>
  (new RegExp(String.raw`\b${entityType}\b`, "i").test(text) ? 0 : entityTypes.length) +
  entityTypes.indexOf(entityType);
