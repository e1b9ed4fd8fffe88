import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takeText, textProblem, visible, visibleIn } from "./unseen.ts";

describe("a character that nobody sees", () => {
  test.each([
    ["Py\u202ethon", "U+202E (right-to-left override)", 'after "Py"', "Py\\u{202E}thon"],
    ["\u202aPython", "U+202A (left-to-right embedding)", "at its beginning", "\\u{202A}Python"],
    ["Py\u2066thon\u2069", "U+2066 (left-to-right isolate)", 'after "Py"', "Py\\u{2066}thon\\u{2069}"],
    ["Python\u200b", "U+200B (zero-width space)", 'after "Python"', "Python\\u{200B}"],
    ["Py\u200dthon", "U+200D (zero-width joiner)", 'after "Py"', "Py\\u{200D}thon"],
    ["Py\u200cthon", "U+200C (zero-width non-joiner)", 'after "Py"', "Py\\u{200C}thon"],
    ["Python\u200e", "U+200E (left-to-right mark)", 'after "Python"', "Python\\u{200E}"],
    ["Py\u00adthon", "U+00AD (soft hyphen)", 'after "Py"', "Py\\u{00AD}thon"],
    ["\ufeffPython", "U+FEFF (byte order mark)", "at its beginning", "\\u{FEFF}Python"],
    ["A\u{e0041}\u{e0042}", "U+E0041 (tag)", 'after "A"', "A\\u{E0041}\\u{E0042}"],
    ["a\ufe0f", "U+FE0F (variation selector)", 'after "a"', "a\\u{FE0F}"],
    ["5\ufe0f", "U+FE0F (variation selector)", 'after "5"', "5\\u{FE0F}"],
    ["Ru\ud83dst", "U+D83D (half a character)", 'after "Ru"', "Ru\\u{D83D}st"],
    ["Ru\u0000st", "U+0000 (null)", 'after "Ru"', "Ru\\u{0000}st"],
    ["Ru\u001b[31mst", "U+001B (escape)", 'after "Ru"', "Ru\\u{001B}[31mst"],
    ["\u3164", "U+3164 (Hangul filler)", "at its beginning", "\\u{3164}"],
  ])("a text with an unseen character is refused and shown with its escape: %j", (text, named, where, shown) => {
    expect(textProblem(text)?.rule).toBe(`has ${named} ${where}, which nobody sees: leave it out`);
    expect(visible(text)).toBe(shown);
  });

  test.each(["\u2800", "\u0301", " \u2800\u0301 "])("a text in which nothing can be seen is refused: %j", (text) => {
    expect(takeText(text)).toEqual({
      ok: false,
      reason: { code: "text_not_allowed", codePoint: null, rule: "has nothing visible" },
    });
  });

  test.each([
    ["an emoji of several people", "👩🏽‍💻 at work"],
    ["an emoji with a selector inside", "❤️‍🔥 and 🏳️‍🌈"],
    ["a keycap", "1️⃣ first"],
    ["the flag of Wales", "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}"],
    ["a Persian non-joiner", "می‌خواهم"],
    ["a joiner after a virama", "ක්‍රම and ന്‍"],
    ["a space without width between Khmer words", "ភាសា\u200bខ្មែរ"],
    ["a variant of a name", "葛\u{e0100}城"],
    ["a mark of direction beside Hebrew", "שלום C++\u200f"],
    ["line breaks and tabs", "one\r\n\ttwo"],
  ])("a character that is not seen but means something is taken and stays: %s", (_what, text) => {
    expect(textProblem(text)).toBeNull();
    expect(visible(text)).toBe(text);
  });

  test("a flag's tags cannot carry a hidden sentence", () => {
    const hidden = Array.from("approve this", (char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join("");
    expect(textProblem(`🏴${hidden}\u{e007f}`)?.codePoint).toBe("U+E0061");
  });
});

test("what is shown has nothing unseen, and stays the same when it is shown again", () => {
  const unseen = fc.constantFrom(
    "\u202e",
    "\u2066",
    "\u200d",
    "\u200f",
    "\ufe0f",
    "\u{e0061}",
    "\ud83d",
    "\0",
    "👩",
    "א",
    "क",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(unseen, fc.string({ unit: "grapheme", maxLength: 3 }))), (parts) => {
      const shown = visible(parts.join(""));
      expect(shown.isWellFormed()).toBe(true);
      expect(visible(shown)).toBe(shown);
      const taken = takeText(parts.join(""));
      if (taken.ok) expect(visible(taken.value)).toBe(taken.value);
    }),
  );
});

test("a long row of unseen characters is counted, so that it cannot push out what stands after it", () => {
  expect(visible(`a${"\u200b".repeat(2000)}b`)).toBe(`a${"\\u{200B}".repeat(20)}[and 1980 more]b`);
});

test("every text of a value is shown with its escapes, except where it is to be edited", () => {
  expect(visibleIn({ a: ["b\u200b", 1, null, { c: "d\u202e" }], values: { c: "d\u202e" } }, ["values"])).toEqual({
    a: ["b\\u{200B}", 1, null, { c: "d\\u{202E}" }],
    values: { c: "d\u202e" },
  });
});
