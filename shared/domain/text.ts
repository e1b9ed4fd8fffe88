/** Characters and words of any language (unicode.org/reports/tr29). Lengths are in code units. */
const characters = new Intl.Segmenter("en", { granularity: "grapheme" });
const words = new Intl.Segmenter("en", { granularity: "word" });

/** The beginning of a text, at most `max` long: never half a character. */
export const firstOf = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, characters.segment(text).containing(Math.max(max, 0))?.index);

/** The end of a text, likewise. */
export const lastOf = (text: string, max: number): string => {
  const at = text.length - max;
  const half = at > 0 ? characters.segment(text).containing(at - 1) : undefined;
  return half ? text.slice(half.index + half.segment.length) : text;
};

/** Words, and what stands between them; together they are the text. */
export const wordsOf = (text: string): string[] => Array.from(words.segment(text), ({ segment }) => segment);

/** As texts are stored and compared: "é" is one code point, however it was typed (unicode.org/reports/tr15). */
export const normalized = (text: string): string => text.normalize("NFC");

/**
 * What texts have in common that people take for the same: without case, width, accents and invisible characters.
 * For search and for finding duplicates; never stored.
 */
export const searchKey = (text: string): string =>
  text
    .normalize("NFKC")
    // "ß" is "SS" in capitals, and a sigma at the end of a word is a sigma.
    .toUpperCase()
    .toLowerCase()
    .replace(/ς/g, "σ")
    .normalize("NFD")
    // Accents of Latin, Greek and Cyrillic. In other scripts a sign makes another character.
    .replace(/[\u0300-\u036f\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/gu, "")
    .normalize("NFC")
    .replace(/\s+/g, " ")
    .trim();

/** Zero of each script's decimal digits that people type; those of full width fold by themselves. */
const zeros = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
  0x17e0, 0x1810,
];

/** "８．５" and "٨٫٥" as 8.5: digits of any script in those of ASCII. */
export const asciiDigits = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\p{Nd}/gu, (digit) => {
      const code = digit.codePointAt(0) ?? 0;
      const zero = zeros.find((each) => code >= each && code < each + 10);
      return zero === undefined ? digit : String(code - zero);
    })
    .replace(/٫/g, ".")
    .replace(/٬/g, ",");
