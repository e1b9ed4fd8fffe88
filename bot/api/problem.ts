/** Every refusal and failure as RFC 9457 problem details. */
import { type Problem, problemMediaType } from "../../shared/contract/problem.ts";
import { type ApiReason, explainToProgram } from "./explain.ts";
import { statusOf, titleOf } from "./statuses.ts";

export interface ProblemOptions {
  headers?: Record<string, string>;
}

/** The problem of a reason: its own words, and what else it says as members of their own. */
export const problemOf = (reason: ApiReason, traceId: string): Problem => {
  const { code, ...said } = reason;
  return {
    ...said,
    type: `/docs/problems#${code}`,
    title: titleOf(code),
    status: statusOf(code),
    detail: explainToProgram(reason),
    code,
    traceId,
  };
};

export const problemResponse = (problem: Problem, { headers = {} }: ProblemOptions = {}): Response =>
  new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...headers, "Content-Type": problemMediaType, "Cache-Control": "no-store" },
  });
