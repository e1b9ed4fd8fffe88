/** `/v2`: every operation as a route. Caller → rate limit → input → idempotency → use case → reply. */
import type { ApiRefusal, Refusal } from "../../shared/contract/refusals.ts";
import type { Context } from "hono";
import { cors } from "hono/cors";
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { type OperationId, operations } from "../../shared/contract/operations.ts";
import type { Operation } from "../../shared/contract/operations/operation.ts";
import { currentTraceId, log } from "../../shared/log.ts";
import type { Effects } from "../../shared/effects.ts";
import { mayRepeat } from "../../shared/use-cases/session.ts";
import { systemActor } from "../../shared/domain/workspace/actor.ts";
import { type Result, fail, ok } from "../../shared/result.ts";
import type { SavedReply } from "../../shared/storage/api-replies.ts";
import { DatabaseOutage, read } from "../../shared/storage/database.ts";
import { workspaceNameQuery } from "../../shared/storage/workspace/workspaces.ts";
import type { Deps } from "../env.ts";
import { type Membership, membershipsOf, namesOf, withNames } from "../slack/core/directory.ts";
import { examine } from "../slack/core/examine.ts";
import { findPeople } from "../slack/core/find-people.ts";
import { addressOf } from "./address-of.ts";
import { type Authenticated, authenticate, workspaceReply } from "./authenticate.ts";
import { readBody } from "./body.ts";
import { connectWebSocket, openStream } from "../live/routes.ts";
import type { Caller } from "./caller.ts";
import type { ApiCall, Handler } from "./handlers/handler.ts";
import { handlers } from "./handlers/table.ts";
import { idempotencyKeyOf, onceOnly, readKey } from "./idempotency.ts";
import { type FieldError, check } from "./parse.ts";
import { problemOf, refuse } from "./problem.ts";
import { type RatePolicy, rateHeaders } from "./rate-limiter.ts";
import { readCookie, setCookie } from "./sign-in/cookies.ts";
import { recordRefusal } from "./record-refusal.ts";

const isWriting = ({ method }: Pick<Operation, "method">): boolean => method !== "GET";

type Headers = Record<string, string>;

interface Call {
  deps: Deps;
  c: Context;
  traceId: string;
  /** What is asked for: an operation's id, `connectWebSocket` or `openStream`. */
  operation: string;
}

const admit = async (
  call: Call,
  policy: RatePolicy,
  cost: number,
): Promise<
  { ok: true; value: Authenticated; headers: Headers } | { ok: false; reason: ApiRefusal; headers?: Headers }
> => {
  const { deps, c } = call;
  const request = c.req.raw;
  const authenticated = await authenticate(deps, request, (work) => c.executionCtx.waitUntil(work));
  if (!authenticated.ok) {
    recordRefusal(call, authenticated.reason, authenticated.claimed ?? null);
    return { ok: false, reason: authenticated.reason };
  }
  const { caller } = authenticated.value;
  if (policy === "write" && caller.actor.kind === "access" && request.headers.get("Origin") !== deps.publicOrigin) {
    recordRefusal(call, { code: "cross_origin" }, caller);
    return { ok: false, reason: { code: "cross_origin" } };
  }
  const allowance = await deps.rateLimiter(caller).take(policy, deps.nowMs(), cost);
  const headers = rateHeaders(policy, allowance);
  if (allowance.allowed) return { ok: true, value: authenticated.value, headers };
  const reason: ApiRefusal = { code: "rate_limited", retryAfterSeconds: allowance.resetSeconds };
  recordRefusal(call, reason, caller);
  return { ok: false, reason, headers };
};

type Parts = Pick<ApiCall<OperationId>, "params" | "query" | "body">;

const nothing = z.strictObject({});

const readParts = (operation: Operation, c: Context, body: unknown): Result<Parts, Refusal<"invalid_request">> => {
  const errors: FieldError[] = [];
  const part = (name: "path" | "query" | "body", schema: Operation["body"], value: unknown): unknown => {
    if (!schema) return null;
    const checked = check(schema, value, name);
    if (!checked.ok) errors.push(...checked.errors);
    return checked.ok ? checked.value : null;
  };
  const parts = {
    params: part("path", operation.params, c.req.param()),
    // What would be ignored is refused as well.
    query: part("query", operation.query ?? nothing, queryOf(c)),
    body: part("body", operation.body ?? (isWriting(operation) ? nothing : undefined), body),
  };
  return errors.length > 0 ? fail({ code: "invalid_request", errors }) : ok(parts as Parts);
};

/** A parameter that comes twice is a list, which no operation takes. */
const queryOf = (c: Context): Record<string, string | string[]> => {
  const { searchParams } = new URL(c.req.url);
  const names = new Set([...searchParams.keys()].filter((name) => name !== "workspace"));
  return Object.fromEntries(
    [...names].map((name) => {
      const [first = "", ...more] = searchParams.getAll(name);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
};

/** A token is of one workspace; a person may belong to several. */
const workspacesOf = async (deps: Deps, { workspaceId, actor }: Caller, email: string | null) => {
  if (email !== null) return shown(deps, (await membershipsOf(deps, email, null)).all);
  const [name] = await read(deps.databases.of(workspaceId), workspaceNameQuery(workspaceId));
  return shown(deps, [{ workspaceId, name, userId: actor.id }]);
};

const shown = async (deps: Deps, all: readonly Membership[]) => (await withNames(deps, all)).map(workspaceReply);

const serve = async (call: Call & { operation: OperationId }): Promise<Response> => {
  const { deps, c, traceId, operation: id } = call;
  const operation: Operation = operations[id];
  const admitted = await admit(call, isWriting(operation) ? "write" : "read", operation.cost ?? 1);
  if (!admitted.ok) return refuse(admitted.reason, traceId, admitted.headers);
  const { headers } = admitted;
  const { caller, email } = admitted.value;
  const refused = (reason: ApiRefusal): Response => {
    recordRefusal(call, reason, caller);
    return refuse(reason, traceId, headers);
  };

  const key = isWriting(operation) ? readKey(c.req.raw.headers) : ok(null);
  if (!key.ok) return refused(key.reason);
  const body = isWriting(operation) ? await readBody(c.req.raw) : ok({ text: "", json: null });
  if (!body.ok) return refused(body.reason);
  const parts = readParts(operation, c, body.value.json);
  if (!parts.ok) return refused(parts.reason);

  const idempotencyKey = key.value === null ? null : idempotencyKeyOf(caller, key.value);
  const visit = caller.actor.kind === "access" ? visitOf(call, caller, isWriting(operation)) : null;
  const contextOf = (effects: Effects) => {
    const ctx = deps.useCaseContext({ ...caller, idempotencyKey, traceId, effects });
    return visit === null ? ctx : { ...ctx, db: visit.db };
  };
  const replied = (reply: SavedReply, more: Headers = {}): Response =>
    jsonReply(reply, { ...headers, ...more, ...visit?.headers() });
  const act = async (effects: Effects): Promise<SavedReply> => {
    const ctx = contextOf(effects);
    // The table has a handler of this very operation for each id; TypeScript cannot follow the pair through the index.
    const handler = handlers[id] as Handler<OperationId>;
    const done = await handler({
      ...parts.value,
      ctx,
      portal: deps.portal,
      namesOf: (ids) => namesOf(deps, caller.workspaceId, ids),
      examine: () => examine(deps, caller.workspaceId),
      findPeople: (typed) => findPeople(deps, caller.workspaceId, typed),
      workspaces: () => workspacesOf(deps, caller, email),
    });
    if (done.ok) return { status: operation.status, body: done.value };
    recordRefusal(call, done.reason, caller);
    const problem = problemOf(done.reason, traceId);
    return { status: problem.status, body: problem };
  };
  const withEffects = <T>(work: (effects: Effects) => Promise<T>) =>
    deps.withEffects(work, (late) => c.executionCtx.waitUntil(late));
  const run = () => withEffects(act);
  const mayHave = () => withEffects((effects) => mayRepeat(contextOf(effects), operation.permission));
  if (key.value === null) return replied(await run());
  const { pathname } = new URL(c.req.url);
  const keyed = { caller, key: key.value, method: operation.method, path: pathname, body: body.value.text };
  const reply = await onceOnly(deps, keyed, { run, mayHave });
  if (!reply.ok) return refused(reply.reason);
  return replied(reply.value, reply.value.replayed ? { "Idempotency-Replayed": "true" } : {});
};

/**
 * A person's browser reads from the copy of the database that is near them. It keeps in a cookie how far it has come,
 * and asks without a cache for what an event has just changed.
 */
const visitOf = ({ deps, c }: Call, { workspaceId }: Caller, isWrite: boolean) => {
  const { headers } = c.req.raw;
  const before = readCookie(headers, "bookmark", deps.publicOrigin);
  const isFresh = isWrite || /\bno-cache\b/.test(headers.get("Cache-Control") ?? "");
  const { db, bookmark } = deps.databases.session(workspaceId, before, isFresh);
  return {
    db,
    headers: (): Headers => {
      const after = bookmark();
      return after === null || after === before
        ? {}
        : { "Set-Cookie": setCookie("bookmark", after, deps.publicOrigin) };
    },
  };
};

/**
 * An operation for which nobody has to say who they are. Whatever the request has of idempotency keys or sign-ins is of
 * no effect. It belongs to no workspace.
 */
const servePublic = async (call: Call & { operation: OperationId }): Promise<Response> => {
  const { deps, c, traceId, operation: id } = call;
  const allowance = await deps.rateLimiter({ address: addressOf(c.req.raw) }).take("login", deps.nowMs(), 1);
  const headers = rateHeaders("login", allowance);
  const refused = (reason: ApiRefusal): Response => {
    recordRefusal(call, reason, null);
    return refuse(reason, traceId, headers);
  };
  if (!allowance.allowed) return refused({ code: "rate_limited", retryAfterSeconds: allowance.resetSeconds });
  const body = await readBody(c.req.raw);
  if (!body.ok) return refused(body.reason);
  const parts = readParts(operations[id], c, body.value.json);
  if (!parts.ok) return refused(parts.reason);
  const done = await deps.withEffects(
    (effects) => {
      const actor = systemActor(id);
      const ctx = deps.useCaseContext({ workspaceId: "", actor, idempotencyKey: null, traceId, effects });
      const handler = handlers[id] as Handler<OperationId>;
      const nobody = async () => [];
      const noPeople = async () => ok({ found: [], near: [] });
      const lookUps = { namesOf: nobody, findPeople: noPeople, workspaces: nobody, examine: nobody };
      return handler({ ...parts.value, ctx, portal: deps.portal, ...lookUps });
    },
    (late) => c.executionCtx.waitUntil(late),
  );
  return done.ok ? jsonReply({ status: operations[id].status, body: done.value }, headers) : refused(done.reason);
};

/** A live connection: who opens one is counted once, whatever they follow over it. */
const follow = async (call: Call, open: typeof openStream): Promise<Response> => {
  const { deps, c, traceId } = call;
  const admitted = await admit(call, "read", 1);
  if (!admitted.ok) return refuse(admitted.reason, traceId, admitted.headers);
  const { caller } = admitted.value;
  return open(deps, c.req.raw, caller, traceId, (reason) => recordRefusal(call, reason, caller));
};

const jsonReply = ({ status, body }: SavedReply, headers: Headers): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      ...headers,
      "Content-Type": status < 400 ? "application/json" : "application/problem+json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });

/** Everything that is not expected becomes a problem with a trace id. */
const served =
  <Id extends string>(deps: Deps, operation: Id, handle: (call: Call & { operation: Id }) => Promise<Response>) =>
  async (c: Context): Promise<Response> => {
    const startedMs = deps.nowMs();
    const traceId = currentTraceId();
    try {
      const response = await handle({ deps, c, traceId, operation });
      log("api.request", { traceId, operation, status: response.status, durationMs: deps.nowMs() - startedMs });
      return response;
    } catch (error) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log("api.failed", { traceId, operation, error: stack });
      return refuse({ code: error instanceof DatabaseOutage ? "unavailable" : "internal" }, traceId);
    }
  };

const routeOf = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

const entries = Object.entries(operations) as [OperationId, Operation][];

/** What another method would be for: the same path, with what it takes. A literal path comes before a pattern. */
const methodsOf = (pathname: string): string[] => {
  const matching = entries.filter(([, { path }]) =>
    new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname),
  );
  const literal = matching.filter(([, { path }]) => path === pathname);
  return (literal.length > 0 ? literal : matching).map(([, { method }]) => method);
};

export const createApi = (deps: Deps): Hono => {
  const api = new Hono();
  if (deps.allowedOrigins.length > 0) {
    // Without credentials: a page of another site has a token, or nothing.
    api.use(
      "*",
      cors({
        origin: [...deps.allowedOrigins],
        exposeHeaders: ["RateLimit", "RateLimit-Policy", "Retry-After"],
        maxAge: 600,
      }),
    );
  }
  for (const [id, operation] of entries) {
    const serves = operation.isPublic === true ? servePublic : serve;
    api.on(operation.method, routeOf(operation.path), served(deps, id, serves));
  }
  for (const [path, name, open] of [
    ["/ws", "connectWebSocket", connectWebSocket],
    ["/stream", "openStream", openStream],
  ] as const) {
    api.get(
      path,
      served(deps, name, (call) => follow(call, open)),
    );
  }
  api.all(
    "*",
    served(deps, "none", async (call) => {
      const path = new URL(call.c.req.url).pathname;
      const allowed = methodsOf(path.replace(/^\/v2/, ""));
      const reason: ApiRefusal =
        allowed.length > 0 ? { code: "method_not_allowed", allowed } : { code: "not_found", path };
      recordRefusal(call, reason, null);
      return refuse(reason, call.traceId);
    }),
  );
  return api;
};
