/** Keeps what could not be delivered or handled, with its cause, and records what becomes of it. */
import { type Actor, systemActor } from "../../domain/workspace/actor.ts";
import { type DeadLetterKey, addressOf, deadLetterOf } from "../../domain/dead-letters/dead-letter.ts";
import { firstOf } from "../../domain/text.ts";
import { log } from "../../log.ts";
import { invalidateHomes } from "../../storage/cards.ts";
import { takeNumber } from "../../storage/counters.ts";
import { assertChanges, read } from "../../storage/database.ts";
import {
  type NewDeadLetter,
  countDeadLetter,
  insertDeadLetter,
  ownerQuery,
  resolveDeadLetter,
  returnDeadLetter,
  sameDeadLetterQuery,
} from "../../storage/dead-letters/dead-letters.ts";
import type { EventType } from "../../domain/events/event-types.ts";
import { insertEvent } from "../../storage/events/events.ts";
import { type Statement, type WriteContext, write } from "../../storage/write.ts";

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

const clipped = (cause: string): string => firstOf(cause, causeLength);

const nowOf = ({ nowMs }: Pick<KeepContext, "nowMs">): string => new Date(nowMs()).toISOString();

const eventAbout = (
  { db }: KeepContext,
  type: Extract<EventType, `dead_letter.${string}`>,
  { workspaceId, id }: DeadLetterKey,
  data: Record<string, unknown>,
  traceId: string | null,
  actor: Actor,
  now: string,
): Statement[] => {
  const event = insertEvent(db, workspaceId, { type, data: { deadLetterId: id, ...data } }, actor, traceId ?? "", now);
  // Nobody has a Home, and nobody follows.
  return workspaceId === nobody ? [event.statement] : [invalidateHomes(db, workspaceId, now), event];
};

/** The statements that keep a dead letter, for the batch that gives the message up. An existing one fails the batch. */
export const keepStatements = (
  ctx: KeepContext,
  deadLetter: NewDeadLetter,
  actor: Actor = systemActor("queue"),
): Statement[] => {
  const now = nowOf(ctx);
  const { queue, cause } = deadLetter;
  return [
    takeNumber(ctx.db, deadLetter.workspaceId, "dead_letter"),
    insertDeadLetter(ctx.db, { ...deadLetter, cause: clipped(cause) }, now),
    ...eventAbout(
      ctx,
      "dead_letter.kept",
      deadLetter,
      { queue, cause: firstOf(cause, 200) },
      deadLetter.traceId,
      actor,
      now,
    ),
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
  rest: Statement[] = [],
): Promise<string | null> => {
  const { queue, attempts, cause } = message;
  const earlier = deadLetterOf(message.body);
  const workspaceId = earlier?.workspaceId ?? (await ownerOf(ctx, message.body));
  const statements = earlier
    ? returnStatements(ctx, earlier, message)
    : await firstStatements(ctx, workspaceId, message);
  const kept = await write(ctx, [...statements, ...rest]);
  if (!kept.written && rest.length > 0) await write(ctx, rest);
  const { jobId, traceId } = addressOf(message.body);
  log("dead_letter.kept", { workspaceId, traceId, jobId, queue, id: earlier?.id ?? message.id, cause, attempts });
  return workspaceId === nobody ? null : workspaceId;
};

const firstStatements = async (
  ctx: KeepContext,
  workspaceId: string,
  { id, queue, cause, attempts, body }: Undeliverable,
): Promise<Statement[]> => {
  const { jobId = null, traceId = null } = addressOf(body);
  const deadLetter: NewDeadLetter = { workspaceId, id, queue, body: textOf(body), cause, attempts, jobId, traceId };
  const [same] = await read(ctx.db, sameDeadLetterQuery(ctx.db, workspaceId, queue, deadLetter.body));
  if (same === null || same === id) return keepStatements(ctx, deadLetter);
  return [countDeadLetter(ctx.db, { workspaceId, id: same }, { cause: clipped(cause), attempts }, nowOf(ctx))];
};

const ownerOf = async ({ db }: KeepContext, body: unknown): Promise<string> => {
  const [owner] = await read(db, ownerQuery(db, addressOf(body)));
  return owner ?? nobody;
};

const textOf = (body: unknown): string => JSON.stringify(body) ?? "undefined";

const returnStatements = (
  ctx: KeepContext,
  deadLetter: DeadLetterKey,
  { queue, cause, attempts, body }: Undeliverable,
): Statement[] => {
  const now = nowOf(ctx);
  const traceId = addressOf(body).traceId ?? null;
  const data = { queue, cause: firstOf(cause, 200), again: true };
  return [
    returnDeadLetter(ctx.db, deadLetter, { cause: clipped(cause), attempts }, now),
    assertChanges(ctx.db),
    ...eventAbout(ctx, "dead_letter.kept", deadLetter, data, traceId, systemActor("queue"), now),
  ];
};

/**
 * A message that was sent again from a dead letter has been handled. Writes nothing for any other.
 * @returns whose dead letter it was; null when nothing has changed
 */
export const resolveDeadLetterOf = async (ctx: KeepContext, body: unknown): Promise<string | null> => {
  const deadLetter = deadLetterOf(body);
  if (!deadLetter) return null;
  const { db } = ctx;
  const traceId = addressOf(body).traceId ?? null;
  const resolved = await write(ctx, [
    resolveDeadLetter(db, deadLetter),
    assertChanges(db),
    ...eventAbout(ctx, "dead_letter.resolved", deadLetter, {}, traceId, systemActor("queue"), nowOf(ctx)),
  ]);
  if (!resolved.written) return null;
  log("dead_letter.resolved", { ...deadLetter, traceId });
  return deadLetter.workspaceId;
};
