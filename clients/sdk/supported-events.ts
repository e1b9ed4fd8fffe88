/** Skips events of types that only a newer server has: a server may be updated before its clients. */
import * as z from "zod/mini";
import { event } from "../../shared/contract/event.ts";
import { type LiveEvent, liveEvent } from "../../shared/contract/live.ts";

const anyEvent = z.object({ id: z.int(), type: z.string() });

/** Of something that came as an event: null for what has none. */
export const idOf = (message: unknown): number | null => {
  const id = message !== null && typeof message === "object" && "id" in message ? message.id : null;
  return typeof id === "number" && Number.isSafeInteger(id) ? id : null;
};

/** Null for an event of a type that this version does not have. */
export const eventIn = (message: unknown): LiveEvent | null => {
  const parsed = liveEvent.safeParse(message);
  return parsed.success ? (parsed.data as LiveEvent) : null;
};

const isUnsupported = (listed: unknown): boolean =>
  anyEvent.safeParse(listed).success && !event.safeParse(listed).success;

/** Removes events of unsupported types from a list. What is no event stays, so that the contract refuses it. */
export const withSupportedEvents = (reply: unknown): unknown => {
  if (reply === null || typeof reply !== "object" || !("events" in reply) || !Array.isArray(reply.events)) return reply;
  return { ...reply, events: reply.events.filter((listed) => !isUnsupported(listed)) };
};
