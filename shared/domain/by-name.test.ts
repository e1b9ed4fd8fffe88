import { describe, expect, test } from "vitest";
import { byName } from "./by-name.ts";

const people = [
  { id: 1, names: ["Blake Jones", "blake"] },
  { id: 2, names: ["Blake Moss", "bmoss"] },
  { id: 3, names: ["José Ñandú", "jose"] },
  { id: 4, names: ["Priya Raman", "priya"] },
];
const ids = (typed: string) => {
  const { found, near } = byName(people, typed, ({ names }) => names);
  return [found.map(({ id }) => id), near.map(({ id }) => id)];
};

describe("what a name means", () => {
  test.each([
    ["blake", [1]],
    ["Blake  JONES", [1]],
    ["moss", [2]],
    ["bla", [1, 2]],
    ["jose nandu", [3]],
    ["ram", [4]],
  ])("the name %j means %j", (typed, expected) => {
    expect(ids(typed)).toEqual([expected, []]);
  });

  test.each([
    ["prija", [4]],
    ["jonas", [1]],
    ["nobody", []],
    [" ", []],
  ])("the unknown name %j suggests %j", (typed, expected) => {
    expect(ids(typed)).toEqual([[], expected]);
  });
});
