/** Support for the tests of a target: a signing CV Ops, and a receiver of webhooks. */
import * as z from "zod/mini";
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { entityOf, type EntityType } from "../../../shared/domain/portfolio/registry.ts";
import { sign, verify } from "../../../shared/signing.ts";
import {
  pingWebhook,
  rowsBody,
  targetRow,
  targetWebhook,
  type ApplyRequest,
  type CancelRequest,
  type PingRequest,
  type PingWebhook,
  type ReindexRequest,
  type TargetRow,
  type TargetWebhook,
} from "../../../shared/targets/protocol.ts";
import { people } from "../../../test/support/people.ts";
import { columnType } from "../columns.ts";

const secretOf = (name: string): string => `whsec_${btoa(name.padEnd(32, "."))}`;

/** Two portfolios with two request secrets each, as during a rotation. */
export const credentials = {
  "noor-vega": {
    request: [secretOf("noor request new"), secretOf("noor request old")],
    webhook: [secretOf("noor webhook")],
    read: "noor-read-token",
  },
  "ada-lindt": {
    request: [secretOf("ada request")],
    webhook: [secretOf("ada webhook")],
    read: "ada-read-token",
  },
};
type PortfolioId = keyof typeof credentials;

interface Received {
  path: string;
  webhookId: string;
  traceparent: string | null;
  body: TargetWebhook;
}

/** Stands in for CV Ops at the HTTP boundary: verifies and records each webhook, and returns scripted answers. */
export class Receiver {
  received: Received[] = [];
  /** Webhooks of pings, which are of no job. */
  pings: PingWebhook[] = [];
  /** The status of each further answer, by webhook type. */
  answer: (body: TargetWebhook | PingWebhook) => number = () => 200;
  /** The `Retry-After` of each answer, in seconds. */
  retryAfter: string | null = null;

  fetch = async (url: string | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    const text = await request.text();
    const body = z.union([pingWebhook, targetWebhook]).parse(JSON.parse(text));
    const secrets = credentials[body.portfolioId === "ada-lindt" ? "ada-lindt" : "noor-vega"].webhook;
    const verified = await verify(
      secrets.map((secret) => ({ name: body.portfolioId, secret })),
      request.headers,
      text,
      Date.now(),
    );
    if (!verified.ok) return new Response(verified.reason, { status: 401 });
    const traceparent = request.headers.get("traceparent");
    if (body.type === "ping") this.pings.push(body);
    else this.received.push({ path: new URL(request.url).pathname, webhookId: verified.id, traceparent, body });
    const headers = this.retryAfter === null ? {} : { "retry-after": this.retryAfter };
    return new Response(null, { status: this.answer(body), headers });
  };

  types(): string[] {
    return this.received.map(({ body }) => body.type);
  }
}

export const callbackUrl = "https://cv-ops.internal/v2/webhook/target";

/** Variables of the target under test, for `env`. */
export const targetVariables = {
  ENVIRONMENT: "local",
  PORTFOLIO_CREDENTIALS: JSON.stringify(credentials),
  CALLBACK_ORIGINS: JSON.stringify({ "https://cv-ops.internal": "CV_OPS", "http://plain.example": null }),
};

export type Operations = Partial<ApplyRequest["operations"]>;

export const applyBody = (
  target: string,
  jobId: string,
  operations: Operations,
  overrides: Partial<ApplyRequest> = {},
): ApplyRequest => ({
  type: "apply",
  jobId,
  attempt: 1,
  target,
  portfolioId: "noor-vega",
  callbackUrl,
  actor: `slack:${people.author}`,
  commit: { number: 1, hash: "0a1b2c", message: "Skill updates" },
  operations: { inserts: [], updates: [], deletes: [], ...operations },
  ...overrides,
});

export const technology = (id: string, values: Record<string, string | number | boolean | null> = {}) => ({
  entityType: "technology" as const,
  id,
  values: { name: id, category: "Backend", ...values },
});

interface SignOptions {
  secret?: string;
  nowMs?: number;
  headers?: Record<string, string>;
}

/** A signed POST. */
export const signedRequest = async (
  path: string,
  body: ApplyRequest | CancelRequest | ReindexRequest | PingRequest | string,
  options: SignOptions = {},
): Promise<Request> => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const portfolioId = typeof body !== "string" && body.portfolioId === "ada-lindt" ? "ada-lindt" : "noor-vega";
  const secret = options.secret ?? credentials[portfolioId].request[0] ?? "";
  const signed = await sign(secret, `msg_${crypto.randomUUID()}`, text, options.nowMs ?? Date.now());
  return new Request(`https://target.example${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...signed, ...options.headers },
    body: text,
  });
};

const readRequest = (path: string, token: string = credentials["noor-vega"].read): Request =>
  new Request(`https://target.example${path}`, { headers: { authorization: `Bearer ${token}` } });

interface TargetWorker<Env> {
  fetch: (request: Request, env: Env, ctx: ExecutionContext) => Response | Promise<Response>;
  scheduled: (controller: ScheduledController, env: Env, ctx: ExecutionContext) => void | Promise<void>;
}

export interface Answer {
  status: number;
  /** Parsed JSON. */
  body: unknown;
}

/** Calls a target's Worker, and waits for the work after its answer. */
export const callerOf = <Env>(worker: TargetWorker<Env>, env: Env, target: string) => {
  const call = async (request: Request): Promise<Answer> => {
    const ctx = createExecutionContext();
    const response = await worker.fetch(request, env, ctx);
    await waitOnExecutionContext(ctx);
    return { status: response.status, body: await response.json() };
  };
  return {
    call,
    apply: async (
      jobId: string,
      operations: Operations,
      overrides: Partial<ApplyRequest> = {},
      options?: SignOptions,
    ) => call(await signedRequest("/api/admin/apply", applyBody(target, jobId, operations, overrides), options)),
    cancel: async (jobId: string, attempt = 1, portfolioId: PortfolioId = "noor-vega") =>
      call(
        await signedRequest(`/api/admin/jobs/${jobId}/cancel`, { type: "cancel", jobId, attempt, target, portfolioId }),
      ),
    reindex: async (requestId: string, portfolioId: PortfolioId = "noor-vega", options?: SignOptions) =>
      call(await signedRequest("/api/admin/reindex", { type: "reindex", requestId, target, portfolioId }, options)),
    ping: async (options?: SignOptions, callback: string = callbackUrl) =>
      call(
        await signedRequest(
          "/api/admin/ping",
          { type: "ping", target, portfolioId: "noor-vega", callbackUrl: callback },
          options,
        ),
      ),
    read: (path: string, portfolioId: PortfolioId = "noor-vega") =>
      call(readRequest(path, credentials[portfolioId].read)),
    /** The rows of an entity, including deleted ones. */
    rows: async (entityType = "technology", portfolioId: PortfolioId = "noor-vega"): Promise<TargetRow[]> => {
      const path = `/api/portfolios/${portfolioId}/${entityType}?include=deleted`;
      const { body } = await call(readRequest(path, credentials[portfolioId].read));
      return rowsBody.parse(body).rows.map((row) => targetRow.parse(row));
    },
    cron: async (): Promise<void> => {
      const ctx = createExecutionContext();
      await worker.scheduled(createScheduledController({ cron: "* * * * *" }), env, ctx);
      await waitOnExecutionContext(ctx);
    },
  };
};

interface BatchWatch {
  before?: (statements: D1PreparedStatement[]) => Promise<void>;
  after?: (results: D1Result[]) => void;
}

/** The database, with hooks before and after every batch. */
export const watchBatches = (db: D1Database, { before, after }: BatchWatch): D1Database =>
  new Proxy(db, {
    get: (target, name) => {
      if (name === "prepare") return target.prepare.bind(target);
      if (name !== "batch") throw new Error(`not watched: ${String(name)}`);
      return async (statements: D1PreparedStatement[]) => {
        await before?.(statements);
        const results = await target.batch(statements);
        after?.(results);
        return results;
      };
    },
  });

/** A table's columns as `name TYPE` or `name TYPE NOT NULL`, sorted. */
export const columnsOfTable = async (db: D1Database, table: string): Promise<string[]> => {
  const { results } = await db
    .prepare('SELECT name, type, "notnull" AS required FROM pragma_table_info(?1)')
    .bind(table)
    .all();
  return results
    .map(({ name, type, required }) => `${String(name)} ${String(type)}${required === 1 ? " NOT NULL" : ""}`)
    .toSorted();
};

/** The expected result of `columnsOfTable` for an entity. */
export const expectedColumns = (entityType: EntityType, extra: string[]): string[] =>
  [
    "portfolio_id TEXT NOT NULL",
    "id TEXT NOT NULL",
    "version INTEGER NOT NULL",
    "created_at TEXT NOT NULL",
    "updated_at TEXT NOT NULL",
    "updated_by TEXT NOT NULL",
    ...extra,
    ...Object.entries(entityOf(entityType).fields).map(
      ([name, field]) => `${name} ${columnType(field)}${field.required ? " NOT NULL" : ""}`,
    ),
  ].toSorted();

/** The NOT NULL columns of a table, each with a value that its type allows. */
const filled = async (db: D1Database, table: string, id: string): Promise<Record<string, string | number>> => {
  const { results } = await db
    .prepare(`SELECT name, type FROM pragma_table_info(?1) WHERE "notnull" = 1`)
    .bind(table)
    .all();
  const columns = results.map(({ name, type }) => [String(name), type === "TEXT" ? "x" : 1]);
  return { ...Object.fromEntries(columns), portfolio_id: "counted", id };
};

/** Inserts two rows into a table, deletes one for good, and returns how many the database counts after each step. */
export const countsOf = async (db: D1Database, table: string): Promise<number[]> => {
  const count = async (): Promise<number> =>
    Number(
      (await db.prepare("SELECT row_count FROM row_counts WHERE portfolio_id = 'counted'").first("row_count")) ?? 0,
    );
  const insert = async (id: string): Promise<void> => {
    const row = await filled(db, table, id);
    const places = Object.keys(row).map((_name, index) => `?${index + 1}`);
    const sql = `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${places.join(", ")})`;
    await db
      .prepare(sql)
      .bind(...Object.values(row))
      .run();
  };
  const counts = [await count()];
  for (const step of [
    () => insert("a"),
    () => insert("b"),
    () => db.prepare(`DELETE FROM ${table} WHERE id = 'a'`).run(),
  ]) {
    await step();
    counts.push(await count());
  }
  return counts.map((each) => each - (counts[0] ?? 0));
};
