/** What has changed within a long text, word by word. */
import { type Piece, diffWords } from "../../../../shared/domain/staging/diff-words.ts";
import { firstOf, lastOf } from "../../../../shared/domain/text.ts";
import { clip } from "../../../../shared/messages/message.ts";

/** Texts that differ in more words are shown whole, old and new: so few matches say nothing. */
const maxEdits = 100;
const maxPieces = 60;
/** Unchanged stretches of more words are shortened to these at either end. */
const longStretch = 8;
const keptWords = 3;
const keptCharacters = 40;
/** Of each piece that is cut. */
const leastCharacters = 50;

/** @param maxCharacters of all pieces together; what is cut says how much it was */
export const wordDiff = (before: string, after: string, maxCharacters: number): Piece[] => {
  const parts = before === "" || after === "" ? null : diffWords(before, after, maxEdits);
  const found = parts ? joined(parts) : [];
  const pieces =
    found.length > 0 && found.length <= maxPieces
      ? found.map((piece, index) => shortened(piece, index === 0, index === found.length - 1))
      : whole(before, after);
  return bounded(pieces, maxCharacters);
};

/** Cuts the longest pieces, so that all of them keep to `maxCharacters`. */
export const bounded = (pieces: readonly Piece[], maxCharacters: number): Piece[] => {
  const characters = pieces.reduce((sum, { text }) => sum + text.length, 0);
  if (characters <= maxCharacters) return [...pieces];
  const share = Math.max(leastCharacters, Math.floor(maxCharacters / pieces.length));
  return pieces.map((piece) => (piece.text.length > share ? { ...piece, text: cut(piece.text, share) } : piece));
};

/** What the note below takes at most. */
const noteCharacters = 30;

const cut = (text: string, max: number): string => {
  const kept = clip(text, max - noteCharacters);
  return `${kept} (${text.length - kept.length + 1} more characters)`;
};

const whole = (before: string, after: string): Piece[] =>
  [
    { text: before, is: "removed" as const },
    { text: after, is: "added" as const },
  ].filter(({ text }) => text !== "");

/** Changes with nothing but a space between them are one change: "~old words~ *new words*". */
const joined = (parts: readonly Piece[]): Piece[] => {
  const pieces: Piece[] = [];
  let removed = "";
  let added = "";
  const flush = (): void => {
    if (removed !== "") pieces.push({ text: visible(removed), is: "removed" });
    if (added !== "") pieces.push({ text: visible(added), is: "added" });
    removed = "";
    added = "";
  };
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (part.is === "removed") removed += part.text;
    else if (part.is === "added") added += part.text;
    else if (removed !== "" && added !== "" && next !== undefined && part.text.trim() === "") {
      removed += part.text;
      added += part.text;
    } else {
      flush();
      pieces.push(part);
    }
  }
  flush();
  return pieces;
};

/** A change of nothing but space is one that has to be shown. */
const visible = (text: string): string =>
  text.trim() === "" ? text.replace(/\r?\n/g, "↵\n").replace(/[^\S\n]/g, "␣") : text;

const shortened = (piece: Piece, isFirst: boolean, isLast: boolean): Piece => {
  const { text, is } = piece;
  const isShort = (text.match(/\S+/g) ?? []).length <= longStretch && text.length <= 3 * keptCharacters;
  if (is !== "same" || isShort) return piece;
  return { is, text: `${isFirst ? "" : headOf(text)}…${isLast ? "" : tailOf(text)}` };
};

const headOf = (text: string): string => {
  const words = new RegExp(`^\\s*(\\S+\\s+){0,${keptWords}}`).exec(text)?.[0] ?? "";
  return firstOf(words === "" ? text : words, keptCharacters);
};

const tailOf = (text: string): string => {
  const words = new RegExp(`(\\s+\\S+){0,${keptWords}}\\s*$`).exec(text.slice(-500))?.[0] ?? "";
  return lastOf(words === "" ? text : words, keptCharacters);
};

/** For one text of both: "oldnew" would be read as one word. */
export const spaced = (pieces: readonly Piece[]): Piece[] =>
  pieces.flatMap((piece, index): Piece[] => {
    const before = pieces[index - 1];
    const touches = before?.is === "removed" && piece.is === "added";
    return touches && !/\s$/.test(before.text) && !/^\s/.test(piece.text)
      ? [{ text: " ", is: "same" }, piece]
      : [piece];
  });
