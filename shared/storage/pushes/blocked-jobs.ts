/** The jobs that wait for a target that does not answer. */
import type { Job } from "../../domain/pushes/push.ts";
import type { Effectful } from "../database.ts";
import { type At, type Sql, sql } from "../sql.ts";
import { watched } from "./job-writes.ts";

/** The job waits, from now or from when it began to. Nothing happens when it has moved on. */
export const holdUpJob = (at: At, job: Pick<Job, "id" | "attempt">, until: string): Effectful =>
  watched(at, until)`UPDATE jobs
    SET waiting_since = COALESCE(waiting_since, ${at.now}), deadline_at = ${until}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${job.id} AND attempt = ${job.attempt} AND state = 'pending'`;

const isBlockedBy = (target: string, { workspaceId }: At): Sql =>
  sql`workspace_id = ${workspaceId} AND target = ${target} AND waiting_since IS NOT NULL AND state = 'pending'`;

/** All that wait for the target are looked at again then: one of them will be tried. */
export const postponeBlocked = (at: At, target: string, until: string): Effectful =>
  watched(at, until)`UPDATE jobs SET deadline_at = ${until} WHERE ${isBlockedBy(target, at)}`;

/**
 * All that wait for the target fall due one after the other, those that have waited longest first: it has only just
 * come back.
 * @param spacingMs between one and the next
 */
export const releaseBlocked = (at: At, target: string, spacingMs: number): Effectful =>
  watched(at, at.now)`WITH turns AS MATERIALIZED (
      SELECT id, ROW_NUMBER() OVER (ORDER BY waiting_since, created_at) AS turn
      FROM jobs WHERE ${isBlockedBy(target, at)})
    UPDATE jobs SET waiting_since = NULL, dispatched_at = ${at.now}, updated_at = ${at.now}, deadline_at =
      strftime('%Y-%m-%dT%H:%M:%fZ', ${at.now}, printf('+%.3f seconds', turns.turn * ${spacingMs} / 1000.0))
    FROM turns WHERE jobs.workspace_id = ${at.workspaceId} AND jobs.id = turns.id`;
