/** Splits what a person typed after `/cv` into words, as Slack sends it: with its entities and typographic quotes. */
import { firstOf } from "../../../../shared/domain/text.ts";
import { type Result, fail, ok } from "../../../../shared/result.ts";
import { itemText } from "../../../../shared/domain/staging/list-text.ts";
import { type Line, isLink, meantBy, proseOf, setEntitiesAside } from "./slack-text.ts";

export interface Word {
  /** As people read it. */
  text: string;
  /** The same with ids for people and channels. */
  meant: string;
  /** The word began outside quotes, so a leading dash makes it an option. */
  bare: boolean;
}

export interface UnclosedQuote {
  code: "unclosed_quote";
  /** What follows the quote that is never closed. */
  after: string;
}

/** Phones and macOS type them in place of the straight ones, in the order of the language. */
const typographicDoubles = "“”„‟«»";
const typographicSingles = "‘’‚‛‹›";
const typographic = typographicDoubles + typographicSingles;
const singleQuotes = `'${typographicSingles}`;

/** Phones turn `--draft` into `—draft`, and `-m` into `–m`. */
const straightDash = (word: string): string =>
  word.replace(/^[—–](?=\p{L})/u, () => (/^[—–]\p{L}(\s|=|$)/u.test(word) ? "-" : "--"));

/** Whether a quote at `index` begins a quoted part: at the start of a word, or after `=` or a comma. */
const opens = (text: string, index: number): boolean => index === 0 || /[\s=,]/.test(text[index - 1] ?? "");

/** Whether one before `index` can end a quoted part: at the end of a word. */
const isEdge = (text: string, index: number): boolean => /^[\s,]|^$/.test(text.slice(index, index + 1));

/** The last single quote that can close a quoted part. One opens only before it: not in "don't". */
const lastClosing = (text: string): number => {
  let last = -1;
  for (const { index } of text.matchAll(/['‘’‚‛‹›](?=[\s,]|$)/g)) last = index;
  return last;
};

export const tokenize = (typed: string): Result<Word[], UnclosedQuote> => {
  const line = setEntitiesAside(typed);
  const { text } = line;
  const closing = lastClosing(text);
  const words: Omit<Word, "meant">[] = [];
  let current: Omit<Word, "meant"> | null = null;
  let index = 0;
  while (index < text.length) {
    const char = text[index] ?? "";
    const isQuote =
      char === '"' || typographicDoubles.includes(char) || (singleQuotes.includes(char) && index < closing);
    if (isQuote && opens(text, index)) {
      const quotedPart = readQuoted(text, index);
      if (quotedPart === null) {
        return fail({ code: "unclosed_quote", after: firstOf(proseOf(text.slice(index + 1), line), 30) });
      }
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
  return ok(words.map((word) => read(word, line)));
};

const read = ({ text, bare }: Omit<Word, "meant">, line: Line): Word => {
  const written = bare ? straightDash(text) : text;
  const meant = meantBy(written, line);
  // A value that is one link is its address: in prose it would be the link's label.
  const value = bare ? written.replace(/^[A-Za-z_][\w-]*=/, "") : written;
  return { text: isLink(value, line) ? meant : proseOf(written, line), meant, bare };
};

/** One of several items of a field: `courses="Compilers, advanced",Databases`. Its comma is no end of an item. */
const isItem = (word: Pick<Word, "text" | "bare">, text: string, start: number, { end }: { end: number }): boolean =>
  word.bare && /^[A-Za-z_][\w-]*=/.test(word.text) && (text[end] === "," || text[start - 1] === ",");

/**
 * Content up to the closing quote; null when it is never closed. A straight double quote ends at the next one. Any
 * other ends only at the edge of a word, after as many as were opened inside, which stay as they were written. A
 * backslash takes the next quote or backslash as it is.
 */
const readQuoted = (text: string, start: number): { content: string; end: number } | null => {
  const quote = text[start] ?? "";
  const closers = closersOf(text, start);
  const closes = (index: number): boolean => {
    if (!closers.includes(text[index] ?? "")) return false;
    return closers === '"' || isEdge(text, index + 1) || closers.includes(text[index + 1] ?? "");
  };
  let depth = 0;
  let content = "";
  for (let index = start + 1; index < text.length; index += 1) {
    const char = text[index] ?? "";
    const next = text[index + 1] ?? "";
    if (char === "\\" && (next === "\\" || next === quote || closers.includes(next) || typographic.includes(next))) {
      content += next;
      index += 1;
      continue;
    }
    const isEnd = closes(index);
    if (isEnd && depth === 0) return { content, end: index + 1 };
    if (isEnd) depth -= 1;
    else if (closers === typographicDoubles && closers.includes(char) && opens(text, index)) depth += 1;
    content += char;
  }
  return null;
};

/** What may end the quoted part that begins at `start`: phones mix straight and typographic quotes. */
const closersOf = (text: string, start: number): string => {
  const quote = text[start] ?? "";
  if (singleQuotes.includes(quote)) return singleQuotes;
  const after = text.slice(start + 1);
  const hasTypographic = /[“”„‟«»](?=[\s,]|$)/.test(after);
  if (quote === '"') return after.includes('"') || !hasTypographic ? '"' : typographicDoubles;
  return hasTypographic ? typographicDoubles : '"';
};
