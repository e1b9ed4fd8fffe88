import * as z from "zod/mini";
import { alertNames } from "../../domain/operations/alerts.ts";
import { time } from "../../domain/time.ts";
import { type Batch, type Query, many, mustChange, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type Sql, sql } from "../sql.ts";

const alertSchema = z.object({
  name: z.enum(alertNames),
  state: z.enum(["quiet", "raised"]),
  /** What was measured when the state last changed. */
  value: z.number(),
  noticeId: z.string(),
  raisedAt: time,
  clearedAt: z.nullable(time),
});
export type AlertRow = z.infer<typeof alertSchema>;

const alertRow = rowOf(alertSchema, { table: "alerts" });

/** One row for each alert that was ever raised. */
export const alertsQuery = (): Query<AlertRow[]> =>
  many(alertRow)`SELECT ${alertRow.columns} FROM alerts ORDER BY name`;

/** Null when it has been raised again since: that time has a notice of its own. */
export const alertOfNoticeQuery = (noticeId: string): Query<AlertRow | null> =>
  one(alertRow)`SELECT ${alertRow.columns} FROM alerts WHERE notice_id = ${noticeId}`;

/** Raises a quiet alert; fails the batch where another run has done so. */
export const raiseAlert = (name: AlertRow["name"], value: number, noticeId: string, now: string): Batch =>
  mustChange(sql`INSERT INTO alerts (name, state, value, notice_id, raised_at)
    VALUES (${name}, 'raised', ${value}, ${noticeId}, ${now})
    ON CONFLICT (name) DO UPDATE SET state = 'raised', value = excluded.value, notice_id = excluded.notice_id,
      raised_at = excluded.raised_at, cleared_at = NULL WHERE state = 'quiet'`);

export const clearAlert = (name: AlertRow["name"], value: number, now: string): Sql =>
  sql`UPDATE alerts SET state = 'quiet', value = ${value}, cleared_at = ${now}
    WHERE name = ${name} AND state = 'raised'`;
