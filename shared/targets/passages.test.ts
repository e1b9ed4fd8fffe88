import { describe, expect, test } from "vitest";
import { meanOf, passagesOf } from "./passages.ts";

const sentence = "She led the move of the booking platform to a new data centre. ";
const sizeOf = (text: string): number => Array.from(text).length;

describe("passages of a text", () => {
  test("a text that the model reads whole is one passage", () => {
    for (const text of ["", "Rust.", sentence.repeat(15)]) expect(passagesOf(text)).toEqual([text]);
  });

  test("a long text is cut between sentences, and nothing of it is lost", () => {
    const text = sentence.repeat(80);
    const passages = passagesOf(text);
    expect(passages.join("")).toBe(text);
    expect(passages.length).toBe(6);
    for (const passage of passages) {
      expect(sizeOf(passage)).toBeLessThanOrEqual(1000);
      expect(passage).toMatch(/^She led .*centre\. $/s);
    }
  });

  test("a sentence that is too long is cut between words, and a word between characters", () => {
    const words = `${"platform ".repeat(300)}end`;
    expect(passagesOf(words).join("")).toBe(words);
    for (const passage of passagesOf(words)) expect(passage.trim()).toMatch(/^(platform ?)+(end)?$/);
    const word = "x".repeat(2500);
    expect(passagesOf(word).map(sizeOf)).toEqual([1000, 1000, 500]);
  });

  test("a character that is a token of its own counts twice, and is never cut apart", () => {
    const text = "👩🏽‍💻".repeat(300);
    const passages = passagesOf(text);
    expect(passages.join("")).toBe(text);
    for (const passage of passages) expect(passage).toMatch(/^(👩🏽‍💻)+$/u);
    expect(passagesOf("経".repeat(1200)).map(sizeOf)).toEqual([500, 500, 200]);
  });
});

describe("the vector of several passages", () => {
  test("one passage keeps its vector as the model gave it", () => {
    expect(meanOf([{ text: "Rust.", vector: [3, 4] }])).toEqual([3, 4]);
  });

  test("several passages have their mean, of length one, and a longer one has more weight", () => {
    const [across = 0, up = 0] = meanOf([
      { text: "x".repeat(300), vector: [5, 0] },
      { text: "x".repeat(400), vector: [0, 1] },
    ]);
    expect([across, up]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
  });
});
