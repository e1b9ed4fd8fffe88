/**
 * A target behind HTTP that speaks docs/reference/target-protocol.md and is never kinder than it: it verifies signatures, tokens, names
 * and values, applies whole or not at all, and remembers its keys. A test can take it down, or script single answers.
 */
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { type EntityType, entityOf, isEntityType } from "../../../shared/domain/portfolio/registry.ts";
import { verify } from "../../../shared/signing.ts";
import type { TargetCredentials } from "../../../shared/targets/credentials.ts";
import {
  type ApplyRequest,
  type ApplyResult,
  type Conflict,
  type ErrorBody,
  type JobReport,
  applyRequest,
  cancelRequest,
} from "../../../shared/targets/protocol.ts";
import { type IndexedRow, ScriptedIndex } from "./scripted-index.ts";

type Call = "apply" | "job" | "cancel" | "rows" | "search" | "verify" | "reindex";
/** A status with an optional body and headers, a connection that breaks off, or what it would answer by itself. */
export type ScriptedAnswer =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | "no_answer"
  | "as_usual";

interface Row {
  version: string;
  values: FieldValues;
}

type Receipt = Pick<JobReport, "attempt" | "state" | "result" | "error"> & { refusal: Response | null };

export interface ScriptedTargetOptions {
  name: string;
  portfolioId: string;
  credentials: TargetCredentials;
  nowMs: () => number;
}

export class ScriptedTarget {
  /** Down: nothing is answered, and nothing happens. */
  isDown = false;
  /** Does what it is asked to write, but its answers are lost on the way. */
  losesAnswers = false;
  /** What it was asked, in order, such as "GET rows". */
  calls: string[] = [];
  applied: ApplyRequest[] = [];
  /** Accepts and stays in progress until `finish`. */
  isSlow = false;
  readonly options: ScriptedTargetOptions;
  /** Of the two, ai-agent keeps vectors. */
  readonly index: ScriptedIndex;
  #rows = new Map<string, Row>();
  #receipts = new Map<string, Receipt>();
  #inProgress = new Map<string, ApplyRequest>();
  #scripted: Record<Call, ScriptedAnswer[]> = {
    apply: [],
    job: [],
    cancel: [],
    rows: [],
    search: [],
    verify: [],
    reindex: [],
  };
  #revision = 0;

  constructor(options: ScriptedTargetOptions) {
    this.options = options;
    this.index = new ScriptedIndex(options.name === "ai-agent");
  }

  /** The next calls of this kind get these answers, one each; scripted ones change nothing. */
  answerNext(call: Call, ...answers: ScriptedAnswer[]): void {
    this.#scripted[call].push(...answers);
  }

  /** Somebody else writes a row. */
  put(entityType: EntityType, id: string, values: FieldValues): void {
    this.#revision += 1;
    this.#rows.set(`${entityType}/${id}`, { version: `v${this.#revision}`, values: completed(entityType, values) });
  }

  remove(entityType: EntityType, id: string): void {
    this.#rows.delete(`${entityType}/${id}`);
  }

  row(entityType: EntityType, id: string): Row | null {
    return this.#rows.get(`${entityType}/${id}`) ?? null;
  }

  /** Ends what it accepted while slow. */
  finish(jobId: string): ApplyResult {
    const request = this.#inProgress.get(jobId);
    if (!request) throw new Error(`${jobId} is not in progress`);
    this.#inProgress.delete(jobId);
    return this.#write(request);
  }

  /** Remembers the key as failed, as after a crash of the work behind a 202. */
  giveUp(jobId: string, error: { code: string; message: string }): void {
    const request = this.#inProgress.get(jobId);
    if (!request) throw new Error(`${jobId} is not in progress`);
    this.#inProgress.delete(jobId);
    this.#receipts.set(jobId, { attempt: request.attempt, state: "failed", result: null, error, refusal: null });
  }

  fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname, searchParams } = new URL(request.url);
    const call = callOf(request.method, pathname);
    if (!call) return refuse(404, "not_found", `${request.method} ${pathname} is not of the protocol`);
    this.calls.push(`${request.method} ${call}`);
    if (this.isDown) throw new TypeError("connection refused");
    const scripted = this.#scripted[call].shift();
    if (scripted === "no_answer") throw new TypeError("connection reset");
    if (scripted && scripted !== "as_usual") return answer(scripted);
    if (call === "rows") return this.#readRows(request, pathname, searchParams.get("ids"));
    if (call === "job") return this.#report(request, pathname, searchParams.get("portfolio"));
    if (call === "search" || call === "verify") return this.#look(request, call, searchParams);
    const text = await request.text();
    const { credentials, name, nowMs } = this.options;
    const secrets = credentials.request.map((secret) => ({ name, secret }));
    const verified = await verify(secrets, request.headers, text, nowMs());
    if (!verified.ok) return refuse(401, "unauthorized", verified.reason);
    const answered = this.#do(request, pathname, call, JSON.parse(text));
    if (this.losesAnswers) throw new TypeError("connection reset");
    return answered;
  };

  #do(request: Request, pathname: string, call: "apply" | "cancel" | "reindex", body: unknown): Response {
    if (call === "apply") return this.#apply(request, body);
    if (call === "cancel") return this.#cancel(pathname, body);
    return this.index.rebuild(this.#liveRows(), body, this.options.name, this.options.portfolioId);
  }

  #look(request: Request, call: "search" | "verify", params: URLSearchParams): Response {
    if (!this.#mayRead(request) || params.get("portfolio") !== this.options.portfolioId)
      return refuse(401, "unauthorized", "read");
    return call === "search" ? this.index.search(this.#liveRows(), params) : this.index.verify(this.#liveRows());
  }

  #liveRows(): IndexedRow[] {
    return [...this.#rows].flatMap(([key, { values }]) => {
      const [entityType = "", id = ""] = key.split(/\/(.*)/s);
      return isEntityType(entityType) ? [{ entityType, id, values }] : [];
    });
  }

  #mayRead(request: Request): boolean {
    return request.headers.get("authorization") === `Bearer ${this.options.credentials.read}`;
  }

  #readRows(request: Request, pathname: string, ids: string | null): Response {
    const [, , , portfolioId, entityType = ""] = pathname.split("/").map(decodeURIComponent);
    if (!this.#mayRead(request) || portfolioId !== this.options.portfolioId) return refuse(401, "unauthorized", "read");
    if (!isEntityType(entityType)) return refuse(404, "not_found", entityType);
    const wanted = ids === null ? null : ids.split(",");
    const rows = [...this.#rows]
      .map(([key, { version, values }]) => ({
        key,
        id: key.slice(key.indexOf("/") + 1),
        version,
        values,
        deletedAt: null,
      }))
      .filter(({ key, id }) => key.startsWith(`${entityType}/`) && (wanted?.includes(id) ?? true));
    return Response.json({ rows: rows.map(({ key: _key, ...row }) => row) });
  }

  #report(request: Request, pathname: string, portfolioId: string | null): Response {
    if (!this.#mayRead(request) || portfolioId !== this.options.portfolioId) return refuse(401, "unauthorized", "read");
    const jobId = decodeURIComponent(pathname.split("/")[4] ?? "");
    const running = this.#inProgress.get(jobId);
    const receipt = this.#receipts.get(jobId);
    if (!running && !receipt) return refuse(404, "not_found", jobId);
    const { attempt, state, result, error } = running
      ? ({ attempt: running.attempt, state: "in_progress", result: null, error: null } as const)
      : (receipt as Receipt);
    const report: JobReport = {
      jobId,
      attempt,
      state,
      stage: null,
      result,
      error,
      searchableAt: null,
      verifiedAt: null,
    };
    return Response.json(report);
  }

  #apply(request: Request, body: unknown): Response {
    const parsed = applyRequest.safeParse(body);
    if (!parsed.success) return refuse(422, "invalid_request", parsed.error.message);
    const apply = parsed.data;
    const { name, portfolioId } = this.options;
    if (apply.target !== name || apply.portfolioId !== portfolioId) return refuse(401, "unauthorized", "not for us");
    const problem = problemOf(request, apply);
    if (problem) return refuse(422, "invalid_request", problem);
    const receipt = this.#receipts.get(apply.jobId);
    if (this.#inProgress.has(apply.jobId) || receipt?.state === "applied") return accepted();
    if (receipt && apply.attempt <= receipt.attempt)
      return receipt.refusal?.clone() ?? refuse(409, "cancelled", "This key was cancelled.");
    const conflicts = this.#conflictsOf(apply);
    if (conflicts.length > 0) {
      const refusal = Response.json(
        { error: "conflict", message: "Rows have changed; nothing was applied.", conflicts } satisfies ErrorBody,
        { status: 409 },
      );
      const error = { code: "conflict", message: "Rows have changed; nothing was applied." };
      this.#receipts.set(apply.jobId, {
        attempt: apply.attempt,
        state: "failed",
        result: null,
        error,
        refusal: refusal.clone(),
      });
      return refusal;
    }
    if (this.isSlow) this.#inProgress.set(apply.jobId, apply);
    else this.#write(apply);
    return accepted();
  }

  #conflictsOf({ operations }: ApplyRequest): Conflict[] {
    const { inserts, updates, deletes } = operations;
    const exists = inserts
      .filter(({ entityType, id }) => this.row(entityType, id))
      .map(({ entityType, id }): Conflict => ({ entityType, id, reason: "exists", expected: null, actual: null }));
    const stale = [...updates, ...deletes].flatMap(({ entityType, id, ifVersion }): Conflict[] => {
      const row = this.row(entityType, id);
      if (!row) return [{ entityType, id, reason: "missing", expected: ifVersion, actual: null }];
      if (ifVersion === null || ifVersion === row.version) return [];
      return [{ entityType, id, reason: "version", expected: ifVersion, actual: row.version }];
    });
    return [...exists, ...stale];
  }

  #write(apply: ApplyRequest): ApplyResult {
    const { inserts, updates, deletes } = apply.operations;
    for (const { entityType, id, values } of inserts) this.put(entityType, id, values);
    for (const { entityType, id, changes } of updates) {
      this.put(entityType, id, { ...this.row(entityType, id)?.values, ...changes });
    }
    for (const { entityType, id } of deletes) this.remove(entityType, id);
    const result: ApplyResult = {
      inserted: inserts.length,
      updated: updates.length,
      deleted: deletes.length,
      d1Count: this.#rows.size,
      vectorCount: null,
      synced: null,
    };
    this.applied.push(apply);
    this.#receipts.set(apply.jobId, { attempt: apply.attempt, state: "applied", result, error: null, refusal: null });
    return result;
  }

  #cancel(pathname: string, body: unknown): Response {
    const parsed = cancelRequest.safeParse(body);
    if (!parsed.success) return refuse(422, "invalid_request", parsed.error.message);
    const { jobId, attempt, target, portfolioId } = parsed.data;
    if (target !== this.options.name || portfolioId !== this.options.portfolioId)
      return refuse(401, "unauthorized", "not for us");
    if (pathname !== `/api/admin/jobs/${encodeURIComponent(jobId)}/cancel`)
      return refuse(422, "invalid_request", "jobId");
    const receipt = this.#receipts.get(jobId);
    if (receipt?.state === "applied") return Response.json({ state: "applied", result: receipt.result });
    this.#inProgress.delete(jobId);
    const fence = Math.max(attempt, receipt?.attempt ?? 0);
    this.#receipts.set(jobId, { attempt: fence, state: "cancelled", result: null, error: null, refusal: null });
    return Response.json({ state: "cancelled", result: null });
  }
}

const callOf = (method: string, pathname: string): Call | null => {
  if (method === "POST" && pathname === "/api/admin/apply") return "apply";
  if (method === "POST" && /^\/api\/admin\/jobs\/[^/]+\/cancel$/.test(pathname)) return "cancel";
  if (method === "GET" && /^\/api\/admin\/jobs\/[^/]+$/.test(pathname)) return "job";
  if (method === "POST" && pathname === "/api/admin/reindex") return "reindex";
  if (method === "GET" && pathname === "/api/admin/verify") return "verify";
  if (method === "GET" && pathname === "/api/search") return "search";
  if (method === "GET" && /^\/api\/portfolios\/[^/]+\/[^/]+$/.test(pathname)) return "rows";
  return null;
};

const accepted = (): Response => Response.json({ accepted: true }, { status: 202 });

const refuse = (status: number, error: string, message: string): Response =>
  Response.json({ error, message } satisfies ErrorBody, { status });

const answer = ({ status, body, headers }: Exclude<ScriptedAnswer, string>): Response =>
  new Response(typeof body === "string" || body === undefined ? (body ?? null) : JSON.stringify(body), {
    status,
    headers: headers ?? {},
  });

/** Every field of the entity, null where there is no value: rows are answered whole. */
const completed = (entityType: EntityType, values: FieldValues): FieldValues =>
  Object.fromEntries(Object.keys(entityOf(entityType).fields).map((field) => [field, values[field] ?? null]));

const problemOf = (request: Request, { jobId, callbackUrl, operations }: ApplyRequest): string | null => {
  const { inserts, updates, deletes } = operations;
  if (request.headers.get("idempotency-key") !== jobId) return "Idempotency-Key";
  if (!/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(request.headers.get("traceparent") ?? "")) return "traceparent";
  if (new URL(callbackUrl).origin !== "https://cv-ops.internal") return "callback_not_allowed";
  const all = [...inserts, ...updates, ...deletes].map(({ entityType, id }) => `${entityType}/${id}`);
  if (all.length === 0) return "a commit has at least one operation";
  if (new Set(all).size !== all.length) return "at most one operation a row";
  for (const { entityType, values } of inserts) {
    const missing = Object.entries(entityOf(entityType).fields).find(
      ([name, field]) => field.required && (values[name] ?? null) === null,
    );
    if (missing) return `${missing[0]} is required`;
  }
  const written = [
    ...inserts.map(({ entityType, values }) => ({ entityType, values })),
    ...updates.map(({ entityType, changes }) => ({ entityType, values: changes })),
  ];
  for (const { entityType, values } of written) {
    for (const [name, value] of Object.entries(values)) {
      const field = entityOf(entityType).fields[name];
      if (!field) return `${name} is not a field`;
      if (value === null ? field.required : !field.schema.safeParse(value).success)
        return `${name} must be ${field.hint}`;
    }
  }
  return null;
};
