/** Calls a target service: docs/reference/target-protocol.md from the caller's side. Every outcome is a value. */
import { jsonIn } from "../json.ts";
import { fetchWithin } from "../fetch-within.ts";
import * as z from "zod/mini";
import { type EntityType, entityOf } from "../domain/portfolio/registry.ts";
import { firstOf } from "../domain/text.ts";
import { retryAfterMs } from "../backoff.ts";
import { causeOf } from "../schema-rules.ts";
import { type Result, fail, ok } from "../result.ts";
import { sign } from "../signing.ts";
import { traceparentOf } from "../trace.ts";
import type { TargetCredentials } from "./credentials.ts";
import {
  type AppliedJobs,
  type ApplyRequest,
  type CancelAnswer,
  type CancelRequest,
  type Conflict,
  type JobReport,
  type PingAnswer,
  type PingRequest,
  type ReindexAnswer,
  type ReindexRequest,
  type SearchBody,
  type TargetRow,
  type VerifyBody,
  acceptedBody,
  appliedJobs,
  cancelAnswer,
  errorBody,
  jobReport,
  pingAnswer,
  reindexAnswer,
  rowsBody,
  searchBody,
  targetRow,
  verifyBody,
} from "./protocol.ts";

export type TargetFailure =
  /** No answer: what happened there is unknown. */
  | { code: "unreachable"; message: string }
  /** A 5xx, or an answer that is not of the protocol: worth another try. */
  | {
      code: "unavailable";
      status: number;
      message: string;
      /** What `Retry-After` asks for. */ retryAfterMs: number | null;
    }
  /** A 4xx: final. */
  | { code: "refused"; status: number; message: string }
  /** 409: nothing was applied. */
  | { code: "conflict"; message: string; conflicts: Conflict[] };

type Answer<T> = Promise<Result<T, TargetFailure>>;

export interface TargetClient {
  apply: (request: ApplyRequest) => Answer<{ accepted: true }>;
  /** Null when the target has no job with the key. */
  job: (jobId: string) => Answer<JobReport | null>;
  /** What it has applied before this revision, newest first; null where the target does not say. */
  appliedJobs: (before?: number) => Answer<AppliedJobs | null>;
  /** From a 2xx on the key is either applied or will never be. */
  cancel: (request: CancelRequest) => Answer<CancelAnswer>;
  /** Live rows with their versions; all of the type when `ids` is left out. */
  rows: (entityType: EntityType, ids?: readonly string[]) => Answer<TargetRows>;
  /** Null when the target has no search. `limit` is 1 to 50. */
  search: (query: string, limit: number) => Answer<SearchBody | null>;
  /** What the target finds when it compares its stores. */
  verify: () => Answer<VerifyBody>;
  /** Null when the target has no index to rebuild. */
  reindex: (request: ReindexRequest) => Answer<ReindexAnswer | null>;
  /** Whether it takes our token and our signature; fails where it gives no answer. Has no effect there. */
  check: (target: string) => Answer<TargetChecked>;
  /** How it is, and whether its webhooks reach us. Null where it does not say. */
  ping: (target: string) => Answer<PingAnswer | null>;
  /** Where its webhooks should go. */
  callbackUrl: string;
}

export interface TargetChecked {
  reads: boolean;
  signs: boolean;
  /** Of its answer, as HTTP states it; null without. */
  date: string | null;
}

export interface TargetRows {
  rows: TargetRow[];
  /** Rows that are there and not of the protocol. */
  unreadable: UnreadableTargetRow[];
}

export interface UnreadableTargetRow {
  /** Null where even that is missing. */
  id: string | null;
  /** Which value, and the rule that it breaks. */
  cause: string;
}

export interface TargetClientOptions {
  fetch: (request: Request) => Promise<Response>;
  baseUrl: string;
  callbackUrl: string;
  portfolioId: string;
  credentials: () => Promise<TargetCredentials>;
  nowMs: () => number;
  newId: () => string;
  /** The trace that each request carries on; null for none. */
  traceId: string | null;
}

/** How long we wait for an answer. Reads happen while a person waits for Slack's 3 s. */
const readTimeoutMs = 1500;
const writeTimeoutMs = 15_000;
/** Embedding a query, or reading all vectors of a portfolio, takes a target longer than reading rows. */
const slowReadTimeoutMs = 10_000;
/** What a target may say of an address that it does not have: an index to rebuild, a ping. */
const notThereStatuses = [404, 405, 501];

interface Outgoing {
  method?: string;
  body?: string;
  headers: Record<string, string>;
}

/** Signed writes and reads with a token. No answer is a value. */
const createTransport = (options: TargetClientOptions) => {
  const { credentials, traceId } = options;
  const traced = () => (traceId === null ? {} : { traceparent: traceparentOf(traceId, options.newId()) });

  const send = async (path: string, init: Outgoing, timeoutMs: number): Answer<Response> => {
    const request = new Request(new URL(path, options.baseUrl), {
      ...init,
      headers: { ...init.headers, ...traced() },
      redirect: "manual",
    });
    try {
      return ok(await fetchWithin(options.fetch, request, timeoutMs));
    } catch (error) {
      const timedOut = error instanceof Error && error.name === "TimeoutError";
      return fail({
        code: "unreachable",
        message: timedOut ? `gave no answer within ${timeoutMs / 1000} s` : "could not be reached",
      });
    }
  };

  const post = async (
    path: string,
    body: ApplyRequest | CancelRequest | ReindexRequest | PingRequest,
    headers: Record<string, string>,
  ) => {
    const text = JSON.stringify(body);
    const [secret] = (await credentials()).request;
    if (!secret) throw new Error("A target needs a request secret");
    const signature = await sign(secret, options.newId(), text, options.nowMs());
    return send(
      path,
      { method: "POST", body: text, headers: { "content-type": "application/json", ...signature, ...headers } },
      writeTimeoutMs,
    );
  };

  const get = async (path: string, timeoutMs = readTimeoutMs) =>
    send(path, { headers: { authorization: `Bearer ${(await credentials()).read}` } }, timeoutMs);

  return { post, get };
};

export const createTargetClient = (options: TargetClientOptions): TargetClient => {
  const { portfolioId, nowMs } = options;
  const { post, get } = createTransport(options);
  const portfolio = encodeURIComponent(portfolioId);
  const read = async <S extends z.ZodMiniType>(sent: Answer<Response>, schema: S): Answer<z.infer<S>> => {
    const response = await sent;
    return response.ok ? parse(response.value, schema, nowMs) : response;
  };
  /** Null for the statuses that say that there is nothing of the kind. */
  const readUnless = async <S extends z.ZodMiniType>(
    statuses: readonly number[],
    sent: Answer<Response>,
    schema: S,
  ): Answer<z.infer<S> | null> => {
    const response = await sent;
    return response.ok && statuses.includes(response.value.status) ? ok(null) : read(sent, schema);
  };
  return {
    callbackUrl: options.callbackUrl,
    apply: (request) => read(post("/api/admin/apply", request, { "idempotency-key": request.jobId }), acceptedBody),
    job: (jobId) =>
      readUnless([404], get(`/api/admin/jobs/${encodeURIComponent(jobId)}?portfolio=${portfolio}`), jobReport),
    appliedJobs: (before) => {
      const page = before === undefined ? "" : `&before=${before}`;
      return readUnless(notThereStatuses, get(`/api/admin/jobs?portfolio=${portfolio}${page}`), appliedJobs);
    },
    cancel: (request) =>
      read(post(`/api/admin/jobs/${encodeURIComponent(request.jobId)}/cancel`, request, {}), cancelAnswer),
    rows: async (entityType, ids) => {
      const answers = await Promise.all(
        queriesOf(ids).map((query) => read(get(`/api/portfolios/${portfolio}/${entityType}${query}`), rowsBody)),
      );
      const found: TargetRows = { rows: [], unreadable: [] };
      for (const answer of answers) {
        if (!answer.ok) return answer;
        addRows(found, entityType, answer.value.rows);
      }
      return ok(found);
    },
    search: (query, limit) => {
      const asked = new URLSearchParams({ portfolio: portfolioId, q: query, limit: String(limit) });
      return readUnless([404], get(`/api/search?${asked.toString()}`, slowReadTimeoutMs), searchBody);
    },
    verify: () => read(get(`/api/admin/verify?portfolio=${portfolio}`, slowReadTimeoutMs), verifyBody),
    check: async (target) => {
      const jobId = "doctor";
      const got = await get(`/api/admin/jobs/${jobId}?portfolio=${portfolio}`);
      if (!got.ok) return got;
      // Of another job than the path: the target that takes the signature refuses the request itself, and does nothing.
      const cancel: CancelRequest = { type: "cancel", jobId: "doctor-signs", attempt: 1, target, portfolioId };
      const posted = await post(`/api/admin/jobs/${jobId}/cancel`, cancel, {});
      if (!posted.ok) return posted;
      const isTaken = ({ status }: Response): boolean => status !== 401 && status !== 403;
      if (got.value.status >= 500) return read(Promise.resolve(got), z.never());
      return ok({ reads: isTaken(got.value), signs: isTaken(posted.value), date: got.value.headers.get("date") });
    },
    ping: (target) => {
      const request: PingRequest = { type: "ping", target, portfolioId, callbackUrl: options.callbackUrl };
      return readUnless(notThereStatuses, post("/api/admin/ping", request, {}), pingAnswer);
    },
    reindex: (request) => readUnless(notThereStatuses, post("/api/admin/reindex", request, {}), reindexAnswer),
  };
};

/** An address holds 16 KB at Cloudflare (developers.cloudflare.com/workers/platform/limits). In characters. */
const maxQueryLength = 8000;

/** `?id=a&id=b`, as many ids in each as an address holds; one query without ids for all rows. */
const queriesOf = (ids: readonly string[] | undefined): string[] => {
  if (!ids) return [""];
  const queries: string[] = [];
  for (const id of ids) {
    const asked = `id=${encodeURIComponent(id)}`;
    const last = queries.at(-1);
    if (last === undefined || last.length + asked.length > maxQueryLength) queries.push(`?${asked}`);
    else queries[queries.length - 1] = `${last}&${asked}`;
  }
  return queries;
};

/** One row that is not of the protocol hides no other. Fields that we do not have are left out. */
const addRows = (found: TargetRows, entityType: EntityType, answered: readonly unknown[]): void => {
  const { fields } = entityOf(entityType);
  for (const one of answered) {
    const row = looseRow.safeParse(one).data;
    const values = Object.fromEntries(
      Object.entries(row?.values ?? {}).filter(([name]) => Object.hasOwn(fields, name)),
    );
    const parsed = targetRow.safeParse(row ? { ...row, values } : one, { reportInput: true });
    if (!parsed.success) found.unreadable.push({ id: idIn(one), cause: causeOf(parsed.error) });
    else if (parsed.data.deletedAt === null) found.rows.push(parsed.data);
  }
};

const looseRow = z.looseObject({ values: z.record(z.string(), z.unknown()) });
const idIn = (row: unknown): string | null => z.looseObject({ id: z.string() }).safeParse(row).data?.id ?? null;

const parse = async <S extends z.ZodMiniType>(
  response: Response,
  schema: S,
  nowMs: () => number,
): Answer<z.infer<S>> => {
  const body = jsonIn(await response.text());
  if (response.ok) {
    const parsed = schema.safeParse(body);
    if (parsed.success) return ok(parsed.data);
    return fail({
      code: "unavailable",
      status: response.status,
      message: `answered ${response.status} with a body that is not of the protocol`,
      retryAfterMs: null,
    });
  }
  const error = errorBody.safeParse(body);
  const said = error.success ? `: ${firstOf(error.data.message, 300)}` : "";
  const message = `answered ${response.status}${said}`;
  if (response.status === 409 && error.success && error.data.error === "conflict") {
    return fail({ code: "conflict", message, conflicts: error.data.conflicts ?? [] });
  }
  if (response.status === 429 || response.status >= 500 || response.status < 400) {
    return fail({
      code: "unavailable",
      status: response.status,
      message,
      retryAfterMs: retryAfterMs(response.headers.get("retry-after"), nowMs()),
    });
  }
  return fail({ code: "refused", status: response.status, message });
};
