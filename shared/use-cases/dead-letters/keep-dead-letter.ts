/** Keeps what could not be delivered or handled, with its cause, and records what becomes of it. */
import { systemActor } from "../../domain/workspace/actor.ts";
import { addressOf, deadLetterOf } from "../../domain/dead-letters/dead-letter.ts";
import { firstOf } from "../../domain/text.ts";
import { log } from "../../log.ts";
import { invalidateHomes } from "../../storage/cards.ts";
import { takeNumber } from "../../storage/counters.ts";
import { type Batch, read } from "../../storage/database.ts";
import {
  type NewDeadLetter,
  countDeadLetter,
  insertDeadLetter,
  ownerQuery,
  resolveDeadLetter,
  returnDeadLetter,
  sameDeadLetterQuery,
} from "../../storage/dead-letters/dead-letters.ts";
import { insertEvent } from "../../storage/events/events.ts";
import type { At } from "../../storage/sql.ts";
import { type WriteContext, write } from "../../storage/write.ts";
import { nowOf } from "../context.ts";

export interface KeepContext extends WriteContext {
  nowMs: () => number;
}

/** A message of whatever shape, as its queue or the outbox had it. */
export interface Undeliverable {
  /** The message's, so that keeping it twice keeps it once. */
  id: string;
  queue: string;
  body: unknown;
  cause: string;
  attempts: number;
}

/** Nobody's: it is kept, and only the log mentions it. */
const nobody = "-";
const causeLength = 500;
const causeLengthInEvent = 200;

const eventAbout = (
  at: At,
  type: "dead_letter.kept" | "dead_letter.resolved",
  { id, traceId }: { id: string; traceId: string | null | undefined },
  data: Record<string, unknown>,
): Batch => {
  const event = insertEvent(at, { type, data: { deadLetterId: id, ...data } }, systemActor("queue"), traceId ?? "");
  // Nobody has a Home, and nobody follows.
  return at.workspaceId === nobody ? event.statement : [invalidateHomes(at), event];
};

/** Keeps a new dead letter. An existing one fails the batch. */
export const keepNew = (at: At, deadLetter: NewDeadLetter): Batch => {
  const { queue, cause } = deadLetter;
  return [
    takeNumber(at.workspaceId, "dead_letter"),
    insertDeadLetter(at, { ...deadLetter, cause: firstOf(cause, causeLength) }),
    eventAbout(at, "dead_letter.kept", deadLetter, { queue, cause: firstOf(cause, causeLengthInEvent) }),
  ];
};

/**
 * One that was sent again by a person comes back to its dead letter. One that is kept already, or was discarded
 * meanwhile, changes nothing. `rest` are statements that are written either way.
 * @returns whose it is; null for nobody's
 */
export const keepDeadLetter = async (
  ctx: KeepContext,
  message: Undeliverable,
  rest: Batch = [],
): Promise<string | null> => {
  const { queue, attempts, cause, body } = message;
  const { jobId = null, traceId = null } = addressOf(body);
  const earlier = deadLetterOf(body);
  const workspaceId = earlier?.workspaceId ?? (await ownerOf(ctx, body));
  const at = { workspaceId, now: nowOf(ctx) };
  const kept = earlier
    ? keepAgain(at, { id: earlier.id, traceId }, message)
    : await keepFirst(ctx, at, { ...message, body: JSON.stringify(body) ?? "undefined", jobId, traceId });
  if (!(await write(ctx, [kept, rest])).written) await write(ctx, rest);
  log("dead_letter.kept", { workspaceId, traceId, jobId, queue, id: earlier?.id ?? message.id, cause, attempts });
  return workspaceId === nobody ? null : workspaceId;
};

const ownerOf = async ({ db }: KeepContext, body: unknown): Promise<string> => {
  const [owner] = await read(db, ownerQuery(addressOf(body)));
  return owner ?? nobody;
};

const keepFirst = async ({ db }: KeepContext, at: At, deadLetter: NewDeadLetter): Promise<Batch> => {
  const { id, queue, body, cause, attempts } = deadLetter;
  const [same] = await read(db, sameDeadLetterQuery(at.workspaceId, queue, body));
  if (same === null || same === id) return keepNew(at, deadLetter);
  return countDeadLetter(at, same, { cause: firstOf(cause, causeLength), attempts });
};

const keepAgain = (
  at: At,
  deadLetter: { id: string; traceId: string | null },
  { queue, cause, attempts }: Undeliverable,
): Batch => [
  returnDeadLetter(at, deadLetter.id, { cause: firstOf(cause, causeLength), attempts }),
  eventAbout(at, "dead_letter.kept", deadLetter, { queue, cause: firstOf(cause, causeLengthInEvent), again: true }),
];

/**
 * A message that was sent again from a dead letter has been handled. Writes nothing for any other.
 * @returns whose dead letter it was; null when nothing has changed
 */
export const resolveDeadLetterOf = async (ctx: KeepContext, body: unknown): Promise<string | null> => {
  const deadLetter = deadLetterOf(body);
  if (!deadLetter) return null;
  const { workspaceId, id } = deadLetter;
  const at = { workspaceId, now: nowOf(ctx) };
  const { traceId = null } = addressOf(body);
  const resolved = await write(ctx, [
    resolveDeadLetter(at, id),
    eventAbout(at, "dead_letter.resolved", { id, traceId }, {}),
  ]);
  if (!resolved.written) return null;
  log("dead_letter.resolved", { ...deadLetter, traceId });
  return workspaceId;
};
