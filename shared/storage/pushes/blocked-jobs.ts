/** The jobs that wait for a target that does not answer. */
import type { Job } from "../../domain/pushes/push.ts";
import { staleCards } from "../cards.ts";
import type { Database, Effectful } from "../database.ts";
import { watched } from "./job-writes.ts";

/** The job waits, from now or from when it began to. Nothing happens when it has moved on. */
export const holdUpJob = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id" | "attempt">,
  now: string,
  until: string,
): Effectful =>
  watched(
    job.workspaceId,
    until,
    db
      .prepare(
        `UPDATE jobs SET waiting_since = COALESCE(waiting_since, ?4), deadline_at = ?5, updated_at = ?4
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state = 'pending'`,
      )
      .bind(job.workspaceId, job.id, job.attempt, now, until),
  );

/** All that wait for the target are looked at again then: one of them will be tried. */
export const postponeBlocked = (
  db: Database,
  { workspaceId, target }: Pick<Job, "workspaceId" | "target">,
  until: string,
): Effectful =>
  watched(
    workspaceId,
    until,
    db
      .prepare(
        `UPDATE jobs SET deadline_at = ?3
       WHERE workspace_id = ?1 AND target = ?2 AND waiting_since IS NOT NULL AND state = 'pending'`,
      )
      .bind(workspaceId, target, until),
  );

/** Wants the cards rewritten of all pushes that wait for the target. */
export const invalidateBlockedCards = (
  db: Database,
  { workspaceId, target }: Pick<Job, "workspaceId" | "target">,
  now: string,
): Effectful =>
  staleCards(
    workspaceId,
    db
      .prepare(
        `UPDATE cards SET desired_version = desired_version + 1, updated_at = ?3
       WHERE workspace_id = ?1 AND ended_reason IS NULL
         AND subject_id IN (SELECT push_id FROM jobs
             WHERE workspace_id = ?1 AND target = ?2 AND waiting_since IS NOT NULL
           UNION SELECT commit_id FROM jobs WHERE workspace_id = ?1 AND target = ?2 AND waiting_since IS NOT NULL)`,
      )
      .bind(workspaceId, target, now),
  );

/**
 * All that wait for the target fall due one after the other, those that have waited longest first: it has only just come back.
 * @param spacingMs between one and the next
 */
export const releaseBlocked = (
  db: Database,
  { workspaceId, target }: Pick<Job, "workspaceId" | "target">,
  now: string,
  spacingMs: number,
): Effectful =>
  watched(
    workspaceId,
    now,
    db
      .prepare(
        `WITH turns AS MATERIALIZED (
         SELECT id, ROW_NUMBER() OVER (ORDER BY waiting_since, created_at) AS turn
         FROM jobs WHERE workspace_id = ?1 AND target = ?2 AND waiting_since IS NOT NULL AND state = 'pending')
       UPDATE jobs SET waiting_since = NULL, dispatched_at = ?3, updated_at = ?3,
         deadline_at = strftime('%Y-%m-%dT%H:%M:%fZ', ?3, printf('+%.3f seconds', turns.turn * ?4 / 1000.0))
       FROM turns WHERE jobs.workspace_id = ?1 AND jobs.id = turns.id`,
      )
      .bind(workspaceId, target, now, spacingMs),
  );
