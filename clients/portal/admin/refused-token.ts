/** The server's refusals of a new token, by field. Pure. */
import { refusalIn } from "../../../shared/contract/refusals.ts";
import type { ApiProblem } from "../../sdk/index.ts";

/** Null when the problem is not about a field. */
export const refusedToken = ({
  code,
  members,
  message,
}: Pick<ApiProblem, "code" | "members" | "message">): Record<string, string> | null => {
  switch (refusalIn(code, members)?.code) {
    case "token_name_required":
      return { name: message };
    case "token_lifetime_out_of_range":
      return { days: message };
    default:
      return null;
  }
};
