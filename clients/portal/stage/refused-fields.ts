/** The server's refusals of a form, by field. Pure. */
import * as z from "zod/mini";
import type { ApiProblem } from "../../sdk/index.ts";

export interface Refused {
  fields: Record<string, string>;
  /** The refusal of the chosen row. */
  row: string | null;
}

export const nothingRefused: Refused = { fields: {}, row: null };

const problems = z.array(z.object({ field: z.string(), rule: z.string() }));
const alreadySo = z.array(z.string());

/** Null when the problem is not about a field. */
export const refusedFields = ({ code, said, message }: ApiProblem): Refused | null => {
  switch (code) {
    case "invalid_values": {
      const told = problems.safeParse(said["problems"]);
      return told.success
        ? { fields: Object.fromEntries(told.data.map(({ field, rule }) => [field, rule])), row: null }
        : null;
    }
    case "no_change": {
      const told = alreadySo.safeParse(said["fields"]);
      return told.success
        ? { fields: Object.fromEntries(told.data.map((field) => [field, "has this value already"])), row: null }
        : null;
    }
    case "row_not_found":
    case "entity_id_required":
    case "staged_for_deletion":
      return { fields: {}, row: message };
    default:
      return null;
  }
};
