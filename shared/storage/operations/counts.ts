import * as z from "zod/mini";
import { type Counted, countedEvents, durations, totals } from "../../domain/operations/counts.ts";
import { eventTypes } from "../../domain/events/event-types.ts";
import { time } from "../../domain/time.ts";
import { type Query, many, mustChange, only } from "../database.ts";
import { rowOf } from "../row.ts";
import { type Sql, among, sql } from "../sql.ts";

const countSchema = z.object({
  name: z.enum([...Object.keys(durations), ...Object.keys(totals)] as [Counted["name"]]),
  label: z.string(),
  count: z.number(),
  sum: z.number(),
});
const countRow = rowOf(countSchema, { table: "operation_counts" });

/** Adds to the day's, and to those since the beginning, one after the other. @param day UTC, YYYY-MM-DD */
export const addCounts = (counts: readonly (Counted & { day: string })[]): Sql =>
  sql`INSERT INTO operation_counts (day, name, label, count, sum)
    SELECT d.value, c.value ->> '$.name', c.value ->> '$.label', c.value ->> '$.count', c.value ->> '$.sum'
    FROM json_each(${counts}) c, json_each(json_array(c.value ->> '$.day', '')) d WHERE true
    ON CONFLICT (day, name, label) DO UPDATE SET count = count + excluded.count, sum = sum + excluded.sum`;

/** Since the beginning. */
export const countsInAllQuery = (): Query<Counted[]> =>
  many(countRow)`SELECT ${countRow.columns} FROM operation_counts WHERE day = '' ORDER BY name, label`;

/** Of the days from `from` on, until `before`: as many rows as there are kinds a day. */
export const countsOfDaysQuery = (from: string, before: string): Query<Counted[]> =>
  many(countRow)`SELECT ${countRow.columns} FROM operation_counts
    WHERE day >= ${from} AND day < ${before} ORDER BY day, name, label`;

/** Forgets days before `day`; what is counted since the beginning stays. */
export const pruneCounts = (day: string, limit: number): Sql =>
  sql`DELETE FROM operation_counts WHERE rowid IN (SELECT rowid FROM operation_counts
    WHERE day > '' AND day < ${day} ORDER BY day LIMIT ${limit})`;

const cursorSchema = z.object({ value: z.int(), updatedAt: time });
const cursorRow = rowOf(cursorSchema);

export const cursorQuery = (): Query<z.infer<typeof cursorSchema>> =>
  only(cursorSchema)`SELECT ${cursorRow.columns} FROM operation_cursor WHERE name = 'events'`;

const countableSchema = z.object({
  id: z.int(),
  type: z.enum(eventTypes),
  at: time,
  since: z.nullable(time),
});
const countableRow = rowOf(countableSchema, {
  of: "e",
  from: { at: "e.created_at", since: "j.dispatched_at" },
});

/** Events of all workspaces after an id, in its order: at most `limit` are looked at, whatever they are. */
export const countableEventsQuery = (after: number, limit: number): Query<z.infer<typeof countableSchema>[]> =>
  many(countableRow)`SELECT ${countableRow.columns} FROM (
      SELECT * FROM job_events WHERE id > ${after} ORDER BY id LIMIT ${limit}) e
    LEFT JOIN jobs j ON j.id = e.job_id
    WHERE e.type ${among(countedEvents)} ORDER BY e.id`;

/** The last of them, counted or not. */
export const lastIdQuery = (after: number, limit: number): Query<{ id: number }> =>
  only(z.object({ id: z.int() }))`SELECT COALESCE(MAX(id), ${after}) AS id FROM (
    SELECT id FROM job_events WHERE id > ${after} ORDER BY id LIMIT ${limit})`;

/** Fails the batch where another run of cron has moved it. */
export const moveCursor = (from: number, to: number, now: string) =>
  mustChange(sql`UPDATE operation_cursor SET value = ${to}, updated_at = ${now}
    WHERE name = 'events' AND value = ${from}`);
