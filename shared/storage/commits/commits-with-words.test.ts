import { expect, test } from "vitest";
import { commitsWithWords } from "./commits.ts";

/** Newest rows first, as the triggers write them: the words of commit 2 have changed. */
const texts = ["4\tÜbersicht of skills\n2\tNew words\n", "1\tAdds Python\n2\tOld words\n3\tremoves python-1\n"];

test.each([
  ["part of a word", ["ytho"], [3, 1]],
  ["capitals of another alphabet", ["ÜBER"], [4]],
  ["several words in any order", ["skills", "of"], [4]],
  ["words that a commit had before", ["old"], []],
  ["words that a commit has now", ["new"], [2]],
  ["a number that is no word of it", ["4"], []],
])("a search of commits by %s finds those that have it, newest first", (_what, words, numbers) => {
  expect(commitsWithWords(texts, words)).toEqual(numbers);
});
