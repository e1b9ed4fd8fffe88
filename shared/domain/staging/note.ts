/** The author's own words about a change, as they are stored. */
import type { Refusal } from "../../contract/refusals.ts";
import { type Result, fail, ok } from "../../result.ts";
import { takeWritten } from "../unseen.ts";
import { maxNote } from "./change.ts";

/** Null where nothing is said. */
export const takeNote = (
  typed: string | null | undefined,
): Result<string | null, Refusal<"text_not_allowed" | "note_too_long">> => {
  const taken = takeWritten("note", typed ?? "");
  if (!taken.ok) return taken;
  const { length } = taken.value;
  return length > maxNote ? fail({ code: "note_too_long", length, maxLength: maxNote }) : ok(taken.value || null);
};
