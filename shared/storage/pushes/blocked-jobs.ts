/** The jobs that wait for a target that does not answer. */
import type { Job } from "../../domain/pushes/push.ts";
import type { Database, Effectful } from "../database.ts";
import { fragment, sql } from "../sql.ts";
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
    sql(db)`UPDATE jobs SET waiting_since = COALESCE(waiting_since, ${now}), deadline_at = ${until}, updated_at = ${now}
    WHERE workspace_id = ${job.workspaceId} AND id = ${job.id} AND attempt = ${job.attempt} AND state = 'pending'`,
  );

const isBlockedAt = ({ workspaceId, target }: Pick<Job, "workspaceId" | "target">) =>
  fragment`workspace_id = ${workspaceId} AND target = ${target} AND waiting_since IS NOT NULL AND state = 'pending'`;

/** All that wait for the target are looked at again then: one of them will be tried. */
export const postponeBlocked = (
  db: Database,
  { workspaceId, target }: Pick<Job, "workspaceId" | "target">,
  until: string,
): Effectful =>
  watched(
    workspaceId,
    until,
    sql(db)`UPDATE jobs SET deadline_at = ${until}
    WHERE ${isBlockedAt({ workspaceId, target })}`,
  );

/**
 * All that wait for the target fall due one after the other, those that have waited longest first: it has only just
 * come back.
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
    sql(db)`WITH turns AS MATERIALIZED (
      SELECT id, ROW_NUMBER() OVER (ORDER BY waiting_since, created_at) AS turn
      FROM jobs WHERE ${isBlockedAt({ workspaceId, target })})
    UPDATE jobs SET waiting_since = NULL, dispatched_at = ${now}, updated_at = ${now},
      deadline_at = strftime('%Y-%m-%dT%H:%M:%fZ', ${now}, printf('+%.3f seconds', turns.turn * ${spacingMs} / 1000.0))
    FROM turns WHERE jobs.workspace_id = ${workspaceId} AND jobs.id = turns.id`,
  );
