import * as z from "zod/mini";
import { type MessageQueue, messageQueues } from "../domain/dead-letters/dead-letter.ts";
import { type Database, type Effectful, type Query, effectful, many } from "./database.ts";

/** A wake-up call: it names a job, and the consumer reads the row. */
export const pushMessage = z.object({
  workspaceId: z.string(),
  jobId: z.string(),
  attempt: z.int(),
  /** Of the request that asked for the push; messages from before it was sent have none. */
  traceId: z.optional(z.string()),
});
export type PushMessage = z.infer<typeof pushMessage>;

export interface OutboxRow {
  workspaceId: string;
  id: string;
  /** `queue:<name>` */
  destination: string;
  /** JSON, which its receiver parses. */
  payload: string;
  /** How often it was refused by itself. */
  attempts: number;
}

const outboxRow = z.object({
  workspace_id: z.string(),
  id: z.string(),
  destination: z.string(),
  payload: z.string(),
  attempts: z.int(),
});

/** The workspaces take turns, each with its oldest row first: one that has much to send holds up no other. */
export const outboxQuery = (db: Database, limit: number): Query<OutboxRow[]> =>
  many(
    db
      .prepare(
        `SELECT workspace_id, id, destination, payload, attempts FROM (
           SELECT workspace_id, id, destination, payload, attempts, created_at,
             ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY created_at, rowid) AS turn
           FROM outbox)
         ORDER BY turn, created_at LIMIT ?1`,
      )
      .bind(limit),
    (row) => {
      const { workspace_id, ...rest } = outboxRow.parse(row);
      return { workspaceId: workspace_id, ...rest };
    },
  );

/** Whether events of the workspace wait to be told to webhooks. */
export const deliveriesWaitQuery = (db: Database, workspaceId: string): Query<boolean> => ({
  statement: db
    .prepare("SELECT 1 FROM outbox WHERE workspace_id = ?1 AND destination = 'queue:cv-deliveries' LIMIT 1")
    .bind(workspaceId),
  parse: (rows) => rows.length > 0,
});

/** The queue of a row; null for a destination that nobody knows. */
export const queueOf = ({ destination }: Pick<OutboxRow, "destination">): MessageQueue | null =>
  messageQueues.find((queue) => destination === `queue:${queue}`) ?? null;

export const insertMessage = (
  db: Database,
  row: { workspaceId: string; id: string; queue: MessageQueue },
  message: object,
  now: string,
): Effectful =>
  effectful(
    db
      .prepare("INSERT INTO outbox (workspace_id, id, destination, payload, created_at) VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(row.workspaceId, row.id, `queue:${row.queue}`, JSON.stringify(message), now),
    { kind: "relay_outbox" },
  );

/** With the trace of the job's push, as the batch finds it. */
export const insertPushMessage = (
  db: Database,
  id: string,
  message: Omit<PushMessage, "traceId">,
  now: string,
): Effectful =>
  effectful(
    db
      .prepare(
        `INSERT INTO outbox (workspace_id, id, destination, payload, created_at)
       VALUES (?1, ?2, 'queue:cv-push', json_patch(?3, json_object('traceId',
         (SELECT p.trace_id FROM jobs j JOIN pushes p ON p.workspace_id = j.workspace_id AND p.id = j.push_id
          WHERE j.workspace_id = ?1 AND j.id = ?4))), ?5)`,
      )
      .bind(message.workspaceId, id, JSON.stringify(message), message.jobId, now),
    { kind: "relay_outbox" },
  );

type OutboxKey = Pick<OutboxRow, "workspaceId" | "id">;

/** SQL for the keys in `?1`. */
const keys = "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?1)";
const keysText = (rows: readonly OutboxKey[]): string =>
  JSON.stringify(rows.map(({ workspaceId, id }) => [workspaceId, id]));

/** What has been sent. */
export const deleteOutbox = (db: Database, rows: readonly OutboxKey[]): D1PreparedStatement =>
  db.prepare(`DELETE FROM outbox WHERE (workspace_id, id) IN (${keys})`).bind(keysText(rows));

export const countOutboxAttempt = (db: Database, rows: readonly OutboxKey[]): D1PreparedStatement =>
  db.prepare(`UPDATE outbox SET attempts = attempts + 1 WHERE (workspace_id, id) IN (${keys})`).bind(keysText(rows));
