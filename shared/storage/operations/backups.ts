import * as z from "zod/mini";
import { time } from "../../domain/time.ts";
import { type Query, one, only } from "../database.ts";
import { type Sql, sql } from "../sql.ts";

/** What signs webhooks stands as it is for the version before; everything else is a hash or encrypted. */
export const secretColumns = { webhook_endpoints: ["secret", "old_secret"] };

const lastSchema = z.object({
  /** When the last complete one was made; null before the first. */
  madeAt: z.nullable(time),
  bytes: z.nullable(z.int()),
  /** When the first was looked for: since when one has been missing, while there is none. */
  firstTriedAt: z.nullable(time),
});
export type LastBackup = z.infer<typeof lastSchema>;

export const lastBackupQuery = (): Query<LastBackup> =>
  only(lastSchema)`SELECT
    (SELECT made_at FROM backups WHERE made_at IS NOT NULL ORDER BY made_at DESC LIMIT 1) AS madeAt,
    (SELECT bytes FROM backups WHERE made_at IS NOT NULL ORDER BY made_at DESC LIMIT 1) AS bytes,
    (SELECT MIN(tried_at) FROM (SELECT tried_at FROM backups ORDER BY day LIMIT 1)) AS firstTriedAt`;

export interface BackupOutcome {
  day: string;
  /** What is missing; null where it is complete. */
  problem: string | null;
  isOneMoment: boolean;
  bytes: number;
  rows: number;
}

export const recordBackup = ({ day, problem, isOneMoment, bytes, rows }: BackupOutcome, now: string): Sql =>
  sql`INSERT INTO backups (day, state, problem, is_one_moment, bytes, rows, tried_at, made_at)
    VALUES (${day}, ${problem === null ? "complete" : "failed"}, ${problem}, ${isOneMoment}, ${bytes}, ${rows}, ${now},
      ${problem === null ? now : null})
    ON CONFLICT (day) DO UPDATE SET state = excluded.state, problem = excluded.problem,
      is_one_moment = excluded.is_one_moment, bytes = excluded.bytes, rows = excluded.rows, made_at = excluded.made_at`;

/** Whether a job was dispatched or has reported between two moments: its target's rows may have changed. */
export const movedBetweenQuery = (from: string, to: string): Query<{ updatedAt: string } | null> =>
  one(z.object({ updatedAt: time }))`SELECT created_at AS updatedAt FROM (
    SELECT type, created_at FROM job_events ORDER BY id DESC LIMIT 1000)
    WHERE created_at >= ${from} AND created_at <= ${to} AND type GLOB 'job.*' LIMIT 1`;

/** Forgets days before `day`: R2 says itself what it has. */
export const pruneBackups = (day: string): Sql => sql`DELETE FROM backups WHERE day < ${day}`;
