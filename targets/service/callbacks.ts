import type { TargetWebhook } from "../../shared/targets/protocol.ts";
import type { JobKey } from "./target.ts";

/** The content of a callback. `set` adds values that only the database has. */
export interface CallbackEvent {
  type: TargetWebhook["type"];
  target: string;
  fields?: Record<string, string | number>;
  /** JSON path → SQL, over the receipt's columns and `?1`, `?2`. */
  set?: Record<string, string>;
  /** SQL condition; without it the callback is always inserted. */
  when?: string;
}

/** Inserts a callback into the outbox, in the batch of the reported effect. */
export const writeCallback = (
  db: D1Database,
  { portfolioId, jobId }: JobKey,
  event: CallbackEvent,
  nowMs: number,
): D1PreparedStatement => {
  const occurredAt = new Date(nowMs).toISOString();
  const body = { type: event.type, jobId, target: event.target, portfolioId, occurredAt, ...event.fields };
  const set = Object.entries({ "$.attempt": "attempt", ...event.set }).map(([path, sql]) => `'${path}', ${sql}`);
  return db
    .prepare(
      `INSERT INTO callbacks (portfolio_id, job_id, webhook_id, type, body, due_at_ms, created_at)
       SELECT portfolio_id, job_id, ?3, ?4, json_set(?5, ${set.join(", ")}), ?6, ?7 FROM receipts
       WHERE portfolio_id = ?1 AND job_id = ?2 AND ${event.when ?? "true"}`,
    )
    .bind(portfolioId, jobId, `msg_${crypto.randomUUID()}`, event.type, JSON.stringify(body), nowMs, occurredAt);
};

/** Sends the reports of a job again under the same webhook ids, to the address of its latest request. */
export const resendCallbacks = (
  db: D1Database,
  { portfolioId, jobId }: JobKey,
  callbackUrl: string,
  nowMs: number,
): D1PreparedStatement[] => [
  db
    .prepare("UPDATE receipts SET callback_url = ?3 WHERE portfolio_id = ?1 AND job_id = ?2")
    .bind(portfolioId, jobId, callbackUrl),
  db
    .prepare(
      `UPDATE callbacks SET state = 'pending', attempts = 0, due_at_ms = ?3
       WHERE portfolio_id = ?1 AND job_id = ?2 AND type <> 'job.progress' AND state IN ('delivered', 'dead')`,
    )
    .bind(portfolioId, jobId, nowMs),
];
