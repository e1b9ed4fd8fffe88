import { describe, expect, test } from "vitest";
import { extremeTexts } from "../../../../test/support/bot/extreme-inputs.ts";
import type { Piece } from "../../../../shared/domain/staging/diff-words.ts";
import { spaced, wordDiff } from "./word-diff.ts";

const marks = { same: "", removed: "~", added: "*" } as const;
const shown = (pieces: readonly Piece[]): string =>
  spaced(pieces)
    .map(({ text, is }) => `${marks[is]}${text}${marks[is]}`)
    .join("");

describe("a word diff", () => {
  test("a word diff marks removed and added words", () => {
    expect(shown(wordDiff("Ten years of Python", "Twelve years of Python and Rust", 1000))).toBe(
      "~Ten~ *Twelve* years of Python* and Rust*",
    );
  });

  test("a word diff splits the words of other scripts", () => {
    expect(shown(wordDiff("Десять лет на Python", "Двенадцать лет на Python", 1000))).toBe(
      "~Десять~ *Двенадцать* лет на Python",
    );
  });

  test("a word diff shows neighbouring changed words as one change", () => {
    expect(shown(wordDiff("a red green blue b", "a one two three b", 1000))).toBe(
      "a ~red green blue~ *one two three* b",
    );
  });

  test("a word diff shortens more than eight unchanged words", () => {
    const middle = "one two three four five six seven eight nine";
    expect(shown(wordDiff(`A ${middle} B`, `X ${middle} Y`, 1000))).toBe(
      "~A~ *X* one two three … seven eight nine ~B~ *Y*",
    );
    const short = "one two three four five six seven eight";
    expect(shown(wordDiff(`A ${short} B`, `X ${short} Y`, 1000))).toBe(`~A~ *X* ${short} ~B~ *Y*`);
  });

  test("a word diff makes a change of spaces visible", () => {
    expect(shown(wordDiff("one two", "one  two", 1000))).toMatch(/␣/);
    expect(shown(wordDiff("one\ntwo", "one two", 1000))).toContain("↵");
  });

  test("a word diff shows both texts whole when hardly a word stays", () => {
    const words = (deadLetter: string): string =>
      Array.from({ length: 400 }, (_, index) => `${deadLetter}${index}`).join(" ");
    expect(wordDiff(words("a"), words("b"), 10_000)).toEqual([
      { text: words("a"), is: "removed" },
      { text: words("b"), is: "added" },
    ]);
  });

  test("a word diff is cut to its limit, and says how much it cuts", () => {
    const pieces = wordDiff("a".repeat(9000), "b".repeat(9000), 3000);
    expect(pieces.map(({ text }) => text.length)).toEqual([expect.any(Number), expect.any(Number)]);
    expect(pieces.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(3000);
    expect(pieces[0]?.text).toMatch(/^a+… \(\d+ more characters\)$/);
    const [, kept = "", left = ""] = /^(a+)… \((\d+)/.exec(pieces[0]?.text ?? "") ?? [];
    expect(kept.length + Number(left)).toBe(9000);
  });

  test("a word diff of any text stays within its limit and well formed", () => {
    const texts = Object.values(extremeTexts);
    for (const before of texts) {
      for (const after of texts) {
        const pieces = wordDiff(before, after, 3000);
        expect(pieces.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(3000);
        expect(pieces.every(({ text }) => text !== "")).toBe(true);
        if (before.isWellFormed() && after.isWellFormed())
          expect(pieces.every(({ text }) => text.isWellFormed())).toBe(true);
      }
    }
  });
});
