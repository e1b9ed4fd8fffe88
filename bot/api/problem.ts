/** Every refusal and failure as RFC 9457 problem details. */
import { type Problem, problemMediaType } from "../../shared/contract/problem.ts";
import { type ApiRefusal, statusOf } from "../../shared/contract/refusals.ts";
import { refusalMessage, refusalTitle } from "../../shared/messages/en/refusals.ts";
import { plainText } from "../../shared/messages/plain-text.ts";
import { requestOf } from "./requests.ts";

export interface ProblemOptions {
  headers?: Record<string, string>;
}

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

export const problemResponse = (problem: Problem, { headers = {} }: ProblemOptions = {}): Response =>
  new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...headers, "Content-Type": problemMediaType, "Cache-Control": "no-store" },
  });
