/** What was typed to stage a change, in Slack or in a shell: an action, a type, a row and fields. */
import { type Result, fail, ok } from "../../result.ts";
import { type Action, actions } from "./change.ts";
import { closest } from "../closest.ts";

export interface StageWords {
  /** Null where nothing was typed. */
  action: Action | null;
  /** In lower case; it may be no type at all. */
  entityType: string | null;
  row: string | null;
  /** Enough to stage it. */
  isWhole: boolean;
}

export type StageSlip =
  | { code: "unknown_action"; typed: string | null; suggestion: string | null }
  | { code: "type_required" }
  /** A new row gets its id by itself. */
  | { code: "id_not_allowed"; typed: string }
  | { code: "row_required" }
  | { code: "too_many_words"; typed: string };

export const actionWords = actions.map((action) => action.toLowerCase());

/** `experience-years=8` → a field's name and what it shall be; null for any other word. */
export const fieldIn = (word: string): { name: string; value: string } | null => {
  const [, name, value = ""] = /^([A-Za-z_][\w-]*)=([\s\S]*)$/.exec(word) ?? [];
  return name === undefined ? null : { name: name.toLowerCase().replaceAll("-", "_"), value };
};

export const readStageWords = (
  [word, type, row, ...tooMany]: readonly string[],
  hasFields: boolean,
): Result<StageWords, StageSlip> => {
  const action = actions.find((each) => each.toLowerCase() === word?.toLowerCase()) ?? null;
  if (!action && (word !== undefined || hasFields)) {
    const suggestion = word === undefined ? null : closest(word, actionWords);
    return fail({ code: "unknown_action", typed: word ?? null, suggestion });
  }
  if (!type && hasFields) return fail({ code: "type_required" });
  if (action === "CREATE" && row) return fail({ code: "id_not_allowed", typed: row });
  if (action !== "CREATE" && !row && hasFields) return fail({ code: "row_required" });
  if (tooMany.length > 0) return fail({ code: "too_many_words", typed: tooMany.join(" ") });
  const isWhole = action !== null && (hasFields || (action === "DELETE" && row !== undefined));
  return ok({ action, entityType: type?.toLowerCase() ?? null, row: row ?? null, isWhole });
};
