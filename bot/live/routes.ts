/** `GET /v2/ws` and `GET /v2/stream`, for an authenticated caller. */
import type { ApiRefusal } from "../../shared/contract/refusals.ts";
import * as z from "zod/mini";
import { type Subject, liveProtocol, maxSubscriptions } from "../../shared/contract/live.ts";
import { idInPath, lastEventId, numberInPath } from "../../shared/contract/schemas.ts";
import { currentTraceId } from "../../shared/log.ts";
import { type Result, fail, ok } from "../../shared/result.ts";
import { type FollowReason, followEvents } from "../../shared/use-cases/workspace/follow-events.ts";
import type { Caller } from "../api/caller.ts";
import { maxConnectionsOfPerson } from "./limits.ts";
import { check } from "../api/parse.ts";
import { refuse } from "../api/problem.ts";
import type { Deps } from "../env.ts";
import { connectRequest } from "./connect.ts";
import { followedOf } from "./conversation.ts";

type LiveDeps = Pick<Deps, "eventHub" | "publicOrigin" | "useCaseContext" | "withEffects">;

/** Records a refusal. */
type OnRefusal = (reason: ApiRefusal) => void;

/** @param status of the hub's answer */
const tooMany = (status: number): ApiRefusal =>
  status === 429 ? { code: "connections_exceeded", max: maxConnectionsOfPerson } : { code: "too_many_connections" };

/** Opens a WebSocket. Subscriptions come as messages and are authorised then. */
export const connectWebSocket = async (
  deps: LiveDeps,
  request: Request,
  caller: Caller,
  traceId = currentTraceId(),
  onRefusal: OnRefusal = () => undefined,
): Promise<Response> => {
  const refused = (reason: ApiRefusal): Response => {
    onRefusal(reason);
    return refuse(reason, traceId);
  };
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    return refused({ code: "upgrade_required" });
  }
  // A browser sends the cookie of a signed-in person with requests of any page.
  if (caller.actor.kind === "access" && request.headers.get("Origin") !== deps.publicOrigin) {
    return refused({ code: "cross_origin" });
  }
  const hub = deps.eventHub(caller.workspaceId);
  const { status, webSocket } = await hub.fetch(connectRequest({ as: "socket", caller }, traceId));
  if (!webSocket) return refused(tooMany(status));
  const offered = (request.headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((each) => each.trim());
  // A token that was offered as a protocol is not repeated in the answer.
  const headers = offered.includes(liveProtocol) ? { "Sec-WebSocket-Protocol": liveProtocol } : {};
  return new Response(null, { status, webSocket, headers });
};

const streamQuery = z.strictObject({
  job: z.array(idInPath),
  commit: z.array(numberInPath),
  lastEventId,
});

/** A reconnecting stream sends its position in a header; the first request may carry it in the address. */
const readStream = (request: Request): Result<{ to: Subject[]; after: number | undefined }, ApiRefusal> => {
  const { searchParams } = new URL(request.url);
  const names = [...new Set(searchParams.keys())].filter((name) => name !== "workspace");
  const single = request.headers.get("Last-Event-ID") ?? searchParams.get("lastEventId");
  const given = Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)]));
  const parsed = check(
    streamQuery,
    { job: [], commit: [], ...given, lastEventId: single === null || single === "" ? undefined : single },
    "query",
  );
  if (!parsed.ok) return fail({ code: "invalid_request", errors: parsed.errors });
  const { job, commit, lastEventId: after } = parsed.value;
  const named: Subject[] = [...job.map((jobId) => ({ jobId })), ...commit.map((number) => ({ commit: number }))];
  if (named.length > maxSubscriptions) {
    const rule = `may come ${maxSubscriptions} times in all: leave both out for the whole workspace`;
    return fail({ code: "invalid_request", errors: [{ field: "query.job, query.commit", rule }] });
  }
  return ok({ to: named.length > 0 ? named : [{ workspace: true }], after });
};

/** Opens a stream of server-sent events for `?job=` and `?commit=`, each repeatable, or for the workspace. */
export const openStream = async (
  deps: LiveDeps,
  request: Request,
  caller: Caller,
  traceId = currentTraceId(),
  onRefusal: OnRefusal = () => undefined,
): Promise<Response> => {
  const refused = (reason: ApiRefusal): Response => {
    onRefusal(reason);
    return refuse(reason, traceId);
  };
  const asked = readStream(request);
  if (!asked.ok) return refused(asked.reason);
  const { to, after } = asked.value;
  const followed = await deps.withEffects((effects) =>
    followEvents(deps.useCaseContext({ ...caller, idempotencyKey: null, traceId, effects }), followedOf(to)),
  );
  if (!followed.ok) return refused(reasonOf(followed.reason));
  const { lastEventId: newest } = followed.value;
  const from = Math.min(after ?? newest, newest);
  const response = await deps
    .eventHub(caller.workspaceId)
    .fetch(connectRequest({ as: "stream", caller, to, from, newest }, traceId));
  return response.ok ? response : refused(tooMany(response.status));
};

const reasonOf = (reason: FollowReason): ApiRefusal => {
  if (reason.code !== "nothing_to_follow") return reason;
  const [jobId] = reason.jobIds;
  return jobId === undefined
    ? { code: "commit_not_found", number: reason.commits[0] ?? 0 }
    : { code: "job_not_found", jobId };
};
