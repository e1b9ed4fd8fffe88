/**
 * A list as one line of text, as people type it and as it is shown: `Rust, "Compilers, advanced"`. Items stand between
 * commas or line breaks. In quotes an item may contain both; a quote in there is written twice. What is written so is
 * read as the same list.
 */
import type { FieldValue } from "../portfolio/entity.ts";
import { type Result, fail, ok } from "../../result.ts";

/** One item, in quotes where it would be read as something else. */
export const itemText = (item: string): string =>
  /[",\n\r]|^\s|\s$|^$/.test(item) ? `"${item.replaceAll('"', '""')}"` : item;

export const listText = (items: readonly string[]): string => items.map(itemText).join(", ");

/** A value as people read it, wherever it is shown: "" when it is empty. */
export const valueText = (value: FieldValue | undefined): string => {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? listText(value) : String(value);
};

/** A quote is never closed, or something else than a comma follows the one that closes it. */
export interface ListSlip {
  code: "unclosed_item";
  rule: string;
}

const quotedItem = /^"((?:[^"]|"")*)"[^\S\r\n]*(?=[,\r\n]|$)/;
const plainItem = /^[^,\r\n]*/;

/** Empty items are left out. */
export const readList = (typed: string): Result<string[], ListSlip> => {
  const items: string[] = [];
  let left = typed.trim();
  while (left !== "") {
    const isQuoted = left.startsWith('"');
    const [whole = "", inside] = (isQuoted ? quotedItem : plainItem).exec(left) ?? [];
    if (isQuoted && inside === undefined) return fail({ code: "unclosed_item", rule: openQuote(left) });
    const item = inside === undefined ? whole.trim() : inside.replaceAll('""', '"');
    if (item.trim() !== "") items.push(item);
    left = left
      .slice(whole.length)
      .replace(/^[,\r\n]/, "")
      .trimStart();
  }
  return ok(items);
};

const openQuote = (left: string): string => {
  const [closed] = /^"(?:[^"]|"")*"/.exec(left) ?? [];
  const remedy = 'write "…" around the whole item, and "" for a quote in it';
  return closed === undefined
    ? `has a quote that is never closed: ${remedy}`
    : `has something after the quote that closes an item: ${remedy}`;
};
