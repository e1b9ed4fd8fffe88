/** Every refusal and failure as RFC 9457 problem details. */
import { type Problem, problemMediaType } from "../../shared/contract/problem.ts";
import { type ApiRefusal, statusOf } from "../../shared/contract/refusals.ts";
import { refusalMessage, refusalTitle } from "../../shared/messages/en/refusals.ts";
import { plainText } from "../../shared/messages/plain-text.ts";
import { requestOf } from "./requests.ts";

/** The problem of a refusal: its message, and what else it says as members of their own. */
export const problemOf = (refusal: ApiRefusal, traceId: string): Problem => {
  const { code, ...members } = refusal;
  return {
    ...members,
    type: `/docs/problems#${code}`,
    title: refusalTitle(code),
    status: statusOf(code),
    detail: plainText(refusalMessage(refusal), { step: requestOf }),
    code,
    traceId,
  };
};

/** What HTTP says of it in the header. */
const headersOf = (refusal: ApiRefusal): Record<string, string> => {
  switch (refusal.code) {
    case "unauthorized":
      return { "WWW-Authenticate": 'Bearer realm="CV Ops"' };
    case "rate_limited":
      return { "Retry-After": String(refusal.retryAfterSeconds) };
    case "unavailable":
      return { "Retry-After": "5" };
    case "too_many_connections":
    case "connections_exceeded":
      return { "Retry-After": "30" };
    case "method_not_allowed":
      return { Allow: refusal.allowed.join(", ") };
    case "upgrade_required":
      return { Upgrade: "websocket", Connection: "Upgrade" };
    default:
      return {};
  }
};

export const refuse = (refusal: ApiRefusal, traceId: string, headers: Record<string, string> = {}): Response => {
  const problem = problemOf(refusal, traceId);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      ...headers,
      ...headersOf(refusal),
      "Content-Type": problemMediaType,
      "Cache-Control": "no-store",
    },
  });
};
