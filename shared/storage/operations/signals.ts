import * as z from "zod/mini";
import { time } from "../../domain/time.ts";
import { type Query, many, only } from "../database.ts";
import { rowOf } from "../row.ts";
import { verbatim } from "../sql.ts";

/** More are not counted: a long queue is long. */
export const maxCounted = 1000;

const waitingSchema = z.object({
  outboxMessages: z.int(),
  outboxOldestAt: z.nullable(time),
  deadLettersWaiting: z.int(),
  pushUnsentAt: z.nullable(time),
  jobDeadlineAt: z.nullable(time),
  deliveryDueAt: z.nullable(time),
});
export type Waiting = z.infer<typeof waitingSchema>;

const unfinished = verbatim("state IN ('pending', 'processing', 'timeout')");

/** What waits, across workspaces: each by an index, and no more than `maxCounted` rows of it. */
export const waitingQuery = (): Query<Waiting> =>
  only(waitingSchema)`SELECT
    (SELECT COUNT(*) FROM (SELECT 1 FROM outbox LIMIT ${maxCounted})) AS outboxMessages,
    (SELECT created_at FROM outbox ORDER BY created_at LIMIT 1) AS outboxOldestAt,
    (SELECT COUNT(*) FROM (SELECT 1 FROM dead_letters WHERE state = 'kept' LIMIT ${maxCounted})) AS deadLettersWaiting,
    (SELECT MIN(dispatched_at) FROM (SELECT dispatched_at FROM jobs WHERE state = 'pending' AND ${unfinished}
        AND tries = 0 AND dispatched_at IS NOT NULL AND waiting_since IS NULL LIMIT ${maxCounted})) AS pushUnsentAt,
    (SELECT MIN(at) FROM (SELECT (SELECT deadline_at FROM jobs WHERE state = s.value AND ${unfinished}
        AND deadline_at IS NOT NULL ORDER BY deadline_at LIMIT 1) AS at
      FROM json_each('["pending","processing","timeout"]') s)) AS jobDeadlineAt,
    (SELECT next_at FROM webhook_deliveries WHERE state = 'pending' ORDER BY next_at LIMIT 1) AS deliveryDueAt`;

const lagSchema = z.object({ destination: z.string(), messages: z.int(), oldestAt: time });
export type Lag = z.infer<typeof lagSchema>;
const lagRow = rowOf(lagSchema, { from: { messages: "COUNT(*)", oldestAt: "MIN(created_at)" } });

/** What waits in the outbox for each queue, of the oldest `maxCounted` messages. */
export const outboxLagsQuery = (): Query<Lag[]> =>
  many(lagRow)`SELECT ${lagRow.columns} FROM (SELECT destination, created_at FROM outbox
    ORDER BY created_at LIMIT ${maxCounted}) GROUP BY destination ORDER BY destination`;

const downSchema = z.object({ target: z.string(), workspaces: z.int() });
export type Down = z.infer<typeof downSchema>;
const downRow = rowOf(downSchema, { from: { workspaces: "COUNT(*)" } });

/** The targets that do not answer, by name, with the number of workspaces that see it. */
export const targetsDownEverywhereQuery = (): Query<Down[]> =>
  many(downRow)`SELECT ${downRow.columns} FROM target_health INDEXED BY target_health_down
    WHERE state <> 'closed' GROUP BY target ORDER BY target LIMIT 100`;

/** The newest migration that D1 has; D1 and wrangler note them in a table of their own. */
export const schemaVersionQuery = (): Query<{ name: string }> =>
  only(z.object({ name: z.string() }))`SELECT MAX(name) AS name FROM d1_migrations`;
