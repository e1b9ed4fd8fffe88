/** An event as it goes over the wire: to readers of the API, to live connections and to webhooks alike. */
import * as z from "zod/mini";
import { actorKinds } from "../domain/workspace/actor.ts";
import { type EventType, eventTypes } from "../domain/events/event-types.ts";

export const event = z.object({
  /** Increases with time; what to give as `lastEventId`. */
  id: z.int(),
  type: z.enum(eventTypes),
  /** ISO 8601 */
  at: z.string(),
  /** A person's id is that of their Slack user; `token` names the API token with which they came. */
  actor: z.object({ kind: z.enum(actorKinds), id: z.string(), token: z.nullable(z.string()) }),
  /** The numbers of what it is about. */
  commit: z.nullable(z.int()),
  push: z.nullable(z.int()),
  change: z.nullable(z.int()),
  deadLetter: z.nullable(z.int()),
  jobId: z.nullable(z.string()),
  target: z.nullable(z.string()),
  attempt: z.nullable(z.int()),
  /** What else there is to say, by type. */
  data: z.record(z.string(), z.unknown()),
  traceId: z.string(),
});
export type ApiEvent = z.infer<typeof event>;

/** What storage knows of it. */
interface Recorded {
  id: number;
  type: EventType;
  at: string;
  actor: { kind: ApiEvent["actor"]["kind"]; id: string };
  tokenName: string | null;
  commitNumber: number | null;
  pushNumber: number | null;
  changeNumber: number | null;
  deadLetterNumber: number | null;
  jobId: string | null;
  target: string | null;
  attempt: number | null;
  data: Record<string, unknown>;
  traceId: string;
}

export const apiEvent = (recorded: Recorded): ApiEvent => ({
  id: recorded.id,
  type: recorded.type,
  at: recorded.at,
  actor: { ...recorded.actor, token: recorded.tokenName },
  commit: recorded.commitNumber,
  push: recorded.pushNumber,
  change: recorded.changeNumber,
  deadLetter: recorded.deadLetterNumber,
  jobId: recorded.jobId,
  target: recorded.target,
  attempt: recorded.attempt,
  data: recorded.data,
  traceId: recorded.traceId,
});
