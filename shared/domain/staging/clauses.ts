/**
 * A sentence → its clauses: what stands between commas and "and" is another clause where it speaks of something else,
 * and belongs to the one before where it goes on about the same. In doubt it is another one: it is then listed as not
 * understood, instead of giving its number to a row that it does not name.
 */
import type { CachedRow } from "./proposal.ts";
import { type RowIndex, findRows } from "./find-rows.ts";
import { fieldNamed, hasOpenText, readValues } from "./read-values.ts";
import { type EntityType, entityTypes } from "../portfolio/registry.ts";

export interface Clause {
  text: string;
  /** Its parts between commas, in their order. */
  parts: string[];
}

type Manner = "remove" | "add" | "other";

const polite = String.raw`^(?:and\s+)?(?:please\s+|can\s+(?:you|we)\s+|could\s+(?:you|we)\s+|let'?s\s+)?`;
const verbs = new RegExp(
  String.raw`${polite}(drop|remove|delete|get\s+rid\s+of|take\s+out|add|create|new|rename|set|change|update|bump|make|put|raise|move)\s+`,
  "i",
);

const mannerOf = (part: string): Manner | null => {
  const verb = verbs.exec(part)?.[1]?.toLowerCase();
  if (verb === undefined) return null;
  if (/^(?:drop|remove|delete|get|take)/.test(verb)) return "remove";
  return /^(?:add|create|new)/.test(verb) ? "add" : "other";
};

interface Part {
  text: string;
  start: number;
  end: number;
  /** What stands before it: a comma or "and". */
  isAfterAnd: boolean;
  /** The first row that it names. */
  row: CachedRow | null;
}

const separator = /\s*,\s+(?:and\s+)?|\s+and\s+/giu;
const quotedText =
  /"[^"]*"|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])|[“”„«»][^“”„«»"]*[“”«»]|(?<![\p{L}\p{N}])[‘‚‹][^‘’‚‹›]*[’‘›](?![\p{L}\p{N}])/gu;

/** Not within quotes, and not within the name of a row. */
const partsOf = (sentence: string, index: RowIndex): Part[] => {
  const mentions = findRows(sentence, index);
  const whole = [
    ...Array.from(sentence.matchAll(quotedText), (match) => [match.index, match.index + match[0].length] as const),
    ...mentions.map(({ start, end }) => [start, end] as const),
  ];
  const parts: Part[] = [];
  let start = 0;
  let isAfterAnd = false;
  const push = (end: number): void => {
    const text = sentence.slice(start, end);
    const mention = mentions.find((each) => each.start >= start && each.end <= end);
    if (text.trim() !== "") parts.push({ text, start, end, isAfterAnd, row: mention?.row ?? null });
  };
  for (const { 0: between, index: at } of sentence.matchAll(separator)) {
    if (whole.some(([from, to]) => at > from && at < to)) continue;
    push(at);
    start = at + between.length;
    isAfterAnd = /\band\s/i.test(between);
  }
  push(sentence.length);
  return parts;
};

const link = /^(.*?)\s*(?:\s(?:to|is|are|has|at)\s|:\s|→|->|=>|\s=\s)\s*(.+)$/isu;

/** "Docker to 10 years": of something that is no field; whether it names a row its caller knows. */
const hasSubject = (part: string): boolean => {
  const [, left = "", right = ""] = link.exec(part.replace(verbs, "")) ?? [];
  const subject = left.replace(/^(?:and|the|my|our|also)\s+/i, "").trim();
  if (subject === "" || /^(?:it|this|that|which|level|years?|experience)$/i.test(subject)) return false;
  if (!/\d/.test(right) && !hasValues("technology", right)) return false;
  const last = subject.split(/\s+/).at(-1) ?? "";
  return !entityTypes.some((type) => fieldNamed(type, subject) ?? fieldNamed(type, last));
};

/** It speaks of something that is neither a row nor a field: it says nothing of the row before it. */
export const hasStrangeSubject = (clause: string, index: RowIndex): boolean =>
  hasSubject(clause) && findRows(clause, index).length === 0;

const hasValues = (type: EntityType, text: string): boolean => Object.keys(readValues(type, text)).length > 0;

/** A clause as far as it has been read. */
interface Open {
  parts: Part[];
  manner: Manner;
  /** Said before, and meant again. */
  verb: string;
  row: CachedRow | null;
  /** Its last value is one that goes on at a comma. */
  value: "list" | "text" | null;
}

const otherType =
  /\badd\s+(?:an?\s+)?(?:new\s+)?(?:project|experience|job|education|certification|certificate|profile)\b/i;

const startsAnew = ({ parts, manner, value }: Open, part: Part): boolean => {
  if (mannerOf(part.text) !== null) return true;
  if (value === "text") return false;
  const isSaid = part.row !== null && hasValues(part.row.entityType, part.text);
  if (isSaid && (manner !== "add" || link.test(part.text))) return true;
  if (part.row === null && hasSubject(part.text)) return true;
  if (value === "list" || manner === "remove") return false;
  if (manner !== "add") return part.row !== null;
  // "add Rust and Zig": two new rows, where a name is all that a row needs.
  return part.isAfterAnd && !hasValues("technology", part.text) && !otherType.test(parts[0]?.text ?? "");
};

/** The name of what is added or removed counts for all that follow: "add Rust and Zig". */
export const clausesIn = (sentence: string, index: RowIndex, about: CachedRow | null): Clause[] => {
  const clauses: Open[] = [];
  for (const part of partsOf(sentence, index)) {
    let current = clauses.at(-1);
    if (!current || startsAnew(current, part)) {
      const own = mannerOf(part.text);
      const isAlike = own === null && current?.manner === "add" && part.isAfterAnd;
      current = {
        parts: [],
        manner: own ?? (isAlike ? "add" : "other"),
        verb: isAlike ? "add " : "",
        row: null,
        value: null,
      };
      clauses.push(current);
    }
    current.parts.push(part);
    current.row ??= part.row;
    const type = (current.row ?? about)?.entityType ?? "technology";
    if (current.manner !== "add") current.value ??= hasOpenText(type, part.text);
  }
  return clauses.map(({ parts, verb }) => ({
    text: `${verb}${sentence.slice(parts[0]?.start, parts.at(-1)?.end)}`.trim(),
    parts: parts.map(({ text }) => text.trim()),
  }));
};
