/** How a job moves: each statement is guarded by the state table, and fails its batch where the job has moved on. */
import type { Job } from "../../domain/pushes/push.ts";
import { activeJobStates, openJobStates, settledJobStates, stoppedJobStates } from "../../domain/states.ts";
import type { ApplyResult, Operations } from "../../targets/protocol.ts";
import { type Batch, type Effectful, assertCount, effectful, mustChange } from "../database.ts";
import { type At, type Sql, inStates, leadingTo, row, sql } from "../sql.ts";

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

/** SQL that sets a job's deadline, where it has one. */
export const watched = ({ workspaceId }: At, deadlineAt: string | null) =>
  effectful(...(deadlineAt === null ? [] : [{ kind: "watch_deadline" as const, workspaceId, at: deadlineAt }]));

export const insertJob = (at: At, { dispatch, ...job }: NewJob): Effectful => {
  const deadlineAt = dispatch?.deadlineAt ?? null;
  const dispatched = { dispatchedAt: dispatch?.at ?? null, deadlineAt };
  const values = { workspaceId: at.workspaceId, ...job, state: "pending", ...dispatched };
  return watched(at, deadlineAt)`INSERT INTO jobs ${row({ ...values, createdAt: at.now, updatedAt: at.now })}`;
};

type Key = Pick<Job, "id">;
type Attempt = Pick<Job, "id" | "attempt">;

const isJob = ({ workspaceId }: At, { id }: Key): Sql => sql`workspace_id = ${workspaceId} AND id = ${id}`;
const isAttempt = (at: At, job: Attempt): Sql => sql`${isJob(at, job)} AND attempt = ${job.attempt}`;
const isOpen = sql`state ${inStates("job", openJobStates)}`;

/** A waiting job goes on its way. */
export const dispatchJob = (at: At, job: Attempt, deadlineAt: string): Batch =>
  mustChange(watched(at, deadlineAt)`UPDATE jobs
    SET dispatched_at = ${at.now}, deadline_at = ${deadlineAt}, updated_at = ${at.now}
    WHERE ${isAttempt(at, job)} AND state = 'pending' AND dispatched_at IS NULL`);

/** Looks at the job again later, without moving it; not when somebody else has put its deadline off already. */
export const postponeJob = (
  at: At,
  job: Pick<Job, "id" | "state" | "attempt" | "deadlineAt">,
  deadlineAt: string,
): Batch =>
  mustChange(watched(at, deadlineAt)`UPDATE jobs SET deadline_at = ${deadlineAt}, updated_at = ${at.now}
    WHERE ${isAttempt(at, job)} AND state = ${job.state} AND deadline_at IS ${job.deadlineAt}`);

/** A request of the job is about to leave: from here on its target may have it. Of two senders, one succeeds. */
export const countTry = (at: At, job: Attempt & Pick<Job, "tries">, deadlineAt: string): Batch =>
  mustChange(watched(at, deadlineAt)`UPDATE jobs
    SET tries = tries + 1, deadline_at = ${deadlineAt}, updated_at = ${at.now}
    WHERE ${isAttempt(at, job)} AND state = 'pending' AND tries = ${job.tries}`);

/** What this try sends, and each one after it. */
export const setOperations = (at: At, job: Attempt & Pick<Job, "tries">, operations: Operations): Batch =>
  mustChange(sql`UPDATE jobs SET operations = ${operations}, updated_at = ${at.now}
    WHERE ${isAttempt(at, job)} AND state = 'pending' AND tries = ${job.tries}`);

/** The queue will deliver it again by itself; until after that it need not be looked at. */
export const postponeTry = (at: At, job: Attempt & Pick<Job, "tries">, deadlineAt: string): Effectful =>
  watched(at, deadlineAt)`UPDATE jobs SET deadline_at = ${deadlineAt}
    WHERE ${isAttempt(at, job)} AND state = 'pending' AND tries = ${job.tries}`;

/** Fails the batch when more than so many requests of the job have left. */
export const assertTries = (at: At, job: Key, max: number): Sql =>
  assertCount(0)`jobs WHERE ${isJob(at, job)} AND tries > ${max}`;

/** The target has answered 202. */
export const acceptJob = (at: At, job: Attempt, deadlineAt: string): Batch =>
  mustChange(watched(at, deadlineAt)`UPDATE jobs
    SET state = 'processing', stage = COALESCE(stage, 'accepted'), accepted_at = ${at.now},
      deadline_at = ${deadlineAt}, waiting_since = NULL, updated_at = ${at.now}
    WHERE ${isAttempt(at, job)} AND state = 'pending'`);

/** Progress never goes back, and never touches a job that has its outcome. */
export const progressJob = (
  at: At,
  job: Attempt,
  { stage, percent }: { stage: string; percent: number },
  deadlineAt: string,
): Batch =>
  mustChange(watched(at, deadlineAt)`UPDATE jobs
    SET state = 'processing', stage = CASE WHEN ${percent} >= percent THEN ${stage} ELSE stage END,
      percent = MAX(percent, ${percent}), accepted_at = COALESCE(accepted_at, ${at.now}),
      deadline_at = ${deadlineAt}, waiting_since = NULL, updated_at = ${at.now}
    WHERE ${isAttempt(at, job)} AND state ${inStates("job", activeJobStates)}`);

/** `completed` from any attempt is the truth. */
export const completeJob = (at: At, job: Key, result: ApplyResult): Batch =>
  mustChange(sql`UPDATE jobs
    SET completed_after = CASE WHEN state ${inStates("job", stoppedJobStates)} THEN state END,
      state = 'completed', stage = 'applied', percent = 100, result = ${result}, error_code = NULL,
      error_message = NULL, completed_at = ${at.now}, deadline_at = NULL, waiting_since = NULL, updated_at = ${at.now}
    WHERE ${isJob(at, job)} AND state ${leadingTo("job", "completed")}`);

/** Moves a job to failed, timeout or cancelled with its reason. */
export const stopJob = (
  at: At,
  job: Attempt,
  to: "failed" | "timeout" | "cancelled",
  error: { code: string; message: string },
  deadlineAt: string | null,
): Batch =>
  mustChange(watched(at, deadlineAt)`UPDATE jobs
    SET state = ${to}, error_code = ${error.code}, error_message = ${error.message}, updated_at = ${at.now},
      deadline_at = ${deadlineAt}, waiting_since = NULL, completed_at = ${to === "timeout" ? null : at.now}
    WHERE ${isAttempt(at, job)} AND state ${leadingTo("job", to)}`);

/** The same key again, one attempt higher. */
export const retryJob = (at: At, job: Attempt, again: Operations, deadlineAt: string): Batch =>
  mustChange(watched(at, deadlineAt)`UPDATE jobs
    SET state = 'pending', attempt = attempt + 1, operations = ${again}, stage = NULL, percent = 0,
      error_code = NULL, error_message = NULL, dispatched_at = ${at.now}, accepted_at = NULL, completed_at = NULL,
      deadline_at = ${deadlineAt}, tries = 0, waiting_since = NULL, updated_at = ${at.now}
    WHERE ${isAttempt(at, job)} AND state ${leadingTo("job", "pending")}`);

const cancelled = ({ now }: At, code: string, message: string): Sql =>
  sql`state = 'cancelled', error_code = ${code}, error_message = ${message}, completed_at = ${now},
      deadline_at = NULL, waiting_since = NULL, updated_at = ${now}`;
const superseded = (at: At): Sql => cancelled(at, "superseded", "Superseded before it was sent");

/** A job that never left is taken back by a person. */
export const cancelUnsentJob = (at: At, job: Attempt): Batch =>
  mustChange(sql`UPDATE jobs SET ${cancelled(at, "cancelled", "Taken back before it was sent")}
    WHERE ${isAttempt(at, job)} AND state = 'pending' AND tries = 0`);

/** Jobs of a commit that never left, because the target before them failed; not those that wait for one under way. */
export const cancelWaitingJobs = (at: At, commitId: string): Sql =>
  sql`UPDATE jobs SET ${superseded(at)}
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND state = 'pending' AND dispatched_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM jobs before
        WHERE before.workspace_id = ${at.workspaceId} AND before.push_id = jobs.push_id
          AND before.dispatched_at IS NOT NULL AND before.${isOpen})`;

/** Jobs of a commit that still wait to bring to a target what it has by now. */
export const cancelWaitingForTarget = (at: At, { commitId, target }: Pick<Job, "commitId" | "target">): Sql =>
  sql`UPDATE jobs SET ${superseded(at)}
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND target = ${target}
      AND state = 'pending' AND dispatched_at IS NULL`;

/** What is reported of a completed job later: that search finds it, that it was compared. */
export const recordSearchable = (at: At, job: Key): Batch =>
  mustChange(sql`UPDATE jobs SET searchable_at = ${at.now}, updated_at = ${at.now}
    WHERE ${isJob(at, job)} AND searchable_at IS NULL`);

/** May come before the completion: then there is no result yet, and none is made up. */
export const recordVerified = (
  at: At,
  job: Key,
  { synced, d1Count, vectorCount }: { synced: boolean; d1Count: number; vectorCount: number | null },
): Batch =>
  mustChange(sql`UPDATE jobs SET verified_at = ${at.now}, synced = ${synced}, updated_at = ${at.now},
      result = json_set(result, '$.d1Count', ${d1Count}, '$.vectorCount', ${vectorCount},
        '$.synced', json(${String(synced)}))
    WHERE ${isJob(at, job)} AND verified_at IS NULL`);

/** Where the batch ends a push: fails it when a job of the push has ended since the jobs were read. */
export const assertSettled = (workspaceId: string, pushId: string, count: number): Sql =>
  assertCount(count)`jobs
    WHERE workspace_id = ${workspaceId} AND push_id = ${pushId} AND state ${inStates("job", settledJobStates)}`;

/** Fails the batch when a job of the commit is on its way or its outcome is unknown. */
export const assertNoRunningJob = (workspaceId: string, commitId: string): Sql =>
  assertCount(0)`jobs
    WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} AND dispatched_at IS NOT NULL AND ${isOpen}`;
