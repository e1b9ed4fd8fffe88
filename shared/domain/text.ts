/** Characters and words of any language (unicode.org/reports/tr29). Lengths are in code units. */
const characters = new Intl.Segmenter("en", { granularity: "grapheme" });
const words = new Intl.Segmenter("en", { granularity: "word" });

/** The beginning of a text, at most `max` long: never half a character. */
export const firstOf = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, characters.segment(text).containing(max)?.index);

/** The end of a text, likewise. */
export const lastOf = (text: string, max: number): string => {
  const at = text.length - max;
  const half = at > 0 ? characters.segment(text).containing(at - 1) : undefined;
  return half ? text.slice(half.index + half.segment.length) : text;
};

/** Words, and what stands between them; together they are the text. */
export const wordsOf = (text: string): string[] => Array.from(words.segment(text), ({ segment }) => segment);
