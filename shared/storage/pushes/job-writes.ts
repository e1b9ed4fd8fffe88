/** How a job moves: each statement is guarded by the state table, and says what must follow it in the batch. */
import type { Job } from "../../domain/pushes/push.ts";
import { sourcesOf } from "../../domain/states.ts";
import type { ApplyResult, Operations } from "../../targets/protocol.ts";
import { type Database, type Effectful, effectful } from "../database.ts";

export interface NewJob {
  id: string;
  pushId: string;
  commitId: string;
  target: string;
  position: number;
  operations: Operations;
  /** Null while it waits for the target before it. */
  dispatch: { at: string; deadlineAt: string } | null;
}

/** A statement that sets a job's deadline, where it has one. */
export const watched = (workspaceId: string, deadlineAt: string | null, statement: D1PreparedStatement): Effectful =>
  effectful(
    statement,
    ...(deadlineAt === null ? [] : [{ kind: "watch_deadline" as const, workspaceId, at: deadlineAt }]),
  );

export const insertJob = (db: Database, workspaceId: string, job: NewJob, now: string): Effectful =>
  watched(
    workspaceId,
    job.dispatch?.deadlineAt ?? null,
    db
      .prepare(
        `INSERT INTO jobs (workspace_id, id, push_id, commit_id, target, position, state, operations, dispatched_at,
         deadline_at, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending', ?7, ?8, ?9, ?10, ?10)`,
      )
      .bind(
        workspaceId,
        job.id,
        job.pushId,
        job.commitId,
        job.target,
        job.position,
        JSON.stringify(job.operations),
        job.dispatch?.at ?? null,
        job.dispatch?.deadlineAt ?? null,
        now,
      ),
  );

type Reference = Pick<Job, "workspaceId" | "id" | "attempt">;

/** A waiting job goes on its way. Follow with `assertChanges()`. */
export const dispatchJob = (db: Database, job: Reference, now: string, deadlineAt: string): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    db
      .prepare(
        `UPDATE jobs SET dispatched_at = ?4, deadline_at = ?5, updated_at = ?4
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state = 'pending' AND dispatched_at IS NULL`,
      )
      .bind(job.workspaceId, job.id, job.attempt, now, deadlineAt),
  );

/**
 * Looks at the job again later, without moving it; not when somebody else has put its deadline off already.
 * Follow with `assertChanges()`.
 */
export const postponeJob = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id" | "state" | "attempt" | "deadlineAt">,
  now: string,
  deadlineAt: string,
): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    db
      .prepare(
        `UPDATE jobs SET deadline_at = ?5, updated_at = ?6
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state = ?4 AND deadline_at IS ?7`,
      )
      .bind(job.workspaceId, job.id, job.attempt, job.state, deadlineAt, now, job.deadlineAt),
  );

/**
 * A request of the job is about to leave: from here on its target may have it. Follow with `assertChanges()`: of two that are
 * about to send it, one does.
 */
export const countTry = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id" | "attempt" | "tries">,
  now: string,
  deadlineAt: string,
): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    db
      .prepare(
        `UPDATE jobs SET tries = tries + 1, deadline_at = ?5, updated_at = ?6
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state = 'pending' AND tries = ?4`,
      )
      .bind(job.workspaceId, job.id, job.attempt, job.tries, deadlineAt, now),
  );

/** The queue will deliver it again by itself; until after that it need not be looked at. */
export const postponeTry = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id" | "attempt" | "tries">,
  deadlineAt: string,
): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    db
      .prepare(
        `UPDATE jobs SET deadline_at = ?5
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state = 'pending' AND tries = ?4`,
      )
      .bind(job.workspaceId, job.id, job.attempt, job.tries, deadlineAt),
  );

/** A guard of its own: fails the batch when more than so many requests of the job have left. */
export const expectTries = (db: Database, job: Reference, max: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), 0 FROM jobs WHERE workspace_id = ?1 AND id = ?2 AND tries > ?3`,
    )
    .bind(job.workspaceId, job.id, max);

/** The target has answered 202. Changes nothing when a webhook was faster. */
export const acceptJob = (db: Database, job: Reference, now: string, deadlineAt: string): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    db
      .prepare(
        `UPDATE jobs SET state = 'processing', stage = COALESCE(stage, 'accepted'), accepted_at = ?4, deadline_at = ?5,
         waiting_since = NULL, updated_at = ?4
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state = 'pending'`,
      )
      .bind(job.workspaceId, job.id, job.attempt, now, deadlineAt),
  );

/** Progress never goes back, and never touches a job that has its outcome. Follow with `assertChanges()`. */
export const progressJob = (
  db: Database,
  job: Reference,
  progress: { stage: string; percent: number },
  now: string,
  deadlineAt: string,
): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    db
      .prepare(
        `UPDATE jobs SET state = 'processing', stage = CASE WHEN ?5 >= percent THEN ?4 ELSE stage END,
         percent = MAX(percent, ?5), accepted_at = COALESCE(accepted_at, ?6), deadline_at = ?7,
         waiting_since = NULL, updated_at = ?6
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state IN ('pending', 'processing')`,
      )
      .bind(job.workspaceId, job.id, job.attempt, progress.stage, progress.percent, now, deadlineAt),
  );

/** `completed` from any attempt is the truth. Follow with `assertChanges()`. */
export const completeJob = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id">,
  result: ApplyResult,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE jobs SET completed_after = CASE WHEN state IN ('timeout', 'failed') THEN state END,
         state = 'completed', stage = 'applied', percent = 100, result = ?3, error_code = NULL,
         error_message = NULL, completed_at = ?4, deadline_at = NULL, waiting_since = NULL, updated_at = ?4
       WHERE workspace_id = ?1 AND id = ?2 AND state IN (SELECT value FROM json_each(?5))`,
    )
    .bind(job.workspaceId, job.id, JSON.stringify(result), now, JSON.stringify(sourcesOf("job", "completed")));

/** Moves a job to failed, timeout or cancelled with its reason. Follow with `assertChanges()`. */
export const stopJob = (
  db: Database,
  job: Reference,
  to: "failed" | "timeout" | "cancelled",
  error: { code: string; message: string },
  now: string,
  deadlineAt: string | null,
): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    db
      .prepare(
        `UPDATE jobs SET state = ?4, error_code = ?5, error_message = ?6, updated_at = ?7, deadline_at = ?8,
         waiting_since = NULL, completed_at = CASE WHEN ?4 = 'timeout' THEN NULL ELSE ?7 END
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state IN (SELECT value FROM json_each(?9))`,
      )
      .bind(
        job.workspaceId,
        job.id,
        job.attempt,
        to,
        error.code,
        error.message,
        now,
        deadlineAt,
        JSON.stringify(sourcesOf("job", to)),
      ),
  );

/** The same key again, one attempt higher. Follow with `assertChanges()`. */
export const retryJob = (db: Database, job: Reference, again: Operations, now: string, deadlineAt: string): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    db
      .prepare(
        `UPDATE jobs SET state = 'pending', attempt = attempt + 1, operations = ?4, stage = NULL, percent = 0,
         error_code = NULL, error_message = NULL, dispatched_at = ?5, accepted_at = NULL, completed_at = NULL,
         deadline_at = ?6, tries = 0, waiting_since = NULL, updated_at = ?5
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state IN (SELECT value FROM json_each(?7))`,
      )
      .bind(
        job.workspaceId,
        job.id,
        job.attempt,
        JSON.stringify(again),
        now,
        deadlineAt,
        JSON.stringify(sourcesOf("job", "pending")),
      ),
  );

/** A job that never left is taken back by a person. Follow with `assertChanges()`. */
export const cancelUnsentJob = (db: Database, job: Reference, now: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE jobs SET state = 'cancelled', error_code = 'cancelled', error_message = 'Taken back before it was sent',
         completed_at = ?4, deadline_at = NULL, waiting_since = NULL, updated_at = ?4
       WHERE workspace_id = ?1 AND id = ?2 AND attempt = ?3 AND state = 'pending' AND tries = 0`,
    )
    .bind(job.workspaceId, job.id, job.attempt, now);

/** Jobs of a commit that never left, because the target before them failed; not those that wait for one under way. */
export const cancelWaitingJobs = (
  db: Database,
  workspaceId: string,
  commitId: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE jobs SET state = 'cancelled', error_code = 'superseded', error_message = 'Superseded before it was sent',
         completed_at = ?3, deadline_at = NULL, updated_at = ?3
       WHERE workspace_id = ?1 AND commit_id = ?2 AND state = 'pending' AND dispatched_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM jobs before
           WHERE before.workspace_id = ?1 AND before.push_id = jobs.push_id AND before.dispatched_at IS NOT NULL
             AND before.state IN ('pending', 'processing', 'timeout'))`,
    )
    .bind(workspaceId, commitId, now);

/** Jobs of a commit that still wait to bring to a target what it has by now. */
export const cancelWaitingForTarget = (
  db: Database,
  job: Pick<Job, "workspaceId" | "commitId" | "target">,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE jobs SET state = 'cancelled', error_code = 'superseded', error_message = 'Superseded before it was sent',
         completed_at = ?4, deadline_at = NULL, updated_at = ?4
       WHERE workspace_id = ?1 AND commit_id = ?2 AND target = ?3 AND state = 'pending' AND dispatched_at IS NULL`,
    )
    .bind(job.workspaceId, job.commitId, job.target, now);

/** What is known of a completed job later: that search finds it, that it was compared. */
export const recordSearchable = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id">,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE jobs SET searchable_at = ?3, updated_at = ?3
       WHERE workspace_id = ?1 AND id = ?2 AND searchable_at IS NULL`,
    )
    .bind(job.workspaceId, job.id, now);

/** May come before the completion: then there is no result yet, and none is made up. */
export const recordVerified = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id">,
  verdict: { synced: boolean; d1Count: number; vectorCount: number | null },
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE jobs SET verified_at = ?3, synced = ?4, updated_at = ?3,
         result = json_set(result, '$.d1Count', ?5, '$.vectorCount', ?6, '$.synced', json(?7))
       WHERE workspace_id = ?1 AND id = ?2 AND verified_at IS NULL`,
    )
    .bind(
      job.workspaceId,
      job.id,
      now,
      verdict.synced ? 1 : 0,
      verdict.d1Count,
      verdict.vectorCount,
      verdict.synced ? "true" : "false",
    );

/**
 * A guard of its own, where the batch decides whether a push is over: fails it when a job of the push has come to its end, for
 * good, since the jobs were read.
 */
export const expectSettled = (db: Database, workspaceId: string, pushId: string, count: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), ?3 FROM jobs
       WHERE workspace_id = ?1 AND push_id = ?2 AND state IN ('completed', 'cancelled')`,
    )
    .bind(workspaceId, pushId, count);

/** A guard of its own: fails the batch when a job of the commit is on its way or its outcome is unknown. */
export const assertNoRunningJob = (db: Database, workspaceId: string, commitId: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), 0 FROM jobs
       WHERE workspace_id = ?1 AND commit_id = ?2 AND dispatched_at IS NOT NULL
         AND state IN ('pending', 'processing', 'timeout')`,
    )
    .bind(workspaceId, commitId);
