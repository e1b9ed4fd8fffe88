/** Sends what waits in the outbox: straight after the batch that wrote it, and by cron for what was left behind. */
import { addressOf, type MessageQueue, messageQueues } from "../domain/dead-letters/dead-letter.ts";
import type { ClaimedMessage } from "../effects.ts";
import { log } from "../log.ts";
import { read } from "../storage/database.ts";
import {
  type OutboxRow,
  claimMessages,
  claimOwnMessages,
  claimedForMs,
  countOutboxAttempt,
  deleteOutbox,
  ownMessagesQuery,
  queueOf,
  relayBatchSize,
  releaseOutbox,
} from "../storage/outbox.ts";
import { writeQuietly } from "../storage/write.ts";
import { inMs, nowOf } from "./context.ts";
import { type KeepContext, keepDeadLetter } from "./dead-letters/keep-dead-letter.ts";

export type OutboxQueues = Record<MessageQueue, Pick<Queue, "sendBatch">>;

/** After so many refusals of it alone, while others are taken, a message is given up. */
const maxAttempts = 10;
/** The same where nothing else was sent: then it may as well be the queue. Once a minute, most of two hours. */
const maxAttemptsInOutage = 100;
/** One by one, after so many refusals without a success it is the queue that refuses. */
const refusalsOfQueue = 3;

/**
 * Claims, sends, and deletes: relays that overlap send each message once, and a crash sends again, which the consumer
 * ignores. A message that cannot be sent holds up no other: it is tried by itself, and in the end kept with the dead
 * letters.
 * @param of the workspace whose batch was written just now, with what it has claimed; null for what is left of all
 * workspaces, by cron
 * @returns how many messages were sent; throws when a queue takes none, with the rows kept
 */
export const relayOutbox = async (
  ctx: KeepContext,
  queues: OutboxQueues,
  of: { workspaceId: string | null; claimed?: readonly ClaimedMessage[] } = { workspaceId: null },
): Promise<number> => {
  const rows = of.claimed ?? (await claimRows(ctx, of.workspaceId));
  const readable: Message[] = [];
  for (const row of inTurns(rows)) {
    const message = messageOf(row);
    if ("cause" in message) await quarantine(ctx, row, row.payload, message.cause);
    else readable.push(message);
  }
  const byQueue = messageQueues.flatMap((name) => {
    const own = readable.filter(({ queue }) => queue === name);
    return own.length === 0 ? [] : [{ name, own }];
  });
  const outcomes = await Promise.all(
    byQueue.map(async ({ name, own }) => ({ own, ...(await sendAll(queues[name], own)) })),
  );
  const sent = outcomes.flatMap((outcome) => outcome.sent);
  if (sent.length > 0) await writeQuietly(ctx.db, [deleteOutbox(rowsOf(sent))]);
  for (const outcome of outcomes) await afterRefusal(ctx, outcome.own, outcome);
  const silent = outcomes.find((outcome) => outcome.sent.length === 0);
  if (silent) throw silent.refused[0]?.error;
  return sent.length;
};

const claimRows = async (ctx: KeepContext, workspaceId: string | null): Promise<OutboxRow[]> => {
  if (workspaceId === null) {
    const [rows] = await read(ctx.db, claimMessages(nowOf(ctx), inMs(ctx, claimedForMs), relayBatchSize));
    return rows;
  }
  const own = ownMessagesQuery(workspaceId);
  const claimed = await writeQuietly(ctx.db, [own, claimOwnMessages(workspaceId, ctx.nowMs())]);
  return claimed.written ? claimed.results.of(own) : [];
};

/** The statement returns them in any order. */
const inTurns = (rows: readonly OutboxRow[]): OutboxRow[] => {
  const age = (a: OutboxRow, b: OutboxRow): number => compare(a.createdAt, b.createdAt) || a.position - b.position;
  const turns = new Map<string, number>();
  return rows
    .toSorted(age)
    .map((row) => {
      const turn = turns.get(row.workspaceId) ?? 0;
      turns.set(row.workspaceId, turn + 1);
      return { row, turn };
    })
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ row }) => row);
};

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

interface Message {
  row: OutboxRow;
  queue: MessageQueue;
  body: unknown;
}

interface Outcome {
  sent: Message[];
  refused: { message: Message; error: unknown }[];
}

const rowsOf = (messages: readonly Message[]): OutboxRow[] => messages.map(({ row }) => row);

const messageOf = (row: OutboxRow): Message | { cause: string } => {
  const queue = queueOf(row);
  if (!queue) return { cause: `nothing is sent to ${row.destination}` };
  try {
    return { row, queue, body: JSON.parse(row.payload) };
  } catch {
    return { cause: "the message is not JSON" };
  }
};

/** Together; when that is refused one by one, those that were refused least first, to find which it is. */
const sendAll = async (queue: OutboxQueues[MessageQueue], messages: readonly Message[]): Promise<Outcome> => {
  const send = (some: readonly Message[]) => queue.sendBatch(some.map(({ body }) => ({ body })));
  const outcome: Outcome = { sent: [], refused: [] };
  try {
    await send(messages);
    return { ...outcome, sent: [...messages] };
  } catch (error) {
    const [only] = messages;
    if (only && messages.length === 1) return { ...outcome, refused: [{ message: only, error }] };
  }
  for (const message of messages.toSorted((a, b) => a.row.attempts - b.row.attempts)) {
    try {
      await send([message]);
      outcome.sent.push(message);
    } catch (error) {
      outcome.refused.push({ message, error });
      if (outcome.sent.length === 0 && outcome.refused.length >= refusalsOfQueue) break;
    }
  }
  return outcome;
};

const afterRefusal = async (ctx: KeepContext, own: readonly Message[], { sent, refused }: Outcome): Promise<void> => {
  if (refused.length === 0) return;
  const tried = new Set([...sent, ...refused.map(({ message }) => message)]);
  await writeQuietly(ctx.db, [
    countOutboxAttempt(rowsOf(refused.map(({ message }) => message))),
    releaseOutbox(rowsOf(own.filter((message) => !tried.has(message)))),
  ]);
  const max = sent.length > 0 ? maxAttempts : maxAttemptsInOutage;
  for (const { message, error } of refused) {
    const { row, queue, body } = message;
    const { traceId = null } = addressOf(body);
    log("outbox.refused", { traceId, workspaceId: row.workspaceId, id: row.id, queue, error: String(error) });
    if (row.attempts + 1 >= max) await quarantine(ctx, row, body, `the queue does not take it: ${String(error)}`);
  }
};

const quarantine = async (ctx: KeepContext, row: OutboxRow, body: unknown, cause: string): Promise<void> => {
  const queue = queueOf(row) ?? row.destination;
  const message = { id: row.id, queue, body, cause, attempts: row.attempts + 1 };
  await keepDeadLetter(ctx, message, [deleteOutbox([row])]);
};
