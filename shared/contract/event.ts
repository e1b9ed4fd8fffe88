/** An event as it goes over the wire: to readers of the API, to live connections and to webhooks. */
import * as z from "zod/mini";
import { type LoggedEvent, loggedEventSchema } from "../domain/events/event.ts";
import { shown } from "./shown.ts";

const ofEvent = shown(loggedEventSchema, "id", "type", "at", "jobId", "target", "attempt", "data", "traceId");

/** `id` increases with time: it is what to give as `lastEventId`. */
export const event = z.object({
  ...ofEvent.shape,
  /** `token` names the API token with which a person came. */
  actor: z.extend(loggedEventSchema.shape.actor, { token: z.nullable(z.string()) }),
  /** The numbers of what it is about. */
  commit: z.nullable(z.int()),
  push: z.nullable(z.int()),
  change: z.nullable(z.int()),
  deadLetter: z.nullable(z.int()),
});
export type ApiEvent = z.infer<typeof event>;

export const apiEvent = (of: LoggedEvent): ApiEvent => ({
  ...ofEvent.of(of),
  actor: { ...of.actor, token: of.tokenName },
  commit: of.commitNumber,
  push: of.pushNumber,
  change: of.changeNumber,
  deadLetter: of.deadLetterNumber,
});
