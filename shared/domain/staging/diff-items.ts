/** What has changed in a list, item by item and in its order. */
import { diffArrays } from "diff";
import type { FieldValue } from "../portfolio/entity.ts";
import type { Piece } from "./diff-words.ts";

/** Each piece is one item. Null where one side is no list: there is nothing to compare with. */
export const diffItems = (before: FieldValue, after: FieldValue): Piece[] | null =>
  Array.isArray(before) && Array.isArray(after)
    ? diffArrays(before, after).flatMap(({ value, added, removed }) =>
        value.map((text): Piece => ({ text, is: removed ? "removed" : added ? "added" : "same" })),
      )
    : null;
