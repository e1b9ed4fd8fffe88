/**
 * A target that speaks docs/reference/target-protocol.md and is never kinder than it: it checks signatures, tokens,
 * names and values, applies whole or not at all, and remembers its keys. Each stand-in adds how it is reached and
 * misbehaves.
 */
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { type EntityType, entityOf, isEntityType } from "../../../shared/domain/portfolio/registry.ts";
import type { TargetCredentials } from "../../../shared/targets/credentials.ts";
import {
  type AppliedJobs,
  type ApplyRequest,
  type CancelAnswer,
  type CancelRequest,
  type ErrorBody,
  type JobReport,
  type PingAnswer,
  type PingRequest,
  applyRequest,
  cancelRequest,
  pingRequest,
} from "../../../shared/targets/protocol.ts";
import { type Job, Ledger } from "./ledger.ts";
import { ScriptedIndex } from "./scripted-index.ts";

export type Call = "apply" | "job" | "jobs" | "cancel" | "rows" | "search" | "verify" | "reindex" | "ping";

export interface TargetOptions {
  name: string;
  /** Of the portfolios that it serves. */
  credentialsOf: (portfolioId: string) => TargetCredentials | undefined;
  /** What is wrong with the signature; null when it is of one of these secrets. */
  whyUnsigned: (secrets: readonly string[], headers: Headers, text: string) => Promise<string | null>;
  allowsCallback: (url: string) => boolean;
}

export class ProtocolTarget {
  readonly name: string;
  readonly ledger = new Ledger();
  /** Of the two, ai-agent keeps vectors. */
  readonly index: ScriptedIndex;
  /** What a caller that keeps to the protocol never does. */
  readonly violations: string[] = [];
  readonly #options: TargetOptions;

  constructor(options: TargetOptions) {
    this.name = options.name;
    this.index = new ScriptedIndex(options.name === "ai-agent");
    this.#options = options;
  }

  /** Null for a request that is never answered. */
  async answer(request: Request): Promise<Response | null> {
    const { pathname, searchParams } = new URL(request.url);
    const call = callOf(request.method, pathname);
    if (!call) return this.#violated(404, "not_found", `${request.method} ${pathname} is not of the protocol`);
    if (request.method === "GET") return this.#read(call, request, pathname, searchParams);
    return this.#act(call, request, pathname);
  }

  /** What is done before a valid request is looked at; an answer that is given here is all that happens. */
  protected receive(_request: ApplyRequest): Response | null {
    return null;
  }

  /** Does a job that has just been taken. */
  protected run(job: Job): Response | null {
    this.ledger.write(job);
    return accepted();
  }

  /** The same request came again; what it has come to is answered. */
  protected repeated(_job: Job): void {}

  protected reportOf(portfolioId: string, jobId: string): JobReport | null {
    const job = this.ledger.job(portfolioId, jobId);
    if (!job) return null;
    const { attempt, state, result, error } = job;
    return { ...emptyReport(jobId), attempt, state, result, error };
  }

  /** Null for a target that does not say. */
  protected appliedJobs(portfolioId: string, before: number): AppliedJobs | null {
    return this.ledger.appliedJobs(portfolioId, before);
  }

  protected cancel({ portfolioId, jobId, attempt }: CancelRequest): CancelAnswer {
    const { state, result } = this.ledger.cancel(portfolioId, jobId, attempt);
    return { state: state === "applied" ? state : "cancelled", result };
  }

  #violated(status: number, error: string, message: string): Response {
    this.violations.push(message);
    return refuse(status, error, message);
  }

  #read(call: Call, request: Request, pathname: string, params: URLSearchParams): Response {
    const [, , area = "", second = "", last = ""] = pathname.split("/").map(decodeURIComponent);
    const portfolioId = area === "portfolios" ? second : (params.get("portfolio") ?? "");
    const credentials = this.#options.credentialsOf(portfolioId);
    if (!credentials || request.headers.get("authorization") !== `Bearer ${credentials.read}`)
      return this.#violated(401, "unauthorized", `${pathname}: no token of ${portfolioId}`);
    const rows = this.ledger.rows(portfolioId);
    if (call === "search") return this.index.search(rows, params);
    if (call === "verify") return this.index.verify(rows);
    if (call === "jobs") {
      const jobs = this.appliedJobs(portfolioId, Number(params.get("before") ?? Infinity));
      return jobs ? Response.json(jobs) : refuse(404, "not_found", "There is no such address.");
    }
    if (call === "job") {
      const report = this.reportOf(portfolioId, last);
      return report ? Response.json(report) : refuse(404, "not_found", "No job has this id.");
    }
    if (!isEntityType(last)) return this.#violated(404, "not_found", `${last} is not an entity`);
    return Response.json({ rows: this.ledger.read(portfolioId, last, params.has("id") ? params.getAll("id") : null) });
  }

  async #act(call: Call, request: Request, pathname: string): Promise<Response | null> {
    const text = await request.text();
    const body: unknown = JSON.parse(text);
    const { portfolioId = "", target } = body as { portfolioId?: string; target?: string };
    const secrets = this.#options.credentialsOf(portfolioId)?.request ?? [];
    const unsigned = await this.#options.whyUnsigned(secrets, request.headers, text);
    if (unsigned !== null) return this.#violated(401, "unauthorized", `${pathname}: ${unsigned}`);
    if (target !== this.name) return this.#violated(401, "unauthorized", `${pathname}: for another target`);
    if (call === "ping") return this.#ping(body);
    if (call === "reindex") return this.index.rebuild(this.ledger.rows(portfolioId), body, this.name, portfolioId);
    return call === "apply" ? this.#apply(request, body) : this.#cancel(pathname, body);
  }

  /** What became of the webhook of a ping; each stand-in sends it in its own way. */
  protected pingBack(_request: PingRequest): Promise<PingAnswer["callback"]> {
    return Promise.resolve({ ok: true, error: null });
  }

  async #ping(body: unknown): Promise<Response> {
    const parsed = pingRequest.safeParse(body);
    if (!parsed.success) return this.#violated(422, "invalid_request", parsed.error.message);
    const answer: PingAnswer = {
      version: "stand-in",
      callback: await this.pingBack(parsed.data),
      index: this.index.described(this.ledger.rows(parsed.data.portfolioId)),
    };
    return Response.json(answer);
  }

  #apply({ headers }: Request, body: unknown): Response | null {
    const parsed = applyRequest.safeParse(body);
    if (!parsed.success) return this.#violated(422, "invalid_request", parsed.error.message);
    const problem = this.#options.allowsCallback(parsed.data.callbackUrl)
      ? problemOf(headers, parsed.data)
      : "callback_not_allowed";
    if (problem) return this.#violated(422, "invalid_request", problem);
    const scripted = this.receive(parsed.data);
    if (scripted) return scripted;
    const { job, isNew } = this.ledger.take(parsed.data);
    if (isNew && job.state === "in_progress") return this.run(job);
    if (!isNew) this.repeated(job);
    if (job.state === "cancelled") return refuse(409, "cancelled", "It was cancelled; nothing was applied.");
    if (job.state !== "failed") return accepted();
    const { conflicts, error } = job;
    return refuse(409, "conflict", error?.message ?? "", conflicts);
  }

  #cancel(pathname: string, body: unknown): Response {
    const parsed = cancelRequest.safeParse(body);
    if (!parsed.success || pathname !== `/api/admin/jobs/${encodeURIComponent(parsed.data.jobId)}/cancel`)
      return this.#violated(422, "invalid_request", `cancel: ${pathname}`);
    return Response.json(this.cancel(parsed.data));
  }
}

export const callOf = (method: string, pathname: string): Call | null => {
  if (method === "POST" && pathname === "/api/admin/apply") return "apply";
  if (method === "POST" && /^\/api\/admin\/jobs\/[^/]+\/cancel$/.test(pathname)) return "cancel";
  if (method === "GET" && pathname === "/api/admin/jobs") return "jobs";
  if (method === "GET" && /^\/api\/admin\/jobs\/[^/]+$/.test(pathname)) return "job";
  if (method === "POST" && pathname === "/api/admin/ping") return "ping";
  if (method === "POST" && pathname === "/api/admin/reindex") return "reindex";
  if (method === "GET" && pathname === "/api/admin/verify") return "verify";
  if (method === "GET" && pathname === "/api/search") return "search";
  if (method === "GET" && /^\/api\/portfolios\/[^/]+\/[^/]+$/.test(pathname)) return "rows";
  return null;
};

export const emptyReport = (jobId: string): JobReport => ({
  jobId,
  attempt: 1,
  state: "in_progress",
  stage: null,
  result: null,
  error: null,
  searchableAt: null,
  verifiedAt: null,
});

export const accepted = (): Response => Response.json({ accepted: true }, { status: 202 });

const refuse = (status: number, error: string, message: string, conflicts?: ErrorBody["conflicts"]): Response =>
  Response.json({ error, message, ...(conflicts && { conflicts }) } satisfies ErrorBody, { status });

/** The first rule that an apply request breaks. */
const problemOf = (headers: Headers, { jobId, operations }: ApplyRequest): string | null => {
  const { inserts, updates, deletes } = operations;
  if (headers.get("idempotency-key") !== jobId) return "Idempotency-Key is not the jobId";
  if (!/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/.test(headers.get("traceparent") ?? "")) return "no traceparent";
  const all = [...inserts, ...updates, ...deletes].map(({ entityType, id }) => `${entityType}/${id}`);
  if (all.length === 0) return "a commit has at least one operation";
  if (new Set(all).size !== all.length) return "at most one operation a row";
  for (const { entityType, values } of inserts) {
    const missing = Object.entries(entityOf(entityType).fields).find(
      ([name, field]) => field.required && (values[name] ?? null) === null,
    );
    if (missing) return `${missing[0]} is required`;
  }
  for (const { entityType, values } of inserts) {
    const problem = problemOfValues(entityType, values);
    if (problem) return problem;
  }
  for (const { entityType, changes } of updates) {
    const problem = problemOfValues(entityType, changes);
    if (problem) return problem;
  }
  return null;
};

const problemOfValues = (entityType: EntityType, values: FieldValues): string | null => {
  for (const [name, value] of Object.entries(values)) {
    const field = entityOf(entityType).fields[name];
    if (!field) return `${name} is not a field`;
    if (value === null ? field.required : !field.schema.safeParse(value).success)
      return `${name} must be ${field.hint}`;
  }
  return null;
};
