/** A message in words → the changes that it seems to ask for. Pure guesswork: a person looks at each. */
import { findRows } from "./find-rows.ts";
import type { CachedRow, Proposal } from "./proposal.ts";
import { readClause } from "./read-clause.ts";

/** More than a form could show. */
const maxClauses = 60;
const maxCharacters = 4000;

const bullet = /^\s*(?:[-*•◦▪–—]|\d{1,2}[.)])\s+/;

/** @param text without Slack's entities @param rows of all types */
export const propose = (text: string, rows: readonly CachedRow[]): Proposal[] => {
  const found: Proposal[] = [];
  let about: CachedRow | null = null;
  for (const line of text.slice(0, maxCharacters).split("\n")) {
    const clauses = clausesOf(line);
    // A list under a heading goes on being about it; another paragraph does not.
    if (clauses.length === 0 && line.trim() === "") about = null;
    for (const clause of clauses) {
      if (found.length >= maxClauses) break;
      const heading: CachedRow | null = headingOf(clause, rows);
      if (heading) about = heading;
      else for (const proposal of readClause(clause, rows, about)) add(found, proposal);
    }
  }
  return found.length > 0 ? found : onlyMention(text, rows);
};

/** Sentences and list items, without the marks of formatting. */
const clausesOf = (line: string): string[] =>
  line
    .replace(bullet, "")
    .replace(/(^|[\s(])[*_~`]+(?=\S)|(?<=\S)[*~`]+(?=[\s).,:;!?]|$)/g, "$1")
    .split(/;\s+|(?<=[\p{L}\p{N})"'])[.!?]\s+(?=\p{Lu})/u)
    .map((clause) => clause.trim().replace(/(?<=[^.])[.!]$/, ""))
    .filter((clause) => clause !== "");

/** "Python:" or a row's name by itself: what follows is about it. */
const headingOf = (clause: string, rows: readonly CachedRow[]): CachedRow | null => {
  const [mention, ...more] = findRows(clause, rows);
  const rest = mention && more.length === 0 ? `${clause.slice(0, mention.start)}${clause.slice(mention.end)}` : clause;
  return mention && rest.replace(/[\s:]/g, "") === "" ? mention.row : null;
};

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
const onlyMention = (text: string, rows: readonly CachedRow[]): Proposal[] => {
  const [mention, ...more] = findRows(text, rows);
  if (!mention || more.length > 0) return [];
  const { entityType, id } = mention.row;
  return [{ entityType, action: "UPDATE", row: id, values: {}, line: text }];
};
