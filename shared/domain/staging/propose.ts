/** A message in words → the changes that it seems to ask for. Pure guesswork: a person looks at each. */
import { firstOf } from "../text.ts";
import { type Clause, clausesIn } from "./clauses.ts";
import { type RowIndex, findRows, indexRows } from "./find-rows.ts";
import type { CachedRow, Proposal } from "./proposal.ts";
import { readClause } from "./read-clause.ts";

/** More than a form could show. */
const maxClauses = 60;
const maxCharacters = 4000;
/** Parts of a clause that are looked at one by one. */
const maxParts = 8;

export interface Proposed {
  proposals: Proposal[];
  /** What asks for nothing that is understood, in its own words. */
  notUnderstood: string[];
}

const bullet = /^\s*(?:[-*•◦▪–—]|\d{1,2}[.)])\s+/;

/** @param text without Slack's entities @param rows of all types */
export const propose = (text: string, rows: readonly CachedRow[]): Proposed => proposeFrom(text, indexRows(rows));

export const proposeFrom = (text: string, index: RowIndex): Proposed => {
  const found: Proposal[] = [];
  const notUnderstood: string[] = [];
  let about: CachedRow | null = null;
  let clauses = 0;
  for (const line of firstOf(text, maxCharacters).split("\n")) {
    const sentences = sentencesOf(line);
    // A list under a heading goes on being about it; another paragraph does not.
    if (sentences.length === 0 && line.trim() === "") about = null;
    for (const sentence of sentences) {
      const heading: CachedRow | null = headingOf(sentence, index);
      if (heading) {
        about = heading;
        continue;
      }
      for (const clause of clausesIn(sentence, index, about)) {
        clauses += 1;
        const read: Proposal[] = clauses > maxClauses ? [] : readClause(clause.text, index, about);
        for (const proposal of read) add(found, proposal);
        notUnderstood.push(...leftOf(clause, read, index, about));
      }
    }
  }
  if (text.length > maxCharacters) notUnderstood.push(`… and what follows the first ${maxCharacters} characters`);
  return found.length > 0
    ? { proposals: found, notUnderstood }
    : { proposals: onlyMention(text, index), notUnderstood };
};

/** Sentences and list items, without the marks of formatting. */
const sentencesOf = (line: string): string[] =>
  line
    .replace(bullet, "")
    .replace(/(^|[\s(])[*_~`]+(?=\S)|(?<=\S)[*~`]+(?=[\s).,:;!?]|$)/g, "$1")
    .split(/;\s+|(?<=[\p{L}\p{N})"'])[.!?]\s+(?=\p{Lu})/u)
    .map((clause) => clause.trim().replace(/(?<=[^.])[.!]$/, ""))
    .filter((clause) => clause !== "");

/** "Python:" or a row's name by itself: what follows is about it. */
const headingOf = (clause: string, index: RowIndex): CachedRow | null => {
  const [mention, ...more] = findRows(clause, index);
  const rest = mention && more.length === 0 ? `${clause.slice(0, mention.start)}${clause.slice(mention.end)}` : clause;
  return mention && rest.replace(/[\s:]/g, "") === "" ? mention.row : null;
};

const courtesy =
  /^(?:and|please|thanks|thank you|hi|hello|hey|ok|okay|for (?:the|my|our) cv|all|everyone|team|now|today)[\s:!.,]*$/i;

/** What of a clause has led to nothing: all of it, or each part without which it would say the same. */
const leftOf = (clause: Clause, read: readonly Proposal[], index: RowIndex, about: CachedRow | null): string[] => {
  if (read.length === 0) return courtesy.test(clause.text) ? [] : [clause.text];
  const { parts } = clause;
  if (parts.length === 1 || parts.length > maxParts) return [];
  const meaning = meaningOf(read);
  return parts.filter((part, place) => {
    if (place === 0 || courtesy.test(part)) return false;
    const without = parts.filter((_each, other) => other !== place).join(", ");
    return meaningOf(readClause(without, index, about)) === meaning;
  });
};

const meaningOf = (read: readonly Proposal[]): string =>
  JSON.stringify(read.map(({ entityType, action, row, values }) => [entityType, action, row, values]));

/** Several lines about one row are one change. */
const add = (found: Proposal[], proposal: Proposal): void => {
  const same = found.find(
    ({ entityType, row, action }) =>
      row !== null && row === proposal.row && entityType === proposal.entityType && action === proposal.action,
  );
  if (!same) found.push(proposal);
  else if (same.line !== proposal.line) {
    same.values = { ...same.values, ...proposal.values };
    same.line = `${same.line}, ${proposal.line}`;
  }
};

/** Nothing is asked for in words that are understood, but it is clear of which row it speaks. */
const onlyMention = (text: string, index: RowIndex): Proposal[] => {
  const [mention, ...more] = findRows(firstOf(text, maxCharacters), index);
  if (!mention || more.length > 0) return [];
  const { entityType, id } = mention.row;
  return [{ entityType, action: "UPDATE", row: id, values: {}, line: text }];
};
