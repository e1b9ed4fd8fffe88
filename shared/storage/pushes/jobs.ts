import * as z from "zod/mini";
import type { Job } from "../../domain/pushes/push.ts";
import { stateNames } from "../../domain/states.ts";
import { applyResult, operations } from "../../targets/protocol.ts";
import { type Database, type Query, column, jsonText, many, one } from "../database.ts";
import { type CommitKey, idOfCommit, keyValue } from "../commits/commits.ts";

const readWorkspaceId = column("workspace_id", z.string());
const readDeadlineAt = column("deadline_at", z.nullable(z.string()));

const jobRow = z.object({
  workspace_id: z.string(),
  id: z.string(),
  push_id: z.string(),
  commit_id: z.string(),
  target: z.string(),
  position: z.int(),
  state: z.enum(stateNames("job")),
  attempt: z.int(),
  stage: z.nullable(z.string()),
  percent: z.number(),
  operations: jsonText(operations),
  result: z.nullable(jsonText(applyResult)),
  error_code: z.nullable(z.string()),
  error_message: z.nullable(z.string()),
  dispatched_at: z.nullable(z.string()),
  accepted_at: z.nullable(z.string()),
  deadline_at: z.nullable(z.string()),
  completed_at: z.nullable(z.string()),
  searchable_at: z.nullable(z.string()),
  verified_at: z.nullable(z.string()),
  synced: z.nullable(z.int()),
  tries: z.int(),
  waiting_since: z.nullable(z.string()),
  completed_after: z.nullable(z.enum(["timeout", "failed"])),
  trace_id: z.nullable(z.string()),
  outage: z.nullable(jsonText(z.object({ since: z.string(), error: z.string() }))),
  created_at: z.string(),
  updated_at: z.string(),
});

const parseJob = (row: unknown): Job => {
  const parsed = jobRow.parse(row);
  return {
    workspaceId: parsed.workspace_id,
    id: parsed.id,
    pushId: parsed.push_id,
    commitId: parsed.commit_id,
    target: parsed.target,
    position: parsed.position,
    state: parsed.state,
    attempt: parsed.attempt,
    stage: parsed.stage,
    percent: parsed.percent,
    operations: parsed.operations,
    result: parsed.result,
    errorCode: parsed.error_code,
    errorMessage: parsed.error_message,
    dispatchedAt: parsed.dispatched_at,
    acceptedAt: parsed.accepted_at,
    deadlineAt: parsed.deadline_at,
    completedAt: parsed.completed_at,
    searchableAt: parsed.searchable_at,
    verifiedAt: parsed.verified_at,
    synced: parsed.synced === null ? null : parsed.synced === 1,
    tries: parsed.tries,
    waitingSince: parsed.waiting_since,
    traceId: parsed.trace_id,
    outage: parsed.outage,
    completedAfter: parsed.completed_after,
    createdAt: parsed.created_at,
    updatedAt: parsed.updated_at,
  };
};

const columns = `workspace_id, id, push_id, commit_id, target, position, state, attempt, stage, percent, operations,
  result, error_code, error_message, dispatched_at, accepted_at, deadline_at, completed_at, searchable_at, verified_at,
  synced, tries, waiting_since, completed_after, created_at, updated_at,
  (SELECT json_object('since', failing_since, 'error', error) FROM target_health h
   WHERE h.workspace_id = jobs.workspace_id AND h.target = jobs.target AND h.state <> 'closed') AS outage,
  (SELECT trace_id FROM pushes p WHERE p.workspace_id = jobs.workspace_id AND p.id = jobs.push_id) AS trace_id`;

export const jobQuery = (db: Database, workspaceId: string, jobId: string): Query<Job | null> =>
  one(db.prepare(`SELECT ${columns} FROM jobs WHERE workspace_id = ?1 AND id = ?2`).bind(workspaceId, jobId), parseJob);

/** The jobs of the same push as `jobId`, in order; a webhook knows only the job's id, which is unique everywhere. */
export const jobsBesideQuery = (db: Database, jobId: string): Query<Job[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM jobs
         WHERE (workspace_id, push_id) = (SELECT workspace_id, push_id FROM jobs WHERE id = ?1) ORDER BY position`,
      )
      .bind(jobId),
    parseJob,
  );

/** In the order of application. */
export const jobsOfPushQuery = (db: Database, workspaceId: string, pushNumber: number): Query<Job[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM jobs
         WHERE workspace_id = ?1
           AND push_id = (SELECT id FROM pushes WHERE workspace_id = ?1 AND number = ?2) ORDER BY position`,
      )
      .bind(workspaceId, pushNumber),
    parseJob,
  );

export const jobsOfCommitQuery = (db: Database, workspaceId: string, key: CommitKey): Query<Job[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM jobs
         WHERE workspace_id = ?1 AND commit_id = ${idOfCommit(key)}
         ORDER BY created_at, position`,
      )
      .bind(workspaceId, keyValue(key)),
    parseJob,
  );

/**
 * The jobs that wait past their deadline; of all workspaces (null) for the sweep by cron. The workspaces take turns, each with
 * its oldest first.
 */
export const overdueJobsQuery = (db: Database, now: string, limit: number, workspaceId: string | null): Query<Job[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM (
           SELECT workspace_id AS of_workspace, id AS job_id, deadline_at AS due_at,
             ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY deadline_at, tries, created_at) AS turn
           FROM jobs
           WHERE state IN ('pending', 'processing', 'timeout') AND deadline_at < ?1
             AND (?3 IS NULL OR workspace_id = ?3)
           ORDER BY turn, due_at LIMIT ?2)
         JOIN jobs ON workspace_id = of_workspace AND id = job_id
         ORDER BY turn, due_at`,
      )
      .bind(now, limit, workspaceId),
    parseJob,
  );

/** Workspaces with a job that waits past its deadline, the longest overdue first. */
export const overdueWorkspacesQuery = (db: Database, now: string, limit: number): Query<string[]> =>
  many(
    db
      .prepare(
        `SELECT workspace_id FROM jobs
         WHERE state IN ('pending', 'processing', 'timeout') AND deadline_at < ?1
         GROUP BY workspace_id ORDER BY MIN(deadline_at) LIMIT ?2`,
      )
      .bind(now, limit),
    readWorkspaceId,
  );

/** All jobs of each push that has a job without a known outcome. */
export const jobsUnderWayQuery = (db: Database, workspaceId: string): Query<Job[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM jobs
         WHERE workspace_id = ?1
           AND push_id IN (SELECT push_id FROM jobs WHERE workspace_id = ?1 AND state IN ('pending', 'processing', 'timeout'))
         ORDER BY created_at, position`,
      )
      .bind(workspaceId),
    parseJob,
  );

/** When the next job of the workspace falls due, ISO 8601. */
export const nextDeadlineQuery = (db: Database, workspaceId: string): Query<string | null> => ({
  statement: db
    .prepare(
      `SELECT MIN(deadline_at) AS deadline_at FROM jobs
       WHERE workspace_id = ?1 AND state IN ('pending', 'processing', 'timeout')`,
    )
    .bind(workspaceId),
  parse: (rows) => readDeadlineAt(rows[0]),
});
