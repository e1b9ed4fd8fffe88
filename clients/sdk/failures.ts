/** The errors of a call. The only other thing that is thrown is the reason of an AbortSignal. */
import { type Problem, problem, problemMediaType } from "../../shared/contract/problem.ts";
import { retryAfterMs } from "../../shared/backoff.ts";
import { jsonIn } from "../../shared/json.ts";

interface ProblemFields {
  status: number;
  code: string;
  title: string;
  detail: string;
  traceId: string | null;
  errors?: Problem["errors"];
}

/** The server refused or failed. `message` is the problem's `detail`: what was wrong, and what to do. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  /** The code of the refusal, such as `commit_not_found`; `http_502` and the like if the answer is not from CV Ops. */
  readonly code: string;
  readonly title: string;
  /** Trace id of the request in the server's logs; null when the answer is not from CV Ops. */
  readonly traceId: string | null;
  /** Invalid fields of the request. */
  readonly errors: NonNullable<Problem["errors"]>;
  /** All members of the problem, such as a suggestion, the reviewers or the conflicts. */
  readonly members: Readonly<Record<string, unknown>>;
  /** How long to wait before a retry, milliseconds; null when the server did not say. */
  readonly retryAfterMs: number | null;

  constructor(problem: ProblemFields, askedToWaitMs: number | null = null) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.traceId = problem.traceId;
    this.errors = problem.errors ?? [];
    this.members = { ...problem };
    this.retryAfterMs = askedToWaitMs;
  }
}

/** No try got an answer. A write may have been carried out. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The answer does not match the contract: client and server differ in version, or a proxy answered. */
export class BadAnswer extends Error {
  override readonly name = "BadAnswer";
}

/** Reads the problem of a response with a status of 300 or more. */
export const problemIn = async (response: Response, nowMs: number): Promise<ApiProblem> => {
  const { status, headers } = response;
  const requestedMs = retryAfterMs(headers.get("Retry-After"), nowMs);
  const text = await response.text();
  if (headers.get("Content-Type")?.startsWith(problemMediaType) === true) {
    const parsed = problem.safeParse(jsonIn(text));
    if (parsed.success) return new ApiProblem(parsed.data, requestedMs);
  }
  return new ApiProblem(problemOfStatus(status), requestedMs);
};

/** A browser shows a redirect as status 0. */
const problemOfStatus = (status: number): ProblemFields =>
  status < 400
    ? {
        status,
        code: "redirected",
        title: "Sent elsewhere",
        detail: "The address answers with a redirect, probably to sign in: sign in again, or check the address.",
        traceId: null,
      }
    : {
        status,
        code: `http_${status}`,
        title: "Not an answer of CV Ops",
        detail: `The address answers ${status} without saying why: check that CV Ops is there.`,
        traceId: null,
      };
