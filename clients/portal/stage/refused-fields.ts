/** The server's refusals of a form, by field. Pure. */
import { refusalIn } from "../../../shared/contract/refusals.ts";
import type { ApiProblem } from "../../sdk/index.ts";

export interface Refused {
  fields: Record<string, string>;
  /** The refusal of the chosen row. */
  row: string | null;
}

export const nothingRefused: Refused = { fields: {}, row: null };

/** Null when the problem is not about a field. */
export const refusedFields = ({ code, members, message }: ApiProblem): Refused | null => {
  const refusal = refusalIn(code, members);
  switch (refusal?.code) {
    case "invalid_values":
      return { fields: Object.fromEntries(refusal.problems.map(({ field, rule }) => [field, rule])), row: null };
    case "no_change":
    case "already_staged":
      return {
        fields: Object.fromEntries(refusal.fields.map((field) => [field, "has this value already"])),
        row: null,
      };
    case "row_not_found":
    case "entity_id_required":
    case "staged_for_deletion":
      return { fields: {}, row: message };
    default:
      return null;
  }
};
