import { cronJobs } from "../../shared/schedules.ts";

/** How long what is done is kept, in days; what is open is never deleted. */
export const keptDays = 90;

/** Of one table in one run of cron: 500 a minute are 720,000 a day. */
export const maxPruned = cronJobs.settled.max;

/** What was made before this and is done is deleted. */
export const prunedBefore = (nowMs: number): string => new Date(nowMs - keptDays * 86_400_000).toISOString();

/** Reports that were settled; until then a repeated request for their job sends them again. */
export const pruneCallbacks = async (db: D1Database, nowMs: number): Promise<void> => {
  // The oldest have the smallest ids, so nothing is searched for.
  await db
    .prepare(
      `DELETE FROM callbacks WHERE id IN (SELECT id FROM callbacks ORDER BY id LIMIT ?2)
         AND created_at < ?1 AND state <> 'pending'`,
    )
    .bind(prunedBefore(nowMs), maxPruned)
    .run();
};
