/** What has changed within a text, word by word. Pure. */
import { type Piece, diffWords } from "../../../shared/domain/staging/diff-words.ts";

/** Shorter texts are read whole, old and new. */
const longText = 40;
const maxEdits = 100;
/** Of the shorter text: with less in common, what is left of it between the changes says nothing. */
const minCommon = 0.5;

/** Null where old and new are better read one after the other. */
export const textDiff = (old: string, now: string): Piece[] | null => {
  const shorter = Math.min(old.length, now.length);
  if (shorter <= longText) return null;
  const pieces = diffWords(old, now, maxEdits);
  const common = (pieces ?? []).filter(({ is }) => is === "same").map(({ text }) => text.trim().length);
  return common.reduce((sum, length) => sum + length, 0) >= minCommon * shorter ? pieces : null;
};
