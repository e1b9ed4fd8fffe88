/** How a call can fail. Nothing else is thrown, but the reason of an AbortSignal. */
import { type Problem, problem, problemMediaType } from "../../shared/contract/problem.ts";
import { retryAfterMs } from "../../shared/backoff.ts";

interface Told {
  status: number;
  code: string;
  title: string;
  detail: string;
  traceId: string | null;
  errors?: Problem["errors"];
}

/** The server has refused, or could not do it. `message` is its `detail`: what was wrong, and what to do. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  /** The reason as one word; `http_502` and the like for an answer that is not CV Ops' own. */
  readonly code: string;
  readonly title: string;
  /** By which whoever runs CV Ops finds the request; null for an answer that is not CV Ops' own. */
  readonly traceId: string | null;
  /** Fields that are wrong, for a request that does not fit. */
  readonly errors: NonNullable<Problem["errors"]>;
  /** All that was said, by code: a suggestion, the reviewers, the drifts. */
  readonly said: Readonly<Record<string, unknown>>;
  /** How long to wait before asking again; null where the server did not say. */
  readonly retryAfterMs: number | null;

  constructor(told: Told, askedToWaitMs: number | null = null) {
    super(told.detail);
    this.status = told.status;
    this.code = told.code;
    this.title = told.title;
    this.traceId = told.traceId;
    this.errors = told.errors ?? [];
    this.said = { ...told };
    this.retryAfterMs = askedToWaitMs;
  }
}

/** No answer came, however often it was tried. A write that was under way may have been done. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** What came is not what the contract says: client and server are of different versions, or something stands between them. */
export class BadAnswer extends Error {
  override readonly name = "BadAnswer";
}

/** The problem that an answer of 300 and more tells. */
export const problemIn = async (response: Response, nowMs: number): Promise<ApiProblem> => {
  const { status, headers } = response;
  const askedMs = retryAfterMs(headers.get("Retry-After"), nowMs);
  const text = await response.text();
  if (headers.get("Content-Type")?.startsWith(problemMediaType) === true) {
    const parsed = problem.safeParse(jsonIn(text));
    if (parsed.success) return new ApiProblem(parsed.data, askedMs);
  }
  return new ApiProblem(foreign(status), askedMs);
};

/** A browser shows a redirect as status 0. */
const foreign = (status: number): Told =>
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

/** Undefined for what is no JSON: no schema takes it. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
