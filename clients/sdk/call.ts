/** Calls one operation of the API, retries where that may help, and checks the answer against the contract. */
import { type OperationId, operations } from "../../shared/contract/operations.ts";
import type { Operation } from "../../shared/contract/operations/operation.ts";
import { jsonIn } from "../../shared/json.ts";
import { type Backoff, atLeastAsked, backoffMs } from "../../shared/backoff.ts";
import { type Connection, headersOf, urlOf } from "./connection.ts";
import { type ApiProblem, BadAnswer, Unreachable, problemIn } from "./failures.ts";
import { withSupportedEvents } from "./supported-events.ts";
import { wait } from "./surroundings.ts";

export interface CallOptions {
  signal?: AbortSignal;
  /** Idempotency key of a write: a repeat with the same key has no second effect. Default: a new key for each call. */
  idempotencyKey?: string;
  /** Maximum number of tries, 1 or more. Default: 5. */
  tries?: number;
}

const defaultTries = 5;
const backoff: Backoff = { firstMs: 300, maxMs: 10_000 };
/** Longest `Retry-After` that is waited for, milliseconds; a longer one ends the call. */
const maxWaitMs = 60_000;
/** Timeout of one try, milliseconds. The drift check of a push asks targets, which takes up to 15 s. */
const timeoutMs = 30_000;

/** A value in a path or a query. */
type Named = Record<string, string | number | undefined>;

export interface CallArguments {
  params?: Named | undefined;
  query?: Named | undefined;
  body?: unknown;
}

/** @returns the reply as it came, checked against the operation's schema */
export const call = async (
  connection: Connection,
  id: OperationId,
  args: CallArguments,
  { signal, idempotencyKey, tries = defaultTries }: CallOptions = {},
): Promise<unknown> => {
  const { surroundings } = connection;
  const operation: Operation = operations[id];
  const request = requestOf(connection, operation, args, idempotencyKey);
  for (let tried = 1; ; tried += 1) {
    signal?.throwIfAborted();
    const failure = await attempt(connection, operation, request, signal ?? null);
    if ("reply" in failure) return failure.reply;
    signal?.throwIfAborted();
    const delayMs = atLeastAsked(backoffMs(backoff, tried, surroundings.random()), failure.retryAfterMs);
    if (!failure.isTransient || tried >= tries || delayMs > maxWaitMs) throw failure.error;
    await wait(surroundings, delayMs, signal ?? null);
  }
};

interface Prepared {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
}

const requestOf = (
  connection: Connection,
  { method, path }: Operation,
  { params = {}, query = {}, body }: CallArguments,
  idempotencyKey: string | undefined,
): Prepared => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return {
    url: `${urlOf(connection, filled)}${search.size > 0 ? `?${search.toString()}` : ""}`,
    method,
    headers: {
      Accept: "application/json",
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...(method !== "GET" && { "Idempotency-Key": idempotencyKey ?? connection.surroundings.newKey() }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  };
};

interface Failure {
  error: Error;
  /** Whether the same request may succeed later. */
  isTransient: boolean;
  retryAfterMs: number | null;
}

const attempt = async (
  connection: Connection,
  operation: Operation,
  { url, method, headers, body }: Prepared,
  signal: AbortSignal | null,
): Promise<Failure | { reply: unknown }> => {
  const { surroundings } = connection;
  // An error of the caller's token function is not a network error.
  const credentials = await headersOf(connection);
  const timeout = new AbortController();
  const timer = surroundings.setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const response = await surroundings.fetch(url, {
      method,
      headers: { ...headers, ...credentials },
      ...(body !== null && { body }),
      signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
      redirect: "manual",
    });
    if (!response.ok) return failureOf(operation, await problemIn(response, surroundings.now()));
    return replyOf(operation, url, jsonIn(await response.text()));
  } catch (cause) {
    const why = timeout.signal.aborted ? `it gave no answer for ${timeoutMs / 1000} s` : reasonOf(cause);
    const error = new Unreachable(`${new URL(url).origin} cannot be reached: ${why}`, { cause });
    return { error, isTransient: true, retryAfterMs: null };
  } finally {
    surroundings.clearTimeout(timer);
  }
};

/** Node gives the reason as the cause of "fetch failed". */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
};

/** A 503 that the operation itself documents, such as "no target has searched", is an answer and is not retried. */
const failureOf = (operation: Operation, problem: ApiProblem): Failure => {
  const isTransient =
    [429, 502, 504].includes(problem.status) ||
    (problem.status === 503 && !(operation.problems as readonly string[]).includes(problem.code));
  return { error: problem, isTransient, retryAfterMs: problem.retryAfterMs };
};

const replyOf = (operation: Operation, url: string, json: unknown): Failure | { reply: unknown } => {
  const parsed = operation.reply.safeParse(withSupportedEvents(json));
  if (parsed.success) return { reply: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  const error = new BadAnswer(
    `${new URL(url).origin} does not answer ${operation.method} ${operation.path} as this version of the client expects${where ? ` (${where})` : ""}: update the client, or check the address.`,
  );
  return { error, isTransient: false, retryAfterMs: null };
};
