/** How a job moves: each statement is guarded by the state table, and says what must follow it in the batch. */
import type { Job } from "../../domain/pushes/push.ts";
import { activeJobStates, openJobStates, settledJobStates, stoppedJobStates } from "../../domain/states.ts";
import type { ApplyResult, Operations } from "../../targets/protocol.ts";
import { type Database, type Effectful, effectful } from "../database.ts";
import { type Fragment, fragment, inStates, leadingTo, row, sql } from "../sql.ts";

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
    sql(db)`INSERT INTO jobs ${row({
      workspaceId,
      id: job.id,
      pushId: job.pushId,
      commitId: job.commitId,
      target: job.target,
      position: job.position,
      state: "pending",
      operations: job.operations,
      dispatchedAt: job.dispatch?.at ?? null,
      deadlineAt: job.dispatch?.deadlineAt ?? null,
      createdAt: now,
      updatedAt: now,
    })}`,
  );

type Reference = Pick<Job, "workspaceId" | "id" | "attempt">;

const isJob = ({ workspaceId, id }: Pick<Job, "workspaceId" | "id">): Fragment =>
  fragment`workspace_id = ${workspaceId} AND id = ${id}`;
const isAttempt = (job: Reference): Fragment => fragment`${isJob(job)} AND attempt = ${job.attempt}`;
const isOpen = fragment`state ${inStates("job", openJobStates)}`;

/** A waiting job goes on its way. Follow with `assertChanges()`. */
export const dispatchJob = (db: Database, job: Reference, now: string, deadlineAt: string): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    sql(db)`UPDATE jobs SET dispatched_at = ${now}, deadline_at = ${deadlineAt}, updated_at = ${now}
    WHERE ${isAttempt(job)} AND state = 'pending' AND dispatched_at IS NULL`,
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
    sql(db)`UPDATE jobs SET deadline_at = ${deadlineAt}, updated_at = ${now}
    WHERE ${isAttempt(job)} AND state = ${job.state} AND deadline_at IS ${job.deadlineAt}`,
  );

/**
 * A request of the job is about to leave: from here on its target may have it. Follow with `assertChanges()`: of two
 * that are about to send it, one does.
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
    sql(db)`UPDATE jobs SET tries = tries + 1, deadline_at = ${deadlineAt}, updated_at = ${now}
    WHERE ${isAttempt(job)} AND state = 'pending' AND tries = ${job.tries}`,
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
    sql(db)`UPDATE jobs SET deadline_at = ${deadlineAt}
    WHERE ${isAttempt(job)} AND state = 'pending' AND tries = ${job.tries}`,
  );

/** A guard of its own: fails the batch when more than so many requests of the job have left. */
export const expectTries = (db: Database, job: Reference, max: number): D1PreparedStatement =>
  sql(db)`INSERT INTO assertion (actual, expected) SELECT COUNT(*), 0 FROM jobs
    WHERE ${isJob(job)} AND tries > ${max}`;

/** The target has answered 202. Changes nothing when a webhook came first. */
export const acceptJob = (db: Database, job: Reference, now: string, deadlineAt: string): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    sql(db)`UPDATE jobs SET state = 'processing', stage = COALESCE(stage, 'accepted'), accepted_at = ${now},
      deadline_at = ${deadlineAt}, waiting_since = NULL, updated_at = ${now}
    WHERE ${isAttempt(job)} AND state = 'pending'`,
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
    sql(db)`UPDATE jobs SET state = 'processing',
      stage = CASE WHEN ${progress.percent} >= percent THEN ${progress.stage} ELSE stage END,
      percent = MAX(percent, ${progress.percent}), accepted_at = COALESCE(accepted_at, ${now}),
      deadline_at = ${deadlineAt}, waiting_since = NULL, updated_at = ${now}
    WHERE ${isAttempt(job)} AND state ${inStates("job", activeJobStates)}`,
  );

/** `completed` from any attempt is the truth. Follow with `assertChanges()`. */
export const completeJob = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id">,
  result: ApplyResult,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE jobs SET completed_after = CASE WHEN state ${inStates("job", stoppedJobStates)} THEN state END,
      state = 'completed', stage = 'applied', percent = 100, result = ${result}, error_code = NULL,
      error_message = NULL, completed_at = ${now}, deadline_at = NULL, waiting_since = NULL, updated_at = ${now}
    WHERE ${isJob(job)} AND state ${leadingTo("job", "completed")}`;

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
    sql(db)`UPDATE jobs SET state = ${to}, error_code = ${error.code}, error_message = ${error.message},
      updated_at = ${now}, deadline_at = ${deadlineAt}, waiting_since = NULL, completed_at = ${to === "timeout" ? null : now}
    WHERE ${isAttempt(job)} AND state ${leadingTo("job", to)}`,
  );

/** The same key again, one attempt higher. Follow with `assertChanges()`. */
export const retryJob = (db: Database, job: Reference, again: Operations, now: string, deadlineAt: string): Effectful =>
  watched(
    job.workspaceId,
    deadlineAt,
    sql(db)`UPDATE jobs SET state = 'pending', attempt = attempt + 1, operations = ${again}, stage = NULL, percent = 0,
      error_code = NULL, error_message = NULL, dispatched_at = ${now}, accepted_at = NULL, completed_at = NULL,
      deadline_at = ${deadlineAt}, tries = 0, waiting_since = NULL, updated_at = ${now}
    WHERE ${isAttempt(job)} AND state ${leadingTo("job", "pending")}`,
  );

const cancelled = (code: string, message: string, now: string): Fragment =>
  fragment`state = 'cancelled', error_code = ${code}, error_message = ${message}, completed_at = ${now},
      deadline_at = NULL, waiting_since = NULL, updated_at = ${now}`;

/** A job that never left is taken back by a person. Follow with `assertChanges()`. */
export const cancelUnsentJob = (db: Database, job: Reference, now: string): D1PreparedStatement =>
  sql(db)`UPDATE jobs SET ${cancelled("cancelled", "Taken back before it was sent", now)}
    WHERE ${isAttempt(job)} AND state = 'pending' AND tries = 0`;

/** Jobs of a commit that never left, because the target before them failed; not those that wait for one under way. */
export const cancelWaitingJobs = (
  db: Database,
  workspaceId: string,
  commitId: string,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE jobs SET ${cancelled("superseded", "Superseded before it was sent", now)}
    WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} AND state = 'pending' AND dispatched_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM jobs before
        WHERE before.workspace_id = ${workspaceId} AND before.push_id = jobs.push_id
          AND before.dispatched_at IS NOT NULL AND before.${isOpen})`;

/** Jobs of a commit that still wait to bring to a target what it has by now. */
export const cancelWaitingForTarget = (
  db: Database,
  job: Pick<Job, "workspaceId" | "commitId" | "target">,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE jobs SET ${cancelled("superseded", "Superseded before it was sent", now)}
    WHERE workspace_id = ${job.workspaceId} AND commit_id = ${job.commitId} AND target = ${job.target}
      AND state = 'pending' AND dispatched_at IS NULL`;

/** What is reported of a completed job later: that search finds it, that it was compared. */
export const recordSearchable = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id">,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE jobs SET searchable_at = ${now}, updated_at = ${now}
    WHERE ${isJob(job)} AND searchable_at IS NULL`;

/** May come before the completion: then there is no result yet, and none is made up. */
export const recordVerified = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id">,
  verdict: { synced: boolean; d1Count: number; vectorCount: number | null },
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE jobs SET verified_at = ${now}, synced = ${verdict.synced}, updated_at = ${now},
      result = json_set(result, '$.d1Count', ${verdict.d1Count}, '$.vectorCount', ${verdict.vectorCount},
        '$.synced', json(${String(verdict.synced)}))
    WHERE ${isJob(job)} AND verified_at IS NULL`;

/**
 * A guard of its own, where the batch decides whether a push is over: fails it when a job of the push has come to its
 * end, for good, since the jobs were read.
 */
export const expectSettled = (db: Database, workspaceId: string, pushId: string, count: number): D1PreparedStatement =>
  sql(db)`INSERT INTO assertion (actual, expected) SELECT COUNT(*), ${count} FROM jobs
    WHERE workspace_id = ${workspaceId} AND push_id = ${pushId} AND state ${inStates("job", settledJobStates)}`;

/** A guard of its own: fails the batch when a job of the commit is on its way or its outcome is unknown. */
export const assertNoRunningJob = (db: Database, workspaceId: string, commitId: string): D1PreparedStatement =>
  sql(db)`INSERT INTO assertion (actual, expected) SELECT COUNT(*), 0 FROM jobs
    WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} AND dispatched_at IS NOT NULL
      AND ${isOpen}`;
