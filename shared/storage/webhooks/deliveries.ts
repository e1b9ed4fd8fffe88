/** What becomes of telling webhooks of events. A delivery is made by the trigger `webhook_fan_out`, in its event's transaction. */
import * as z from "zod/mini";
import { eventTypes } from "../../domain/events/event-types.ts";
import { type DeliveryState, stateNames } from "../../domain/states.ts";
import { type Delivery, type Profile, profileNames } from "../../domain/webhooks/webhook.ts";
import { type Database, type Effectful, type Query, column, effectful, many, one } from "../database.ts";
import { FromBatch } from "../from-batch.ts";

/** A wake-up call: it names a delivery and how many of its attempts have ended, and the consumer reads the row. */
export const deliveryMessage = z.object({
  workspaceId: z.string(),
  deliveryId: z.string(),
  attempt: z.int(),
  traceId: z.string(),
});
export type DeliveryMessage = z.infer<typeof deliveryMessage>;

const deliveryRow = z.object({
  number: z.int(),
  id: z.string(),
  endpoint_id: z.string(),
  webhook_number: z.int(),
  event_id: z.int(),
  event_type: z.enum(eventTypes),
  state: z.enum(stateNames("delivery")),
  attempts: z.int(),
  next_at: z.nullable(z.string()),
  status: z.nullable(z.int()),
  error: z.nullable(z.string()),
  duration_ms: z.nullable(z.int()),
  created_at: z.string(),
  ended_at: z.nullable(z.string()),
});

const parseDelivery = (row: unknown): Delivery => {
  const parsed = deliveryRow.parse(row);
  return {
    number: parsed.number,
    id: parsed.id,
    webhookId: parsed.endpoint_id,
    webhookNumber: parsed.webhook_number,
    eventId: parsed.event_id,
    eventType: parsed.event_type,
    state: parsed.state,
    attempts: parsed.attempts,
    nextAt: parsed.next_at,
    status: parsed.status,
    error: parsed.error,
    durationMs: parsed.duration_ms,
    createdAt: parsed.created_at,
    endedAt: parsed.ended_at,
  };
};

const selectDeliveries = `SELECT d.number, d.id, d.endpoint_id, e.number AS webhook_number, d.event_id, v.type AS event_type,
    d.state, d.attempts, d.next_at, d.status, d.error, d.duration_ms, d.created_at, d.ended_at
  FROM webhook_deliveries d
  JOIN webhook_endpoints e ON e.workspace_id = d.workspace_id AND e.id = d.endpoint_id
  JOIN job_events v ON v.id = d.event_id`;

export interface DeliveryFilter {
  /** Of the webhook. */
  webhookId: string;
  state: DeliveryState | null;
}

/** Below a number, or the newest; newest first. */
export const deliveriesBeforeQuery = (
  db: Database,
  workspaceId: string,
  { webhookId, state }: DeliveryFilter,
  before: number | null,
  limit: number,
): Query<Delivery[]> =>
  many(
    db
      .prepare(
        `${selectDeliveries} WHERE d.workspace_id = ?1 AND d.endpoint_id = ?2 AND d.number < ?3 AND (?4 IS NULL OR d.state = ?4)
         ORDER BY d.number DESC LIMIT ?5`,
      )
      .bind(workspaceId, webhookId, before ?? Number.MAX_SAFE_INTEGER, state, limit),
    parseDelivery,
  );

const readNumber = column("number", z.int());

/** The numbers of the `limit` deliveries from one on upwards, lowest first: the page above the one below `from`. */
export const deliveryNumbersFromQuery = (
  db: Database,
  workspaceId: string,
  { webhookId, state }: DeliveryFilter,
  from: number,
  limit: number,
): Query<number[]> =>
  many(
    db
      .prepare(
        `SELECT number FROM webhook_deliveries
         WHERE workspace_id = ?1 AND endpoint_id = ?2 AND number >= ?3 AND (?4 IS NULL OR state = ?4) ORDER BY number LIMIT ?5`,
      )
      .bind(workspaceId, webhookId, from, state, limit),
    readNumber,
  );

export const deliveryQuery = (db: Database, workspaceId: string, number: number): Query<Delivery | null> =>
  one(
    db.prepare(`${selectDeliveries} WHERE d.workspace_id = ?1 AND d.number = ?2`).bind(workspaceId, number),
    parseDelivery,
  );

/** A delivery with all that sending it takes; its secrets go nowhere else. */
export interface DeliveryToSend {
  id: string;
  webhookId: string;
  webhookNumber: number;
  state: DeliveryState;
  attempts: number;
  retries: number;
  url: string;
  profile: Profile;
  /** That of now first, then the one before, while that counts. */
  secrets: string[];
  failures: number;
  failingSince: string | null;
  createdBy: string;
}

const toSendRow = z.object({
  id: z.string(),
  endpoint_id: z.string(),
  webhook_number: z.int(),
  state: z.enum(stateNames("delivery")),
  attempts: z.int(),
  retries: z.int(),
  url: z.string(),
  profile: z.enum(profileNames),
  secret: z.string(),
  old_secret: z.nullable(z.string()),
  failures: z.int(),
  failing_since: z.nullable(z.string()),
  created_by: z.string(),
});

/** Null when its webhook was deleted. */
export const deliveryToSendQuery = (
  db: Database,
  workspaceId: string,
  id: string,
  now: string,
): Query<DeliveryToSend | null> =>
  one(
    db
      .prepare(
        `SELECT d.id, d.endpoint_id, e.number AS webhook_number, d.state, d.attempts, d.retries, e.url, e.profile, e.secret,
           CASE WHEN e.old_secret_until > ?3 THEN e.old_secret END AS old_secret, e.failures, e.failing_since, e.created_by
         FROM webhook_deliveries d
         JOIN webhook_endpoints e ON e.workspace_id = d.workspace_id AND e.id = d.endpoint_id
         WHERE d.workspace_id = ?1 AND d.id = ?2`,
      )
      .bind(workspaceId, id, now),
    (row) => {
      const parsed = toSendRow.parse(row);
      return {
        id: parsed.id,
        webhookId: parsed.endpoint_id,
        webhookNumber: parsed.webhook_number,
        state: parsed.state,
        attempts: parsed.attempts,
        retries: parsed.retries,
        url: parsed.url,
        profile: parsed.profile,
        secrets: [parsed.secret, ...(parsed.old_secret === null ? [] : [parsed.old_secret])],
        failures: parsed.failures,
        failingSince: parsed.failing_since,
        createdBy: parsed.created_by,
      };
    },
  );

/** An attempt begins: nobody else makes it meanwhile. Follow with `assertChanges()`. */
export const claimDelivery = (
  db: Database,
  workspaceId: string,
  { id, attempts }: Pick<DeliveryToSend, "id" | "attempts">,
  until: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_deliveries SET sending_until = ?4, next_at = ?4, updated_at = ?5
       WHERE workspace_id = ?1 AND id = ?2 AND state = 'pending' AND attempts = ?3
         AND (sending_until IS NULL OR sending_until <= ?5)`,
    )
    .bind(workspaceId, id, attempts, until, now);

/** How an attempt ended. */
export interface AttemptEnd {
  status: number | null;
  error: string | null;
  durationMs: number;
}

/** It has arrived, whatever was thought of it meanwhile. */
export const completeDelivery = (
  db: Database,
  workspaceId: string,
  id: string,
  end: AttemptEnd,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_deliveries SET state = 'delivered', attempts = attempts + 1, next_at = NULL, sending_until = NULL,
         status = ?3, error = NULL, duration_ms = ?4, updated_at = ?5, ended_at = ?5
       WHERE workspace_id = ?1 AND id = ?2 AND state IN ('pending', 'failed')`,
    )
    .bind(workspaceId, id, end.status, end.durationMs, now);

/** An attempt has failed: the next one is at `nextAt`, or it is given up. Follow with `assertChanges()`. */
export const recordFailure = (
  db: Database,
  workspaceId: string,
  { id, attempts }: Pick<DeliveryToSend, "id" | "attempts">,
  end: AttemptEnd,
  nextAt: string | null,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_deliveries SET state = CASE WHEN ?7 IS NULL THEN 'failed' ELSE 'pending' END, attempts = attempts + 1,
         retries = retries + 1, next_at = ?7, sending_until = NULL, status = ?4, error = ?5, duration_ms = ?6,
         updated_at = ?8, ended_at = CASE WHEN ?7 IS NULL THEN ?8 END
       WHERE workspace_id = ?1 AND id = ?2 AND state = 'pending' AND attempts = ?3`,
    )
    .bind(workspaceId, id, attempts, end.status, end.error, end.durationMs, nextAt, now);

/** The webhook is disabled: what waits is kept as failed, to be replayed. */
export const failPending = (db: Database, workspaceId: string, webhookId: string, now: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE webhook_deliveries SET state = 'failed', next_at = NULL, sending_until = NULL,
         error = COALESCE(error, 'was not called: the webhook was disabled'), updated_at = ?3, ended_at = ?3
       WHERE workspace_id = ?1 AND endpoint_id = ?2 AND state = 'pending'`,
    )
    .bind(workspaceId, webhookId, now);

export const deleteDeliveries = (db: Database, workspaceId: string, webhookId: string): D1PreparedStatement =>
  db
    .prepare("DELETE FROM webhook_deliveries WHERE workspace_id = ?1 AND endpoint_id = ?2")
    .bind(workspaceId, webhookId);

/** SQL: those that should have been looked at before `?1`, at most `?2`; the workspaces take turns. */
const due = `SELECT number FROM (
    SELECT number, next_at, ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY next_at, number) AS turn
    FROM webhook_deliveries WHERE state = 'pending' AND next_at <= ?1)
  ORDER BY turn, next_at, number LIMIT ?2`;

/**
 * Puts messages for what is due into the outbox, across workspaces, and looks at it again at `again`: the outbox takes each
 * once, and an attempt is made once however many messages ask for it.
 */
export const queueDueStatements = (
  db: Database,
  { before, again, now, limit }: { before: string; again: string; now: string; limit: number },
): { queue: Effectful; postpone: Query<number[]> } => ({
  queue: effectful(
    db
      .prepare(
        `INSERT INTO outbox (workspace_id, id, destination, payload, created_at)
         SELECT d.workspace_id, d.id || ':' || d.attempts, 'queue:cv-deliveries',
           json_object('workspaceId', d.workspace_id, 'deliveryId', d.id, 'attempt', d.attempts, 'traceId', v.trace_id), ?3
         FROM webhook_deliveries d JOIN job_events v ON v.id = d.event_id
         WHERE d.number IN (${due}) ORDER BY d.next_at
         ON CONFLICT DO NOTHING`,
      )
      .bind(before, limit, now),
    { kind: "relay_outbox" },
  ),
  postpone: many(
    db
      .prepare(`UPDATE webhook_deliveries SET next_at = ?3 WHERE number IN (${due}) RETURNING number`)
      .bind(before, limit, again),
    readNumber,
  ),
});

/** A person wants it sent again; the trigger puts it into the outbox. Follow with `assertChanges()`. */
export const replayDelivery = (db: Database, workspaceId: string, number: number, now: string): Effectful =>
  effectful(
    db
      .prepare(
        `UPDATE webhook_deliveries SET state = 'pending', retries = 0, next_at = ?3, ended_at = NULL, updated_at = ?3
       WHERE workspace_id = ?1 AND number = ?2 AND state IN ('failed', 'delivered')`,
      )
      .bind(workspaceId, number, now),
    { kind: "relay_outbox" },
  );

/** Times, ISO 8601: from the first up to and without the second. */
export interface TimeRange {
  since: string;
  until: string;
}

/** The same for what has failed of a webhook's events of that time, oldest first. */
export const replayFailed = (
  db: Database,
  workspaceId: string,
  webhookId: string,
  { since, until }: TimeRange,
  limit: number,
  now: string,
): Effectful =>
  effectful(
    db
      .prepare(
        `UPDATE webhook_deliveries SET state = 'pending', retries = 0, next_at = ?6, ended_at = NULL, updated_at = ?6
       WHERE number IN (SELECT number FROM webhook_deliveries
         WHERE workspace_id = ?1 AND endpoint_id = ?2 AND state = 'failed' AND created_at >= ?3 AND created_at < ?4
         ORDER BY created_at, number LIMIT ?5)
`,
      )
      .bind(workspaceId, webhookId, since, until, limit, now),
    { kind: "relay_outbox" },
  );

/** Makes deliveries of that time's events that were never made, because the webhook was disabled: oldest first, none of before the webhook itself. */
export const insertMissed = (
  db: Database,
  workspaceId: string,
  webhookId: string,
  { since, until }: TimeRange,
  limit: number,
  now: string,
): Effectful =>
  effectful(
    db
      .prepare(
        `INSERT INTO webhook_deliveries (workspace_id, id, endpoint_id, event_id, state, next_at, created_at, updated_at)
       SELECT ?1, 'msg_' || e.id || '_' || v.id, e.id, v.id, 'pending', ?6, v.created_at, ?6
       FROM webhook_endpoints e JOIN job_events v ON v.workspace_id = e.workspace_id
       WHERE e.workspace_id = ?1 AND e.id = ?2 AND v.created_at >= ?3 AND v.created_at < ?4 AND v.created_at >= e.created_at
         AND v.type <> 'webhook.tested' AND EXISTS (SELECT 1 FROM json_each(e.events) WHERE v.type GLOB json_each.value)
         AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d
           WHERE d.workspace_id = ?1 AND d.id = 'msg_' || e.id || '_' || v.id)
       ORDER BY v.id LIMIT ?5`,
      )
      .bind(workspaceId, webhookId, since, until, limit, now),
    { kind: "relay_outbox" },
  );

/** How many of the webhook's deliveries of before `until` the batch has made pending, at `at`. */
export const replayedCount = (
  workspaceId: string,
  webhookId: string,
  { at, until }: { at: string; until: string },
): FromBatch<number> =>
  new FromBatch(
    `(SELECT COUNT(*) FROM webhook_deliveries
       WHERE workspace_id = ?1 AND endpoint_id = ?2 AND state = 'pending' AND updated_at = ?3 AND created_at < ?4)`,
    [workspaceId, webhookId, at, until],
    z.int(),
  );

/** Forgets what has arrived, across workspaces: at most `limit`, oldest first. */
export const pruneDeliveries = (db: Database, before: string, limit: number): D1PreparedStatement =>
  db
    .prepare(
      `DELETE FROM webhook_deliveries WHERE number IN (SELECT number FROM webhook_deliveries
         WHERE state = 'delivered' AND ended_at < ?1 ORDER BY ended_at LIMIT ?2)`,
    )
    .bind(before, limit);
