/** Events of a kind that only a newer server knows are passed over, however they come: a server may be renewed before its clients. */
import * as z from "zod/mini";
import { event } from "../../shared/contract/event.ts";
import { type LiveEvent, liveEvent } from "../../shared/contract/live.ts";

const anyEvent = z.object({ id: z.int(), type: z.string() });

/** Of something that came as an event: null for what has none. */
export const idOf = (came: unknown): number | null => {
  const id = came !== null && typeof came === "object" && "id" in came ? came.id : null;
  return typeof id === "number" && Number.isSafeInteger(id) ? id : null;
};

/** Null for an event of a kind that this version does not know. */
export const eventIn = (came: unknown): LiveEvent | null => {
  const parsed = liveEvent.safeParse(came);
  return parsed.success ? (parsed.data as LiveEvent) : null;
};

const isUnknown = (listed: unknown): boolean => anyEvent.safeParse(listed).success && !event.safeParse(listed).success;

/** A reply that lists events, without those; any other reply as it is. What is no event at all stays, for the contract to refuse. */
export const withKnownEvents = (reply: unknown): unknown => {
  if (reply === null || typeof reply !== "object" || !("events" in reply) || !Array.isArray(reply.events)) return reply;
  return { ...reply, events: reply.events.filter((listed) => !isUnknown(listed)) };
};
