/** What has changed within a text, word by word. */
import { diffArrays } from "diff";
import { wordsOf } from "../text.ts";

export interface Piece {
  text: string;
  is: "same" | "removed" | "added";
}

/** @returns null where more than `maxEdits` words were removed or added: the search would take long, and say little */
export const diffWords = (before: string, after: string, maxEdits: number): Piece[] | null =>
  diffArrays(wordsOf(before), wordsOf(after), { maxEditLength: maxEdits })?.map(({ value, added, removed }) => ({
    text: value.join(""),
    is: removed ? "removed" : added ? "added" : "same",
  })) ?? null;
