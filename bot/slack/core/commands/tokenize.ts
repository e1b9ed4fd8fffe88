/** Splits what a person typed after `/cv` into words, as Slack sends it: with its entities and typographic quotes. */
import { firstOf } from "../../../../shared/domain/text.ts";
import { type Result, fail, ok } from "../../../../shared/result.ts";
import { itemText } from "../../../../shared/domain/staging/list-text.ts";
import { straightQuotes, undoEntities } from "./slack-text.ts";

export interface Word {
  text: string;
  /** The word began outside quotes, so a leading dash makes it an option. */
  bare: boolean;
}

export interface UnclosedQuote {
  code: "unclosed_quote";
  /** What follows the quote that is never closed. */
  after: string;
}

/** Phones turn `--draft` into `—draft`, and `-m` into `–m`. */
const straightDash = (word: string): string =>
  word.replace(/^[—–](?=\p{L})/u, () => (/^[—–]\p{L}(\s|=|$)/u.test(word) ? "-" : "--"));

/** Whether a quote at `index` begins a quoted part: at the start of a word, or after `=` or a comma. */
const opens = (text: string, index: number): boolean => index === 0 || /[\s=,]/.test(text[index - 1] ?? "");

/** The last apostrophe that can close a quoted part: at the end of a word. One opens only before it: not in "don't". */
const lastClosing = (text: string): number => {
  let last = -1;
  for (const { index } of text.matchAll(/'(?=[\s,]|$)/g)) last = index;
  return last;
};

export const tokenize = (typed: string): Result<Word[], UnclosedQuote> => {
  const written = undoEntities(typed);
  // As long as `written`, with each quote in its straight form.
  const text = straightQuotes(written);
  const closing = lastClosing(text);
  const words: Word[] = [];
  let current: Word | null = null;
  let index = 0;
  while (index < text.length) {
    const char = text[index] ?? "";
    const isQuote = char === '"' || (char === "'" && index < closing);
    if (isQuote && opens(text, index)) {
      const quotedPart = readQuoted(text, written, index);
      if (quotedPart === null) return fail({ code: "unclosed_quote", after: firstOf(text.slice(index + 1), 30) });
      current ??= { text: "", bare: false };
      current.text += isItem(current, text, index, quotedPart) ? itemText(quotedPart.content) : quotedPart.content;
      index = quotedPart.end;
    } else if (/\s/.test(char)) {
      if (current) words.push(current);
      current = null;
      index += 1;
    } else {
      current ??= { text: "", bare: true };
      current.text += char;
      index += 1;
    }
  }
  if (current) words.push(current);
  return ok(words.map((word) => (word.bare ? { ...word, text: straightDash(word.text) } : word)));
};

/** One of several items of a field: `courses="Compilers, advanced",Databases`. Its comma is no end of an item. */
const isItem = (word: Word, text: string, start: number, { end }: { end: number }): boolean =>
  word.bare && /^[A-Za-z_][\w-]*=/.test(word.text) && (text[end] === "," || text[start - 1] === ",");

/**
 * Content up to the closing quote; null when it is never closed. A backslash takes the next quote or backslash as it
 * is, and a typographic quote as it was written.
 */
const readQuoted = (text: string, written: string, start: number): { content: string; end: number } | null => {
  const quote = text[start];
  let content = "";
  for (let index = start + 1; index < text.length; index += 1) {
    const char = text[index] ?? "";
    const next = text[index + 1] ?? "";
    if (char === "\\" && (next === quote || next === "\\" || next !== (written[index + 1] ?? ""))) {
      content += written[index + 1] ?? "";
      index += 1;
    } else if (char === quote && (quote === '"' || /[\s,]|^$/.test(next))) {
      return { content, end: index + 1 };
    } else {
      content += char;
    }
  }
  return null;
};
