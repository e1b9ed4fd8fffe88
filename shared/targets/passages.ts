/**
 * A text as the model can read it. bge-base-en-v1.5 reads 512 tokens and leaves out the rest without a word
 * (developers.cloudflare.com/workers-ai/models/bge-base-en-v1.5), so a longer text is embedded in passages.
 */

/**
 * In characters. English has four to a token, other languages in the Latin alphabet two or more; a Chinese or Japanese
 * character, or an emoji, is a token of its own, and counts as two characters here.
 */
const passageSize = 1000;
const firstWide = 0x2e80;

const widthOf = (char: string): number => ((char.codePointAt(0) ?? 0) < firstWide ? 1 : 2);

const sizeOf = (text: string): number => {
  let size = 0;
  for (const char of text) size += widthOf(char);
  return size;
};

const granularities = ["sentence", "word", "grapheme"] as const;

/** Cut between sentences; a sentence that is too long between words, and such a word between characters. */
const piecesOf = (text: string, [granularity, ...finer]: readonly (typeof granularities)[number][]): string[] => {
  if (granularity === undefined || sizeOf(text) <= passageSize) return [text];
  const segments = new Intl.Segmenter("en", { granularity }).segment(text);
  return Array.from(segments).flatMap(({ segment }) => piecesOf(segment, finer));
};

/** The text in parts that the model reads whole, none of them empty. A text of one part is left as it is. */
export const passagesOf = (text: string): string[] => {
  const passages: string[] = [];
  let passage = "";
  for (const piece of piecesOf(text, granularities)) {
    if (passage !== "" && sizeOf(passage) + sizeOf(piece) > passageSize) {
      passages.push(passage);
      passage = "";
    }
    passage += piece;
  }
  return [...passages, passage].filter((one, _, all) => all.length === 1 || one.trim() !== "");
};

const ofLengthOne = (vector: readonly number[]): number[] => {
  const length = Math.hypot(...vector);
  return vector.map((value) => (length === 0 ? value : value / length));
};

/** One vector for the passages of a text: their mean, in which a longer passage has more weight. Of length one. */
export const meanOf = (passages: readonly { text: string; vector: readonly number[] }[]): number[] => {
  const [first] = passages;
  if (first === undefined) return [];
  if (passages.length === 1) return [...first.vector];
  const sum = first.vector.map(() => 0);
  for (const { text, vector } of passages) {
    const weight = sizeOf(text);
    for (const [index, value] of ofLengthOne(vector).entries()) sum[index] = (sum[index] ?? 0) + weight * value;
  }
  return ofLengthOne(sum);
};
