import fc from "fast-check";
import { expect, test } from "vitest";
import { asciiDigits, firstOf, lastOf, normalized, searchKey, wordsOf } from "./text.ts";

test("a text is cut at neither end inside a character of several code points", () => {
  const family = "👩‍👩‍👧";
  expect(firstOf(`ab${family}`, 2)).toBe("ab");
  expect(firstOf(`ab${family}`, 9)).toBe("ab");
  expect(firstOf(`ab${family}`, 10)).toBe(`ab${family}`);
  expect(firstOf("e\u0301e", 1)).toBe("");
  expect(firstOf("🇳🇱🇩🇪", 5)).toBe("🇳🇱");
  expect(lastOf(`${family}ab`, 2)).toBe("ab");
  expect(lastOf(`${family}ab`, 9)).toBe("ab");
  expect(lastOf(`${family}ab`, 10)).toBe(`${family}ab`);
  expect(lastOf("ab", 5)).toBe("ab");
});

test("a text of any script splits into words without losing anything between them", () => {
  expect(wordsOf("Десять лет, don’t")).toEqual(["Десять", " ", "лет", ",", " ", "don’t"]);
  expect(wordsOf("私は東京").length).toBeGreaterThan(1);
  for (const text of ["a\r\n b", "日本語テキスト", "\ud83d lone", ""]) expect(wordsOf(text).join("")).toBe(text);
});

test("a cut never splits a character and never keeps more than is asked for", () => {
  const characters = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }), { maxLength: 20 });
  const isWhole = (part: string, text: string): boolean =>
    [...new Intl.Segmenter("en").segment(text)].some(({ index }) => index === part.length) || part === text;
  fc.assert(
    fc.property(characters, fc.nat(30), (parts, max) => {
      const text = parts.join("");
      const [first, last] = [firstOf(text, max), lastOf(text, max)];
      expect(first.length).toBeLessThanOrEqual(max);
      expect(last.length).toBeLessThanOrEqual(max);
      expect(text.startsWith(first) && text.endsWith(last)).toBe(true);
      expect(isWhole(first, text)).toBe(true);
      expect(isWhole(text.slice(0, text.length - last.length), text)).toBe(true);
    }),
  );
});

test("the normal form and the search key of a text are their own", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(normalized(normalized(text))).toBe(normalized(text));
      expect(searchKey(searchKey(text))).toBe(searchKey(text));
      expect(searchKey(normalized(text))).toBe(searchKey(text));
    }),
  );
});

test.each([
  ["Cafe\u0301", "CAFÉ"],
  ["Ｐｙｔｈｏｎ", "python"],
  ["Straße", "STRASSE"],
  ["İstanbul", "istanbul"],
  ["ΟΔΟΣ", "οδος"],
  ["Py\u200bthon", "Python"],
  ["React  Native", "react native"],
  ["ﬁle", "file"],
])("two names that people take for the same have the same search key: %j and %j", (one, other) => {
  expect(searchKey(one)).toBe(searchKey(other));
});

test.each([
  ["C", "C++"],
  ["C#", "C"],
  ["か", "が"],
  ["क", "कि"],
  ["Node", "Node.js"],
])("two different names have different search keys: %j and %j", (one, other) => {
  expect(searchKey(one)).not.toBe(searchKey(other));
});

test("digits of any script are read as those of ASCII", () => {
  expect(["８．５", "٨٫٥", "۸", "८", "๘"].map(asciiDigits)).toEqual(["8.5", "8.5", "8", "8", "8"]);
});
