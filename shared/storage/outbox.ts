import type { ClaimedMessage } from "../effects.ts";
import * as z from "zod/mini";
import { type MessageQueue, messageQueues } from "../domain/dead-letters/dead-letter.ts";
import { time } from "../domain/time.ts";
import { type Effectful, type Query, effectful, many } from "./database.ts";
import { rowOf } from "./row.ts";
import { type At, type Sql, row, sql } from "./sql.ts";

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
  createdAt: time,
  /** Of the row, in the order of writing. */
  position: z.int(),
});
export type OutboxRow = z.infer<typeof outboxSchema> & ClaimedMessage;

const outboxRow = rowOf(outboxSchema, { table: "outbox", from: { position: "rowid" } });

const claim = (which: Sql, until: string): Query<OutboxRow[]> =>
  many(outboxRow)`UPDATE outbox SET claimed_until = ${until} WHERE rowid IN (${which}) RETURNING ${outboxRow.columns}`;

/** Queues take 100 messages and 256 KB a call, 128 KB a message; ours are a few hundred bytes. */
export const relayBatchSize = 100;
/** A relay takes a second. What one has claimed and not sent by then is sent by the next one that cron starts. */
export const claimedForMs = 10_000;

/** SQL: nobody sends it. What a queue has refused before is left to cron. */
const isOwn = (workspaceId: string): Sql =>
  sql`workspace_id = ${workspaceId} AND claimed_until IS NULL AND attempts = 0`;

/** SQL: newest first. Those are the rows of the batch that was just written. */
const newestOwn = (columns: Sql, workspaceId: string): Sql =>
  sql`SELECT ${columns} FROM outbox INDEXED BY outbox_unclaimed WHERE ${isOwn(workspaceId)}
    ORDER BY rowid DESC LIMIT ${relayBatchSize}`;

/**
 * What `claimOwnMessages` claims after it in the same batch. Where there is nothing, as a rule, D1 counts one row for
 * both, and three for an UPDATE that returns what it has changed.
 */
export const ownMessagesQuery = (workspaceId: string): Query<OutboxRow[]> =>
  many(outboxRow)`${newestOwn(outboxRow.columns, workspaceId)}`;

export const claimOwnMessages = (workspaceId: string, nowMs: number): Sql =>
  sql`UPDATE outbox INDEXED BY outbox_unclaimed SET claimed_until = ${new Date(nowMs + claimedForMs).toISOString()}
    WHERE ${isOwn(workspaceId)} AND rowid >= (SELECT MIN(rowid) FROM (${newestOwn(sql`rowid`, workspaceId)}))`;

/**
 * Claims what nobody sends any more, too. The workspaces take turns, each with its oldest row first: one that has
 * much to send delays no other.
 */
export const claimMessages = (now: string, until: string, limit: number): Query<OutboxRow[]> =>
  claim(
    sql`SELECT position FROM (
        SELECT rowid AS position, created_at,
          ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY created_at, rowid) AS turn
        FROM outbox INDEXED BY outbox_by_turn WHERE claimed_until IS NULL OR claimed_until <= ${now})
      ORDER BY turn, created_at LIMIT ${limit}`,
    until,
  );

const destinationOf = (queue: MessageQueue): string => `queue:${queue}`;

/** The queue of a row; null for a destination that nobody knows. */
export const queueOf = ({ destination }: Pick<OutboxRow, "destination">): MessageQueue | null =>
  messageQueues.find((queue) => destination === destinationOf(queue)) ?? null;

export const insertMessage = (at: At, id: string, queue: MessageQueue, payload: object): Effectful =>
  effectful({ kind: "relay_outbox", workspaceId: at.workspaceId })`INSERT INTO outbox ${row({
    workspaceId: at.workspaceId,
    id,
    destination: destinationOf(queue),
    payload,
    createdAt: at.now,
  })}`;

/** With the trace of the job's push; where the caller has not read it, as the batch finds it. */
export const insertPushMessage = (
  at: At,
  id: string,
  { jobId, attempt, traceId }: Pick<PushMessage, "jobId" | "attempt" | "traceId">,
): Effectful => {
  const { workspaceId } = at;
  const message = { workspaceId, jobId, attempt };
  if (traceId !== undefined) return insertMessage(at, id, "cv-push", { ...message, traceId });
  const found = sql`(SELECT p.trace_id FROM jobs j
    JOIN pushes p ON p.workspace_id = j.workspace_id AND p.id = j.push_id
    WHERE j.workspace_id = ${workspaceId} AND j.id = ${jobId})`;
  return insertMessage(at, id, "cv-push", sql`json_patch(${message}, json_object('traceId', ${found}))`);
};

type OutboxKey = Pick<OutboxRow, "workspaceId" | "id">;

/** There is one as a rule, which a list would read four times. */
const isOneOf = (rows: readonly OutboxKey[]): Sql => {
  const [first] = rows;
  return rows.length === 1 && first ? sql`workspace_id = ${first.workspaceId} AND id = ${first.id}` : isListed(rows);
};

const isListed = (rows: readonly OutboxKey[]): Sql =>
  sql`(workspace_id, id) IN (SELECT value ->> '$[0]', value ->> '$[1]'
    FROM json_each(${rows.map(({ workspaceId, id }) => [workspaceId, id])}))`;

/** What has been sent. */
export const deleteOutbox = (rows: readonly OutboxKey[]): Sql => sql`DELETE FROM outbox WHERE ${isOneOf(rows)}`;

export const countOutboxAttempt = (rows: readonly OutboxKey[]): Sql =>
  sql`UPDATE outbox SET attempts = attempts + 1, claimed_until = NULL WHERE ${isOneOf(rows)}`;

/** What was claimed and is not sent after all. */
export const releaseOutbox = (rows: readonly OutboxKey[]): Sql =>
  sql`UPDATE outbox SET claimed_until = NULL WHERE ${isOneOf(rows)}`;
