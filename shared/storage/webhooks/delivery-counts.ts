/** How telling the webhooks of a workspace goes, in numbers. */
import * as z from "zod/mini";
import { type Database, type Query, many } from "../database.ts";

/** Since two moments, of which `recent` is the later one. */
export interface Since {
  recent: string;
  day: string;
}

const countsRow = z.object({
  endpoint_id: z.string(),
  recent_delivered: z.int(),
  recent_failed: z.int(),
  day_delivered: z.int(),
  day_failed: z.int(),
});

export interface EndedCounts {
  webhookId: string;
  recent: { delivered: number; failed: number };
  day: { delivered: number; failed: number };
}

/** Deliveries that have ended, by webhook. */
export const endedCountsQuery = (db: Database, workspaceId: string, since: Since): Query<EndedCounts[]> =>
  many(
    db
      .prepare(
        `SELECT endpoint_id, SUM(state = 'delivered' AND ended_at >= ?3) AS recent_delivered,
           SUM(state = 'failed' AND ended_at >= ?3) AS recent_failed, SUM(state = 'delivered') AS day_delivered,
           SUM(state = 'failed') AS day_failed
         FROM webhook_deliveries WHERE workspace_id = ?1 AND ended_at >= ?2 GROUP BY endpoint_id`,
      )
      .bind(workspaceId, since.day, since.recent),
    (row) => {
      const parsed = countsRow.parse(row);
      return {
        webhookId: parsed.endpoint_id,
        recent: { delivered: parsed.recent_delivered, failed: parsed.recent_failed },
        day: { delivered: parsed.day_delivered, failed: parsed.day_failed },
      };
    },
  );

const createdRow = z.object({ endpoint_id: z.string(), recent: z.int(), day: z.int() });

/** Deliveries of events of that time, by webhook. */
export const createdCountsQuery = (
  db: Database,
  workspaceId: string,
  since: Since,
): Query<{ webhookId: string; recent: number; day: number }[]> =>
  many(
    db
      .prepare(
        `SELECT endpoint_id, SUM(created_at >= ?3) AS recent, COUNT(*) AS day
         FROM webhook_deliveries WHERE workspace_id = ?1 AND created_at >= ?2 GROUP BY endpoint_id`,
      )
      .bind(workspaceId, since.day, since.recent),
    (row) => {
      const { endpoint_id, recent, day } = createdRow.parse(row);
      return { webhookId: endpoint_id, recent, day };
    },
  );

const pendingRow = z.object({ endpoint_id: z.string(), count: z.int(), oldest: z.string() });

/** What waits, by webhook, and since when the oldest of it does. */
export const pendingCountsQuery = (
  db: Database,
  workspaceId: string,
): Query<{ webhookId: string; count: number; oldest: string }[]> =>
  many(
    db
      .prepare(
        `SELECT endpoint_id, COUNT(*) AS count, MIN(created_at) AS oldest
         FROM webhook_deliveries WHERE workspace_id = ?1 AND state = 'pending' GROUP BY endpoint_id`,
      )
      .bind(workspaceId),
    (row) => {
      const { endpoint_id, count, oldest } = pendingRow.parse(row);
      return { webhookId: endpoint_id, count, oldest };
    },
  );

const failedRow = z.object({ endpoint_id: z.string(), count: z.int() });

/** What is kept as failed, by webhook. */
export const failedCountsQuery = (db: Database, workspaceId: string): Query<{ webhookId: string; count: number }[]> =>
  many(
    db
      .prepare(
        `SELECT endpoint_id, COUNT(*) AS count
         FROM webhook_deliveries WHERE workspace_id = ?1 AND state = 'failed' GROUP BY endpoint_id`,
      )
      .bind(workspaceId),
    (row) => {
      const { endpoint_id, count } = failedRow.parse(row);
      return { webhookId: endpoint_id, count };
    },
  );
