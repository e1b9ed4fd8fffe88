/** How a workspace's deliveries to webhooks go, in numbers. */
import * as z from "zod/mini";
import { time } from "../../domain/time.ts";
import { many } from "../database.ts";
import { rowOf } from "../row.ts";
import { type Sql, sql } from "../sql.ts";

/** Since two moments, of which `recent` is the later one. */
export interface Since {
  recent: string;
  day: string;
}

const webhookId = z.string();
const ended = z.object({ delivered: z.int(), failed: z.int() });
const endedRow = rowOf(z.object({ webhookId, recent: ended, day: ended }));
const createdRow = rowOf(z.object({ webhookId, recent: z.int(), day: z.int() }));
const pendingRow = rowOf(z.object({ webhookId, count: z.int(), oldest: time }));
const failedRow = rowOf(z.object({ webhookId, count: z.int() }));

const endedSince = (moment: string): Sql =>
  sql`json_object('delivered', SUM(state = 'delivered' AND ended_at >= ${moment}),
    'failed', SUM(state = 'failed' AND ended_at >= ${moment}))`;

/** Deliveries that have ended, by webhook. */
export const endedCountsQuery = (workspaceId: string, since: Since) =>
  many(endedRow)`SELECT endpoint_id AS webhookId, ${endedSince(since.recent)} AS recent, ${endedSince(since.day)} AS day
    FROM webhook_deliveries WHERE workspace_id = ${workspaceId} AND ended_at >= ${since.day} GROUP BY endpoint_id`;

/** Deliveries of events of that time, by webhook. */
export const createdCountsQuery = (workspaceId: string, since: Since) =>
  many(createdRow)`SELECT endpoint_id AS webhookId, SUM(created_at >= ${since.recent}) AS recent, COUNT(*) AS day
    FROM webhook_deliveries WHERE workspace_id = ${workspaceId} AND created_at >= ${since.day} GROUP BY endpoint_id`;

/** What waits, by webhook, and since when the oldest of it does. */
export const pendingCountsQuery = (workspaceId: string) =>
  many(pendingRow)`SELECT endpoint_id AS webhookId, COUNT(*) AS count, MIN(created_at) AS oldest
    FROM webhook_deliveries WHERE workspace_id = ${workspaceId} AND state = 'pending' GROUP BY endpoint_id`;

/** What is kept as failed, by webhook. */
export const failedCountsQuery = (workspaceId: string) =>
  many(failedRow)`SELECT endpoint_id AS webhookId, COUNT(*) AS count
    FROM webhook_deliveries WHERE workspace_id = ${workspaceId} AND state = 'failed' GROUP BY endpoint_id`;
