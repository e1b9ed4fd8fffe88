import { expect, test } from "vitest";
import { firstOf, lastOf, wordsOf } from "./text.ts";

test("cuts at neither end through a character that is made of several", () => {
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

test("knows the words of other scripts, and loses nothing between them", () => {
  expect(wordsOf("Десять лет, don’t")).toEqual(["Десять", " ", "лет", ",", " ", "don’t"]);
  expect(wordsOf("私は東京").length).toBeGreaterThan(1);
  for (const text of ["a\r\n b", "日本語テキスト", "\ud83d lone", ""]) expect(wordsOf(text).join("")).toBe(text);
});
