/** Events for webhooks. The trigger `webhook_fan_out` makes a delivery, in its event's transaction. */
import * as z from "zod/mini";
import type { DeliveryState } from "../../domain/states.ts";
import { type Delivery, deliverySchema, webhookSchema } from "../../domain/webhooks/webhook.ts";
import { type Batch, type Query, column, effectful, many, mustChange, one } from "../database.ts";
import { currentNumber, keepChanges } from "../counters.ts";
import { FromBatch } from "../from-batch.ts";
import { type Window, pageQueries } from "../pages.ts";
import { objectOf, rowOf } from "../row.ts";
import { type StoredSecrets, storedSecretsSchema } from "./webhooks.ts";
import { type At, type Sql, leadingTo, sql } from "../sql.ts";

/** A wake-up call: it names a delivery and how many of its attempts have ended, and the consumer reads the row. */
export const deliveryMessage = z.object({
  workspaceId: z.string(),
  deliveryId: z.string(),
  attempt: z.int(),
  traceId: z.string(),
});
export type DeliveryMessage = z.infer<typeof deliveryMessage>;

const deliveryRow = rowOf(deliverySchema, {
  table: "webhook_deliveries",
  of: "d",
  from: { webhookId: "d.endpoint_id", webhookNumber: "e.number", eventId: "v.number", eventType: "v.type" },
});

const selectDeliveries = sql`SELECT ${deliveryRow.columns}
  FROM webhook_deliveries d
  JOIN webhook_endpoints e ON e.workspace_id = d.workspace_id AND e.id = d.endpoint_id
  JOIN job_events v ON v.id = d.event_id`;

export interface DeliveryFilter {
  /** Of the webhook. */
  webhookId: string;
  state: DeliveryState | null;
}

/** Newest first. */
export const deliveryPageQueries = (workspaceId: string, { webhookId, state }: DeliveryFilter, window: Window) => {
  const where = sql`d.workspace_id = ${workspaceId} AND d.endpoint_id = ${webhookId}
    ${state === null ? sql`` : sql`AND d.state = ${state}`}`;
  const from = sql`FROM webhook_deliveries d`;
  return pageQueries({ row: deliveryRow, select: selectDeliveries, from, number: sql`d.number`, where }, window);
};

const readPosition = column("position", z.int());

export const deliveryQuery = (workspaceId: string, number: number): Query<Delivery | null> =>
  one(deliveryRow)`${selectDeliveries} WHERE d.workspace_id = ${workspaceId} AND d.number = ${number}`;

const toSendSchema = z.extend(
  z.pick(deliverySchema, { id: true, webhookId: true, webhookNumber: true, state: true, attempts: true }),
  {
    retries: z.int(),
    ...z.pick(webhookSchema, { url: true, profile: true, failures: true, failingSince: true, createdBy: true }).shape,
  },
);

/** A delivery with all that sending it takes; its secrets go nowhere else. */
export interface DeliveryToSend extends z.infer<typeof toSendSchema> {
  secrets: StoredSecrets;
}

const toSendRow = rowOf(toSendSchema, {
  of: "d",
  from: {
    webhookId: "d.endpoint_id",
    webhookNumber: "e.number",
    url: "e.url",
    profile: "e.profile",
    failures: "e.failures",
    failingSince: "e.failing_since",
    createdBy: "e.created_by",
  },
});
const readSecrets = rowOf(z.object({ secrets: storedSecretsSchema }), {
  from: { secrets: objectOf(storedSecretsSchema, "e") },
});

/** Null when its webhook was deleted. */
export const deliveryToSendQuery = (workspaceId: string, id: string): Query<DeliveryToSend | null> =>
  one({
    parse: (found): DeliveryToSend => ({ ...toSendRow.parse(found), ...readSecrets.parse(found) }),
  })`SELECT ${toSendRow.columns}, ${readSecrets.columns}
    FROM webhook_deliveries d
    JOIN webhook_endpoints e ON e.workspace_id = d.workspace_id AND e.id = d.endpoint_id
    WHERE d.workspace_id = ${workspaceId} AND d.id = ${id}`;

/** An attempt begins: nobody else makes it meanwhile. */
export const claimDelivery = (
  at: At,
  { id, attempts }: Pick<DeliveryToSend, "id" | "attempts">,
  until: string,
): Batch =>
  mustChange(sql`UPDATE webhook_deliveries SET sending_until = ${until}, next_at = ${until}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id} AND state = 'pending' AND attempts = ${attempts}
      AND (sending_until IS NULL OR sending_until <= ${at.now})`);

/** How an attempt ended. */
export interface AttemptEnd {
  status: number | null;
  error: string | null;
  durationMs: number;
}

/** It has arrived, whatever was thought of it meanwhile. */
export const completeDelivery = (at: At, id: string, end: AttemptEnd): Sql =>
  sql`UPDATE webhook_deliveries
    SET state = 'delivered', attempts = attempts + 1, next_at = NULL, sending_until = NULL,
      status = ${end.status}, error = NULL, duration_ms = ${end.durationMs}, updated_at = ${at.now}, ended_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id} AND state ${leadingTo("delivery", "delivered")}`;

/** An attempt has failed: the next one is at `nextAt`, or it is given up. */
export const recordFailure = (
  at: At,
  { id, attempts }: Pick<DeliveryToSend, "id" | "attempts">,
  end: AttemptEnd,
  nextAt: string | null,
): Batch =>
  mustChange(sql`UPDATE webhook_deliveries
    SET state = ${nextAt === null ? "failed" : "pending"}, attempts = attempts + 1, retries = retries + 1,
      next_at = ${nextAt}, sending_until = NULL, status = ${end.status}, error = ${end.error},
      duration_ms = ${end.durationMs}, updated_at = ${at.now}, ended_at = ${nextAt === null ? at.now : null}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id} AND state = 'pending' AND attempts = ${attempts}`);

/** An attempt has failed that was under way when its delivery was given up: it counts, and nothing follows. */
export const recordLateFailure = (
  at: At,
  { id, attempts }: Pick<DeliveryToSend, "id" | "attempts">,
  end: AttemptEnd,
): Sql =>
  sql`UPDATE webhook_deliveries
    SET attempts = attempts + 1, retries = retries + 1, status = ${end.status}, error = ${end.error},
      duration_ms = ${end.durationMs}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id} AND state = 'failed' AND attempts = ${attempts}`;

/** The webhook is disabled: what waits is kept as failed, to be replayed. */
export const failPending = (at: At, webhookId: string): Sql =>
  sql`UPDATE webhook_deliveries SET state = 'failed', next_at = NULL, sending_until = NULL,
      error = COALESCE(error, 'was not called: the webhook was disabled'), updated_at = ${at.now}, ended_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND endpoint_id = ${webhookId} AND state = 'pending'`;

export const deleteDeliveries = (workspaceId: string, webhookId: string): Sql =>
  sql`DELETE FROM webhook_deliveries WHERE workspace_id = ${workspaceId} AND endpoint_id = ${webhookId}`;

/** SQL: those that should have been looked at before then, at most so many; the workspaces take turns. */
const due = (before: string, limit: number): Sql => sql`SELECT position FROM (
    SELECT position, next_at, ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY next_at, position) AS turn
    FROM webhook_deliveries WHERE state = 'pending' AND next_at <= ${before})
  ORDER BY turn, next_at, position LIMIT ${limit}`;

/**
 * Puts messages for what is due into the outbox, across workspaces, and looks at it again at `again`: the outbox takes
 * each once, and an attempt is made once however many messages ask for it.
 */
export const queueDueStatements = (
  now: string,
  { before, again, limit }: { before: string; again: string; limit: number },
): { queue: Sql; postpone: Query<number[]> } => ({
  queue: sql`INSERT INTO outbox (workspace_id, id, destination, payload, created_at)
      SELECT d.workspace_id, d.id || ':' || d.attempts, 'queue:cv-deliveries',
        json_object('workspaceId', d.workspace_id, 'deliveryId', d.id, 'attempt', d.attempts, 'traceId', v.trace_id),
        ${now}
      FROM webhook_deliveries d JOIN job_events v ON v.id = d.event_id
      WHERE d.position IN (${due(before, limit)}) ORDER BY d.next_at
      ON CONFLICT DO NOTHING`,
  postpone: many(readPosition)`UPDATE webhook_deliveries SET next_at = ${again}
      WHERE position IN (${due(before, limit)}) RETURNING position`,
});

const again = (now: string): Sql =>
  sql`state = 'pending', retries = 0, next_at = ${now}, ended_at = NULL, updated_at = ${now}`;

/** A person wants it sent again; the trigger puts it into the outbox. */
export const replayDelivery = (at: At, number: number): Batch =>
  mustChange(effectful({
    kind: "relay_outbox",
    workspaceId: at.workspaceId,
  })`UPDATE webhook_deliveries SET ${again(at.now)}
    WHERE workspace_id = ${at.workspaceId} AND number = ${number} AND state ${leadingTo("delivery", "pending")}`);

/** Times, ISO 8601: from the first up to and without the second. */
export interface TimeRange {
  since: string;
  until: string;
}

/** The same for what has failed of a webhook's events of that time, oldest first. */
export const replayFailed = (at: At, webhookId: string, { since, until }: TimeRange, limit: number): Batch => [
  effectful({ kind: "relay_outbox", workspaceId: at.workspaceId })`UPDATE webhook_deliveries SET ${again(at.now)}
    WHERE position IN (SELECT position FROM webhook_deliveries
      WHERE workspace_id = ${at.workspaceId} AND endpoint_id = ${webhookId} AND state = 'failed'
        AND created_at >= ${since} AND created_at < ${until}
      ORDER BY created_at, position LIMIT ${limit})`,
  keepChanges(at.workspaceId, "replayed_failed"),
];

/** Makes deliveries of events while the webhook was disabled: oldest first, none from before the webhook. */
export const insertMissed = (at: At, webhookId: string, { since, until }: TimeRange, limit: number): Batch => [
  effectful({ kind: "relay_outbox", workspaceId: at.workspaceId })`INSERT INTO webhook_deliveries
      (workspace_id, id, endpoint_id, event_id, state, next_at, created_at, updated_at)
    SELECT ${at.workspaceId}, 'msg_' || e.id || '_' || v.number, e.id, v.id, 'pending', ${at.now}, v.created_at, ${at.now}
    FROM webhook_endpoints e CROSS JOIN job_events v INDEXED BY job_events_by_time ON v.workspace_id = e.workspace_id
    WHERE e.workspace_id = ${at.workspaceId} AND e.id = ${webhookId}
      AND v.created_at >= ${since} AND v.created_at < ${until} AND v.created_at >= e.created_at
      AND v.type <> 'webhook.tested' AND EXISTS (SELECT 1 FROM json_each(e.events) WHERE v.type GLOB json_each.value)
      AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d
        WHERE d.workspace_id = ${at.workspaceId} AND d.id = 'msg_' || e.id || '_' || v.number)
    ORDER BY +v.number LIMIT ${limit}`,
  keepChanges(at.workspaceId, "replayed_missed"),
];

/** How many deliveries `replayFailed` and `insertMissed` have made pending in this batch. */
export const replayedCount = (workspaceId: string): FromBatch<number> => {
  const changed = (counter: "replayed_failed" | "replayed_missed") => currentNumber(workspaceId, counter);
  return new FromBatch(sql`${changed("replayed_failed")} + ${changed("replayed_missed")}`, z.int());
};

/** Forgets what has arrived, across workspaces: at most `limit`, oldest first. */
export const pruneDeliveries = (before: string, limit: number): Sql =>
  sql`DELETE FROM webhook_deliveries WHERE position IN (SELECT position FROM webhook_deliveries
    WHERE state = 'delivered' AND ended_at < ${before} ORDER BY ended_at LIMIT ${limit})`;
