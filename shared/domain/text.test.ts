import { expect, test } from "vitest";
import { firstOf, lastOf, wordsOf } from "./text.ts";

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
