/** The author's own words about a change, as they are stored. */
import { type Result, fail, ok } from "../../result.ts";
import { type TextNotAllowed, takeWritten } from "../unseen.ts";
import { maxNote } from "./change.ts";

interface NoteTooLong {
  code: "note_too_long";
  length: number;
  maxLength: number;
}

/** Null where nothing is said. */
export const takeNote = (typed: string | null | undefined): Result<string | null, TextNotAllowed | NoteTooLong> => {
  const taken = takeWritten("note", typed ?? "");
  if (!taken.ok) return taken;
  const { length } = taken.value;
  return length > maxNote ? fail({ code: "note_too_long", length, maxLength: maxNote }) : ok(taken.value || null);
};
