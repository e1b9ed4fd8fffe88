import { queueDueStatements } from "../../storage/webhooks/deliveries.ts";
import type { Database } from "../../storage/database.ts";
import { writeQuietly } from "../../storage/write.ts";
import { inMs, nowOf } from "../context.ts";

/** The queue itself delivers on time, as a rule. */
const graceMs = 90_000;
/** What is queued and not sent by then is queued once more. */
const againMs = 600_000;

/**
 * Puts what is due, and that no message in a queue has woken, into the outbox. The relay, cron's next step, sends it.
 * @returns how many there were, at most `limit`
 */
export const queueDueDeliveries = async (
  ctx: { db: Database; nowMs: () => number },
  limit: number,
): Promise<number> => {
  const { queue, postpone } = queueDueStatements(nowOf(ctx), {
    before: inMs(ctx, -graceMs),
    again: inMs(ctx, againMs),
    limit,
  });
  const written = await writeQuietly(ctx.db, [queue, postpone]);
  return written.written ? written.results.of(postpone).length : 0;
};
