/** Sends what waits in the outbox: straight after the batch that wrote it, and by cron for what was left behind. */
import { type Database, read, write } from "../storage/database.ts";
import { type PushMessage, countOutboxAttempt, deleteOutbox, outboxQuery } from "../storage/outbox.ts";

/** Queues take 100 messages and 256 KB a call, 128 KB a message; ours are a few hundred bytes. */
export const relayBatchSize = 100;

/**
 * Sends first and deletes after: a crash between the two sends twice, which the consumer ignores.
 * @returns how many messages were sent; throws when the queue refuses, with the rows kept
 */
export const relayOutbox = async (db: Database, queue: Pick<Queue<PushMessage>, "sendBatch">): Promise<number> => {
  const [rows] = await read(db, outboxQuery(db, relayBatchSize));
  if (rows.length === 0) return 0;
  try {
    await queue.sendBatch(rows.map(({ message }) => ({ body: message })));
  } catch (error) {
    await write(db, [countOutboxAttempt(db, rows)]);
    throw error;
  }
  await write(db, [deleteOutbox(db, rows)]);
  return rows.length;
};
