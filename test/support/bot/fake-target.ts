/** A target at the HTTP boundary: rows to read, jobs to ask about; checks tokens and signatures as the protocol says. */
import { env } from "cloudflare:workers";
import { verify } from "../../../shared/signing.ts";
import { parseCredentials } from "../../../shared/targets/credentials.ts";
import { type JobReport, type TargetRow, cancelRequest, reindexRequest } from "../../../shared/targets/protocol.ts";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { isEntityType } from "../../../shared/domain/portfolio/registry.ts";
import { type IndexedRow, ScriptedIndex } from "../shared/scripted-index.ts";

/** How a target misbehaves. */
type Mood = "well" | "down" | "broken";

export class FakeTarget {
  readonly name: string;
  mood: Mood = "well";
  /** Milliseconds before each answer. */
  delayMs = 0;
  requests: string[] = [];
  jobs = new Map<string, Partial<JobReport>>();
  /** What a cancellation finds. */
  cancelled: "cancelled" | "applied" = "cancelled";
  /** Of the two, ai-agent keeps vectors. */
  index: ScriptedIndex;
  /** Entries of TARGET_CREDENTIALS by portfolio. */
  portfolios: Record<string, string>;
  #rows = new Map<string, TargetRow>();

  constructor(name: string) {
    this.name = name;
    this.index = new ScriptedIndex(name === "ai-agent");
    this.portfolios = { "noor-vega": name };
  }

  reset(): void {
    Object.assign(this, new FakeTarget(this.name));
    this.#rows.clear();
  }

  put(portfolioId: string, entityType: string, id: string, values: FieldValues): void {
    const key = `${portfolioId}/${entityType}/${id}`;
    const version = String(Number(this.#rows.get(key)?.version ?? "0") + 1);
    this.#rows.set(key, { id, version, values, deletedAt: null });
  }

  remove(portfolioId: string, entityType: string, id: string): void {
    this.#rows.delete(`${portfolioId}/${entityType}/${id}`);
  }

  async handle(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    this.requests.push(`${request.method} ${pathname}`);
    if (this.delayMs > 0) await scheduler.wait(this.delayMs);
    if (this.mood === "down") throw new Error("connection refused");
    if (this.mood === "broken")
      return Response.json({ error: "internal", message: "The target failed" }, { status: 500 });
    const [, , first = "", second = "", third = "", last = ""] = pathname.split("/");
    if (first === "portfolios") return this.#read(request, second, third, searchParams.get("ids"));
    if (first === "admin" && second === "jobs" && last === "cancel") return this.#cancel(request, third);
    if (first === "admin" && second === "jobs") return this.#job(request, third, searchParams.get("portfolio") ?? "");
    if (first === "search" || (first === "admin" && second === "verify"))
      return this.#look(request, first, searchParams);
    if (first === "admin" && second === "reindex") return this.#reindex(request);
    return refusal(404, "not_found");
  }

  #look(request: Request, what: string, params: URLSearchParams): Response {
    const portfolioId = params.get("portfolio") ?? "";
    if (!this.#mayRead(request, portfolioId)) return refusal(401, "unauthorized");
    const rows = this.#indexedRows(portfolioId);
    return what === "search" ? this.index.search(rows, params) : this.index.verify(rows);
  }

  async #reindex(request: Request): Promise<Response> {
    const text = await request.text();
    const { portfolioId } = reindexRequest.parse(JSON.parse(text));
    if (!(await this.#isSigned(request, portfolioId, text))) return refusal(401, "unauthorized");
    return this.index.rebuild(this.#indexedRows(portfolioId), JSON.parse(text), this.name, portfolioId);
  }

  #indexedRows(portfolioId: string): IndexedRow[] {
    return [...this.#rows].flatMap(([key, { id, values }]) => {
      const [portfolio, entityType = ""] = key.split("/");
      return portfolio === portfolioId && isEntityType(entityType) ? [{ entityType, id, values }] : [];
    });
  }

  async #isSigned(request: Request, portfolioId: string, text: string): Promise<boolean> {
    const secrets = this.#credentials(portfolioId)?.request ?? [];
    const candidates = secrets.map((secret) => ({ name: this.name, secret }));
    return (await verify(candidates, request.headers, text, Date.now())).ok;
  }

  #read(request: Request, portfolioId: string, entityType: string, ids: string | null): Response {
    if (!this.#mayRead(request, portfolioId)) return refusal(401, "unauthorized");
    const prefix = `${portfolioId}/${entityType}/`;
    const all = [...this.#rows].filter(([key]) => key.startsWith(prefix)).map(([, row]) => row);
    const wanted = ids?.split(",");
    return Response.json({ rows: wanted ? all.filter(({ id }) => wanted.includes(id)) : all });
  }

  #job(request: Request, jobId: string, portfolioId: string): Response {
    if (!this.#mayRead(request, portfolioId)) return refusal(401, "unauthorized");
    const known = this.jobs.get(jobId);
    if (!known) return refusal(404, "not_found");
    const empty: JobReport = {
      jobId,
      attempt: 1,
      state: "in_progress",
      stage: null,
      result: null,
      error: null,
      searchableAt: null,
      verifiedAt: null,
    };
    return Response.json({ ...empty, ...known });
  }

  async #cancel(request: Request, jobId: string): Promise<Response> {
    const text = await request.text();
    const body = cancelRequest.parse(JSON.parse(text));
    if (!(await this.#isSigned(request, body.portfolioId, text))) return refusal(401, "unauthorized");
    if (body.jobId !== jobId || body.target !== this.name) return refusal(422, "invalid_request");
    return Response.json({ state: this.cancelled, result: this.cancelled === "applied" ? applied() : null });
  }

  #mayRead(request: Request, portfolioId: string): boolean {
    const credentials = this.#credentials(portfolioId);
    return credentials !== undefined && request.headers.get("authorization") === `Bearer ${credentials.read}`;
  }

  #credentials(portfolioId: string) {
    return parseCredentials(env.TARGET_CREDENTIALS ?? "")[this.portfolios[portfolioId] ?? ""];
  }
}

const refusal = (status: number, error: string): Response => Response.json({ error, message: error }, { status });

/** The counts of a target that has applied a small commit. */
export const applied = (vectorCount: number | null = null) => ({
  inserted: 1,
  updated: 1,
  deleted: 1,
  d1Count: 66,
  vectorCount,
  synced: null,
});
