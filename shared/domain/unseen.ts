/**
 * Invisible characters, which may change how others are shown: controls of direction, joiners, tags, selectors of a
 * variant, halves of a character. They are refused where they mean nothing, and shown as escapes where they stand
 * already. Where they mean something they are text: in emoji, and in words of scripts that join.
 */
import { type Result, fail, ok } from "../result.ts";
import { lastOf, normalized } from "./text.ts";

/** Their words need signs for how to join (unicode.org/reports/tr31, "Layout and Format Control"). */
const joiningScripts =
  "Arabic Syriac Mongolian Nko Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Myanmar Khmer Tibetan Balinese Javanese";
/** These write no spaces: a space without width says where a line may break. */
const spacelessScripts = "Thai Lao Khmer Myanmar";
const rightToLeftScripts = "Hebrew Arabic Syriac Thaana Nko Adlam Mandaic Samaritan";

const ofScripts = (scripts: string): string =>
  `[${scripts
    .split(" ")
    .map((script) => String.raw`\p{Script=${script}}`)
    .join("")}]`;

const joining = ofScripts(joiningScripts);
const spaceless = ofScripts(spacelessScripts);
/** After this sign a joiner chooses the form of what stands before, also at the end of a word. */
const virama = String.raw`[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2]`;
const tag = String.raw`[\u{e0020}-\u{e007e}]`;

const meaningful = [
  // A sign as emoji or as text: ❤️; a digit only in a keycap: 1️⃣.
  String.raw`(?<=(?![0-9#*])\p{Emoji})[\ufe0e\ufe0f]`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
  // Emoji of several: 👩🏽‍💻.
  String.raw`(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier}\ufe0f?)\u200d(?=\p{Extended_Pictographic})`,
  // The flags of Scotland, Wales and others of their kind.
  String.raw`(?<=\u{1f3f4}${tag}{0,5})${tag}(?=${tag}{0,5}\u{e007f})`,
  String.raw`(?<=\u{1f3f4}${tag}{1,6})\u{e007f}`,
  String.raw`(?<=${joining})[\u200c\u200d](?=${joining})`,
  String.raw`(?<=${virama})[\u200c\u200d]`,
  String.raw`(?<=${spaceless})\u200b(?=${spaceless})`,
  // Variants of a character, as they stand in people's names.
  String.raw`(?<=\p{Unified_Ideograph})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=\p{Script=Mongolian})[\u180b-\u180f]`,
].join("|");

// Line breaks and tabs show by what they do.
const unseen = String.raw`(?![\t\n\r])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]`;

const suspicious = new RegExp(unseen, "u");
const meaningless = new RegExp(String.raw`(?=${unseen})(?:${meaningful}|([\s\S]))`, "gu");
/** Marks of direction mean something beside words that run from right to left. */
const rightToLeft = new RegExp(ofScripts(rightToLeftScripts), "u");
const meaninglessBesideThem = new RegExp(
  String.raw`(?=${unseen})(?:${meaningful}|[\u200e\u200f\u061c]|([\s\S]))`,
  "gu",
);

const patternFor = (text: string): RegExp => (rightToLeft.test(text) ? meaninglessBesideThem : meaningless);

const hex = (char: string): string => (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");

/** More of them in a row mean nothing in any script, and are counted. */
const longestRun = 20;
const longRuns = new RegExp(`(?:${unseen}){${longestRun + 1},}`, "gu");

const escapeOf = (char: string): string => String.raw`\u{${hex(char)}}`;

const countedRun = (run: string): string => {
  const chars = Array.from(run);
  return `${chars.slice(0, longestRun).map(escapeOf).join("")}[and ${chars.length - longestRun} more]`;
};

/** A text as people see it where others wrote it: an invisible character stands there as `\u{202E}`. */
export const visible = (text: string): string =>
  suspicious.test(text)
    ? text
        .replace(longRuns, countedRun)
        .replace(patternFor(text), (whole, found: string | undefined) =>
          found === undefined ? whole : escapeOf(found),
        )
    : text;

/** Every text of a value that is about to be shown. @param except names of parts that stay as they are */
export const visibleIn = <T>(value: T, except: readonly string[] = []): T => {
  if (typeof value === "string") return visible(value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => visibleIn(each, except)) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, except.includes(name) ? inner : visibleIn(inner, except)]),
  ) as T;
};

const names: Record<string, string> = {
  "0000": "null",
  "001B": "escape",
  "00AD": "soft hyphen",
  "061C": "Arabic mark",
  "180E": "Mongolian vowel separator",
  "200B": "zero-width space",
  "200C": "zero-width non-joiner",
  "200D": "zero-width joiner",
  "200E": "left-to-right mark",
  "200F": "right-to-left mark",
  "202A": "left-to-right embedding",
  "202B": "right-to-left embedding",
  "202C": "end of a direction",
  "202D": "left-to-right override",
  "202E": "right-to-left override",
  "2060": "word joiner",
  "2066": "left-to-right isolate",
  "2067": "right-to-left isolate",
  "2068": "first strong isolate",
  "2069": "end of an isolate",
  "3164": "Hangul filler",
  FEFF: "byte order mark",
  FFA0: "Hangul filler",
};

const kindOf = (char: string): string => {
  const known = names[hex(char)];
  if (known !== undefined) return known;
  if (/\p{Cs}/u.test(char)) return "half a character";
  if (/\p{Cc}/u.test(char)) return "control character";
  if (/[\u{e0000}-\u{e007f}]/u.test(char)) return "tag";
  return /\p{Variation_Selector}/u.test(char) ? "variation selector" : "invisible character";
};

/** Why a text cannot be taken, in words that follow its name. */
export interface TextProblem {
  code: "text_not_allowed";
  /** `U+202E`, or null where nothing is visible at all. */
  codePoint: string | null;
  rule: string;
}

const shownBefore = 12;

/** Of a text that is not empty; null where it can be taken. */
export const textProblem = (text: string): TextProblem | null => {
  const found = suspicious.test(text)
    ? [...text.matchAll(patternFor(text))].find(([, char]) => char !== undefined)
    : undefined;
  if (found) {
    const codePoint = `U+${hex(found[0])}`;
    const before = lastOf(visible(text.slice(0, found.index)).replace(/\s+/g, " "), shownBefore).trim();
    const where = before === "" ? "at its beginning" : `after "${before}"`;
    return {
      code: "text_not_allowed",
      codePoint,
      rule: `has ${codePoint} (${kindOf(found[0])}) ${where}, which nobody sees: leave it out`,
    };
  }
  return hasSomething(text) ? null : { code: "text_not_allowed", codePoint: null, rule: "has nothing visible" };
};

/** Marks need something to stand on, and an empty Braille cell is a space. */
const hasSomething = (text: string): boolean =>
  /[^\s\p{M}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);

/** What people write beside the values of a row. */
export const writtenTexts = ["message", "note", "reason", "name", "description"] as const;
export type WrittenText = (typeof writtenTexts)[number];

export type TextNotAllowed = TextProblem & { what: WrittenText };

/** The same of a value and of what people write about it: "" where nothing is there. */
export const takeText = (typed: string): Result<string, TextProblem> => {
  const text = normalized(typed.trim());
  const problem = text === "" ? null : textProblem(text);
  return problem ? fail(problem) : ok(text);
};

export const takeWritten = (what: WrittenText, typed: string): Result<string, TextNotAllowed> => {
  const taken = takeText(typed);
  return taken.ok ? taken : fail({ ...taken.reason, what });
};
