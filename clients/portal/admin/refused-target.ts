/** The server's refusals of a target, by field. Pure. */
import { refusalIn } from "../../../shared/contract/refusals.ts";
import type { ApiProblem } from "../../sdk/index.ts";

/** Null when the problem is not about a field. @param alias what was typed there */
export const refusedTarget = (
  { code, members, message }: Pick<ApiProblem, "code" | "members" | "message">,
  alias: string,
): Record<string, string> | null => {
  const refusal = refusalIn(code, members);
  switch (refusal?.code) {
    case "invalid_target_name":
      return { [refusal.typed === alias ? "alias" : "name"]: message };
    case "target_exists":
      return { [refusal.target === alias ? "alias" : "name"]: message };
    case "portfolio_required":
      return { portfolioId: message };
    case "unknown_service":
      return { service: message };
    case "url_not_allowed":
      return { url: message };
    case "invalid_target_secret":
      return { [refusal.use]: message };
    case "secrets_required":
      return { request: message };
    case "target_not_proven":
      // Without an answer no secret is at fault.
      return refusal.because === "unreachable" ? null : { [refusal.because]: message };
    default:
      return null;
  }
};
