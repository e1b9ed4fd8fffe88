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
  test("strikes the words that go and marks those that come", () => {
    expect(shown(wordDiff("Ten years of Python", "Twelve years of Python and Rust", 1000))).toBe(
      "~Ten~ *Twelve* years of Python* and Rust*",
    );
  });

  test("knows the words of other scripts", () => {
    expect(shown(wordDiff("Десять лет на Python", "Двенадцать лет на Python", 1000))).toBe(
      "~Десять~ *Двенадцать* лет на Python",
    );
  });

  test("shows neighbouring words that change as one change", () => {
    expect(shown(wordDiff("a red green blue b", "a one two three b", 1000))).toBe(
      "a ~red green blue~ *one two three* b",
    );
  });

  test("shortens what stays the same for more than eight words", () => {
    const middle = "one two three four five six seven eight nine";
    expect(shown(wordDiff(`A ${middle} B`, `X ${middle} Y`, 1000))).toBe(
      "~A~ *X* one two three … seven eight nine ~B~ *Y*",
    );
    const short = "one two three four five six seven eight";
    expect(shown(wordDiff(`A ${short} B`, `X ${short} Y`, 1000))).toBe(`~A~ *X* ${short} ~B~ *Y*`);
  });

  test("makes a change of nothing but space visible", () => {
    expect(shown(wordDiff("one two", "one  two", 1000))).toMatch(/␣/);
    expect(shown(wordDiff("one\ntwo", "one two", 1000))).toContain("↵");
  });

  test("shows both texts whole where hardly a word stays", () => {
    const words = (deadLetter: string): string =>
      Array.from({ length: 400 }, (_, index) => `${deadLetter}${index}`).join(" ");
    expect(wordDiff(words("a"), words("b"), 10_000)).toEqual([
      { text: words("a"), is: "removed" },
      { text: words("b"), is: "added" },
    ]);
  });

  test("stays bounded, and says how much it cuts", () => {
    const pieces = wordDiff("a".repeat(9000), "b".repeat(9000), 3000);
    expect(pieces.map(({ text }) => text.length)).toEqual([expect.any(Number), expect.any(Number)]);
    expect(pieces.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(3000);
    expect(pieces[0]?.text).toMatch(/^a+… \(\d+ more characters\)$/);
    const [, kept = "", left = ""] = /^(a+)… \((\d+)/.exec(pieces[0]?.text ?? "") ?? [];
    expect(kept.length + Number(left)).toBe(9000);
  });

  test("keeps whatever people write within bounds, and never cuts a pair in two", () => {
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
