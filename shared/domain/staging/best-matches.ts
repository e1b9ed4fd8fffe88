/** Which of many things a person means by the few characters typed so far. */
import { closest } from "../closest.ts";
import { searchKey } from "../text.ts";

const wordStarts = (text: string, typed: string): boolean =>
  text.split(/[^\p{L}\p{N}+#.]+/u).some((word) => word.startsWith(typed));

const isNear = (text: string, typed: string): boolean =>
  typed.length >= 3 && [text, ...text.split(/[^\p{L}\p{N}+#.]+/u)].some((part) => closest(typed, [part]) !== null);

/** How well it fits, 0 best: begins with it, has a word that does, contains it, is a slip away; else null. */
const rankOf = (text: string, typed: string): number | null => {
  if (text.startsWith(typed)) return 0;
  if (wordStarts(text, typed)) return 1;
  if (text.includes(typed)) return 2;
  return isNear(text, typed) ? 3 : null;
};

/** Those that fit, best first, in their own order where they fit equally; all of them for "". */
export const bestMatches = <T>(items: readonly T[], typed: string, textsOf: (item: T) => readonly string[]): T[] => {
  const wanted = searchKey(typed);
  return items
    .flatMap((item) => {
      const ranks = textsOf(item).map((text) => rankOf(searchKey(text), wanted) ?? Infinity);
      return [{ item, rank: Math.min(...ranks) }];
    })
    .filter(({ rank }) => rank < Infinity)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
};
