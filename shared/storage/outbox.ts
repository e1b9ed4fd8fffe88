import * as z from "zod/mini";
import { type MessageQueue, messageQueues } from "../domain/dead-letters/dead-letter.ts";
import { type Database, type Effectful, type Query, effectful, many } from "./database.ts";
import { rowOf } from "./row.ts";
import { type Fragment, fragment, row, sql } from "./sql.ts";

/** A wake-up call: it names a job, and the consumer reads the row. */
export const pushMessage = z.object({
  workspaceId: z.string(),
  jobId: z.string(),
  attempt: z.int(),
  /** Of the request that asked for the push; messages from before it was sent have none. */
  traceId: z.optional(z.string()),
});
export type PushMessage = z.infer<typeof pushMessage>;

const outboxSchema = z.object({
  workspaceId: z.string(),
  id: z.string(),
  /** `queue:<name>` */
  destination: z.string(),
  /** JSON, which its receiver parses. */
  payload: z.string(),
  /** How often it was refused by itself. */
  attempts: z.int(),
});
export type OutboxRow = z.infer<typeof outboxSchema>;

const outboxRow = rowOf(outboxSchema);

/** The workspaces take turns, each with its oldest row first: one that has much to send holds up no other. */
export const outboxQuery = (db: Database, limit: number): Query<OutboxRow[]> =>
  many(
    sql(db)`SELECT ${outboxRow.columns} FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY created_at, rowid) AS turn
        FROM outbox)
      ORDER BY turn, created_at LIMIT ${limit}`,
    outboxRow.parse,
  );

const destinationOf = (queue: MessageQueue): string => `queue:${queue}`;

/** Whether events of the workspace wait to be sent to webhooks. */
export const deliveriesWaitQuery = (db: Database, workspaceId: string): Query<boolean> => ({
  statement: sql(db)`SELECT 1 FROM outbox
    WHERE workspace_id = ${workspaceId} AND destination = ${destinationOf("cv-deliveries")} LIMIT 1`,
  parse: (rows) => rows.length > 0,
});

/** The queue of a row; null for a destination that nobody knows. */
export const queueOf = ({ destination }: Pick<OutboxRow, "destination">): MessageQueue | null =>
  messageQueues.find((queue) => destination === destinationOf(queue)) ?? null;

const messageRow = (workspaceId: string, id: string, queue: MessageQueue, payload: object, now: string): Fragment =>
  row({ workspaceId, id, destination: destinationOf(queue), payload, createdAt: now });

export const insertMessage = (
  db: Database,
  { workspaceId, id, queue }: { workspaceId: string; id: string; queue: MessageQueue },
  message: object,
  now: string,
): Effectful =>
  effectful(sql(db)`INSERT INTO outbox ${messageRow(workspaceId, id, queue, message, now)}`, { kind: "relay_outbox" });

/** With the trace of the job's push, as the batch finds it. */
export const insertPushMessage = (
  db: Database,
  id: string,
  message: Omit<PushMessage, "traceId">,
  now: string,
): Effectful => {
  const { workspaceId, jobId } = message;
  const traceId = fragment`(SELECT p.trace_id FROM jobs j
    JOIN pushes p ON p.workspace_id = j.workspace_id AND p.id = j.push_id
    WHERE j.workspace_id = ${workspaceId} AND j.id = ${jobId})`;
  const payload = fragment`json_patch(${message}, json_object('traceId', ${traceId}))`;
  return effectful(sql(db)`INSERT INTO outbox ${messageRow(workspaceId, id, "cv-push", payload, now)}`, {
    kind: "relay_outbox",
  });
};

type OutboxKey = Pick<OutboxRow, "workspaceId" | "id">;

const isOneOf = (rows: readonly OutboxKey[]): Fragment =>
  fragment`(workspace_id, id) IN (SELECT value ->> '$[0]', value ->> '$[1]'
    FROM json_each(${rows.map(({ workspaceId, id }) => [workspaceId, id])}))`;

/** What has been sent. */
export const deleteOutbox = (db: Database, rows: readonly OutboxKey[]): D1PreparedStatement =>
  sql(db)`DELETE FROM outbox WHERE ${isOneOf(rows)}`;

export const countOutboxAttempt = (db: Database, rows: readonly OutboxKey[]): D1PreparedStatement =>
  sql(db)`UPDATE outbox SET attempts = attempts + 1 WHERE ${isOneOf(rows)}`;
