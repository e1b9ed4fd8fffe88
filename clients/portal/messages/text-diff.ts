/** What has changed within a text, word by word. Pure. */
import { diffWordsWithSpace } from "diff";

export interface Part {
  value: string;
  added: boolean;
  removed: boolean;
}

/** Shorter texts are read whole, old and new. */
const longText = 40;
const maxEdits = 100;
/** Of the shorter text: with less in common, what is left of it between the changes says nothing. */
const leastKept = 0.5;

/** Null where old and new are better read one after the other. */
export const textDiff = (old: string, now: string): Part[] | null => {
  const shorter = Math.min(old.length, now.length);
  if (shorter <= longText) return null;
  const parts = diffWordsWithSpace(old, now, { maxEditLength: maxEdits });
  if (!parts) return null;
  const kept = parts.filter(({ added, removed }) => !added && !removed).map(({ value }) => value.trim().length);
  const isAlike = kept.reduce((sum, length) => sum + length, 0) >= leastKept * shorter;
  return isAlike ? parts.map(({ value, added, removed }) => ({ value, added, removed })) : null;
};
