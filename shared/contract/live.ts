/** Messages of `GET /v2/ws` and, one way only, `GET /v2/stream`: docs/reference/live-events.md explains them. */
import * as z from "zod/mini";
import { type EventType, eventTypes } from "../domain/events/event-types.ts";
import { type ApiEvent, event } from "./event.ts";

/** The WebSocket subprotocol. A client that can set no header offers its token beside it, as `cv-ops.token.<token>`. */
export const liveProtocol = "cv-ops.v2";

/** How often a client says `ping`, and how long after its last sign of life it is taken for gone. */
export const pingEveryMs = 30_000;
export const silentAfterMs = 90_000;

/** Sent and answered as exactly these texts, so that answering wakes nobody. */
export const pingText = '{"type":"ping"}';
export const pongText = '{"event":"pong"}';

/** Of one connection. */
export const maxSubscriptions = 100;

/** Why the server has closed a WebSocket. */
export const closeCodes = {
  /** Repeated nonsense, or far too many messages. */
  policy: 1008,
  /** Something could not be sent: the client may come back with its `lastEventId`. */
  broken: 1011,
  /** The client reads too slowly: it may come back with its `lastEventId`. */
  tooSlow: 1013,
  /** What proved who the client is has expired or was revoked. */
  unauthorized: 4401,
  /** Nothing came from the client for `silentAfterMs`. */
  silent: 4408,
} as const;

const id = z.int().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));
const jobId = z.string().check(z.minLength(1), z.maxLength(64));
const number = z.int().check(z.minimum(1), z.maximum(Number.MAX_SAFE_INTEGER));

const subject = z.union([
  z.strictObject({ jobId }),
  z.strictObject({ commit: number }),
  z.strictObject({ workspace: z.literal(true) }),
]);
/** What one may follow. */
export type Subject = z.infer<typeof subject>;

const lastEventId = z.optional(id);
const subjects = z.array(subject).check(z.minLength(1), z.maxLength(maxSubscriptions));

/** A list starts as one: its events come in the order of their ids, whichever subject they are about. */
export const clientMessage = z.union([
  z.strictObject({ type: z.literal("subscribe"), jobId, lastEventId }),
  z.strictObject({ type: z.literal("subscribe"), commit: number, lastEventId }),
  z.strictObject({ type: z.literal("subscribe"), workspace: z.literal(true), lastEventId }),
  z.strictObject({ type: z.literal("subscribe"), to: subjects, lastEventId }),
  z.strictObject({ type: z.literal("unsubscribe"), jobId }),
  z.strictObject({ type: z.literal("unsubscribe"), commit: number }),
  z.strictObject({ type: z.literal("unsubscribe"), workspace: z.literal(true) }),
  z.strictObject({ type: z.literal("unsubscribe"), to: subjects }),
  z.strictObject({ type: z.literal("ping") }),
  z.strictObject({ type: z.literal("synced"), id }),
]);
export type ClientMessage = z.infer<typeof clientMessage>;
export type Subscribing = Extract<ClientMessage, { type: "subscribe" | "unsubscribe" }>;

/** What a `subscribe` or `unsubscribe` is about. */
export const subjectsOf = (message: Subscribing): Subject[] => {
  if ("to" in message) return message.to;
  if ("jobId" in message) return [{ jobId: message.jobId }];
  return "commit" in message ? [{ commit: message.commit }] : [{ workspace: true }];
};

export const liveErrorCodes = ["malformed", "not_found", "forbidden", "too_many_subscriptions", "unavailable"] as const;

/** How an event is called on a live connection: `job:progress`, `commit:approved`. */
export type LiveEventName = `${string}:${string}`;

/**
 * The whole event, and what the messages about jobs say besides.
 * A job whose outcome is unknown is reported as failed for now: `error` "Timeout" and `final` false.
 */
export const liveEvent = z.extend(event, {
  event: z.string(),
  stage: z.optional(z.string()),
  percent: z.optional(z.number()),
  result: z.optional(z.unknown()),
  error: z.optional(z.string()),
  final: z.optional(z.boolean()),
});
export type LiveEvent = z.infer<typeof liveEvent> & { event: LiveEventName };

/** Everything else that the server says. */
export type ServerNotice =
  | { event: "connected"; clientId: string; pingEveryMs: number; expiresAt: string | null }
  /** Events after `lastEventId` follow. */
  | { event: "subscribed"; to: Subject[]; lastEventId: number }
  | { event: "unsubscribed"; to: Subject[] }
  /** The client answers `{type: "synced", id}` when it has come this far. */
  | { event: "sync"; id: number }
  | { event: "pong" }
  | { event: "error"; code: (typeof liveErrorCodes)[number]; message: string; to?: Subject[] };

const nameOf = (type: EventType): LiveEventName =>
  type === "job.dispatched" ? "job:started" : type === "job.timeout" ? "job:failed" : colonOf(type);

const colonOf = (type: EventType): LiveEventName => type.replace(".", ":") as LiveEventName;

/** All names that events have on live connections: what a page listens to. */
export const liveEventNames: readonly LiveEventName[] = [...new Set(eventTypes.map(nameOf))];

/** Data that does not say it all leaves the field out: an event that could not be sent would stop all that follow. */
const said = z.object({
  stage: z.optional(z.string()),
  percent: z.optional(z.number()),
  result: z.optional(z.unknown()),
  error: z.optional(z.object({ message: z.string() })),
  final: z.optional(z.boolean()),
});

export const liveEventOf = (recorded: ApiEvent): LiveEvent => {
  const { type } = recorded;
  const named = { event: nameOf(type), ...recorded };
  const { stage, percent, result, error, final } = said.safeParse(recorded.data).data ?? {};
  switch (type) {
    case "job.progress":
      return { ...named, ...(stage !== undefined && { stage }), ...(percent !== undefined && { percent }) };
    case "job.completed":
      return { ...named, result: result ?? null };
    case "job.failed":
      return { ...named, error: error?.message ?? "Failed", final: final ?? true };
    case "job.timeout":
      return { ...named, error: "Timeout", final: false };
    default:
      return named;
  }
};
