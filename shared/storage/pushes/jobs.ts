import * as z from "zod/mini";
import { type Job, jobSchema } from "../../domain/pushes/push.ts";
import { openJobStates } from "../../domain/states.ts";
import { type Operations, storedOperations } from "../../targets/protocol.ts";
import { type Query, column, jsonText, many, one, only } from "../database.ts";
import { rowOf } from "../row.ts";
import { among, inStates, sql } from "../sql.ts";
import { type CommitKey, idOfCommit } from "../commits/commits.ts";

const readId = column("id", z.string());
const readWorkspaceId = column("workspace_id", z.string());
const readDeadlineAt = column("deadline_at", z.nullable(z.string()));

const jobFrom = {
  asked: `iif(json_valid(operations), json_object('inserted', json_array_length(operations, '$.inserts'),
        'updated', json_array_length(operations, '$.updates'), 'deleted', json_array_length(operations, '$.deletes')),
      json_object('inserted', 0, 'updated', 0, 'deleted', 0))`,
  outage: `(SELECT json_object('since', failing_since, 'error', error) FROM target_health h
      WHERE h.workspace_id = jobs.workspace_id AND h.target = jobs.target AND h.state <> 'closed')`,
};

const jobRow = rowOf(jobSchema, {
  table: "jobs",
  from: {
    ...jobFrom,
    traceId: "(SELECT trace_id FROM pushes p WHERE p.workspace_id = jobs.workspace_id AND p.id = jobs.push_id)",
  },
});

/** For a caller that reads the trace of the push anyway. */
const untracedRow = rowOf(jobSchema, { table: "jobs", from: { ...jobFrom, traceId: "''" } });

const isOpen = sql`state ${inStates("job", openJobStates)}`;

export const jobQuery = (workspaceId: string, jobId: string): Query<Job | null> =>
  one(jobRow)`SELECT ${jobRow.columns} FROM jobs WHERE workspace_id = ${workspaceId} AND id = ${jobId}`;

/** Whether there is such a job, of whichever workspace. */
export const jobIdQuery = (jobId: string): Query<string | null> => one(readId)`SELECT id FROM jobs WHERE id = ${jobId}`;

const operationsColumn = column("operations", jsonText(storedOperations));

/** What the job asks of its target, up to 900 KB: read only where it is sent. None where that cannot be read. */
export const operationsOfJobQuery = (jobId: string): Query<Operations[]> =>
  many(operationsColumn)`SELECT id, operations FROM jobs WHERE id = ${jobId}`;

/** The job alone, by an id that is unique everywhere; without its trace. */
export const jobAloneQuery = (jobId: string): Query<Job[]> =>
  many(untracedRow)`SELECT ${untracedRow.columns} FROM jobs WHERE id = ${jobId}`;

/**
 * The jobs of the same push as `jobId`, in order, without their trace; a webhook knows only the job's id, which is
 * unique everywhere.
 */
export const jobsBesideQuery = (jobId: string): Query<Job[]> =>
  many(untracedRow)`SELECT ${untracedRow.columns} FROM jobs
    WHERE (workspace_id, push_id) = (SELECT workspace_id, push_id FROM jobs WHERE id = ${jobId}) ORDER BY position`;

/** In the order of application. */
export const jobsOfPushQuery = (workspaceId: string, pushNumber: number): Query<Job[]> =>
  many(jobRow)`SELECT ${jobRow.columns} FROM jobs
    WHERE workspace_id = ${workspaceId}
      AND push_id = (SELECT id FROM pushes WHERE workspace_id = ${workspaceId} AND number = ${pushNumber})
    ORDER BY position`;

export const jobsOfCommitQuery = (workspaceId: string, key: CommitKey): Query<Job[]> =>
  many(jobRow)`SELECT ${jobRow.columns} FROM jobs
    WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)}
    ORDER BY created_at, position`;

/** The same without their traces, for a caller that reads the pushes anyway. */
export const untracedJobsOfCommitQuery = (workspaceId: string, key: CommitKey): Query<Job[]> =>
  many(untracedRow)`SELECT ${untracedRow.columns} FROM jobs
    WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)}
    ORDER BY created_at, position`;

/** The same of the commits of a page. */
export const jobsOfCommitsQuery = (workspaceId: string, commitIds: readonly string[]): Query<Job[]> =>
  many(jobRow)`SELECT ${jobRow.columns} FROM jobs
    WHERE workspace_id = ${workspaceId} AND commit_id ${among(commitIds)}
    ORDER BY created_at, position`;

/**
 * The jobs that wait past their deadline; of all workspaces (null) for the sweep by cron. The workspaces take turns,
 * each with its oldest first.
 */
export const overdueJobsQuery = (now: string, limit: number, workspaceId: string | null): Query<Job[]> =>
  workspaceId === null ? overdueEverywhere(now, limit) : overdueIn(workspaceId, now, limit);

const overdueEverywhere = (now: string, limit: number): Query<Job[]> =>
  many(jobRow)`SELECT ${jobRow.columns} FROM (
      SELECT workspace_id AS of_workspace, id AS job_id, deadline_at AS due_at,
        ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY deadline_at, tries, created_at) AS turn
      FROM jobs
      WHERE ${isOpen} AND deadline_at < ${now}
      ORDER BY turn, due_at LIMIT ${limit})
    JOIN jobs ON workspace_id = of_workspace AND id = job_id
    ORDER BY turn, due_at`;

/** By the workspace's own unfinished jobs: the index by deadline has those of all workspaces. */
const overdueIn = (workspaceId: string, now: string, limit: number): Query<Job[]> =>
  many(jobRow)`SELECT ${jobRow.columns} FROM jobs INDEXED BY jobs_unfinished
    WHERE workspace_id = ${workspaceId} AND ${isOpen} AND deadline_at < ${now}
    ORDER BY deadline_at, tries, created_at LIMIT ${limit}`;

/** Workspaces with a job that waits past its deadline, the longest overdue first. */
export const overdueWorkspacesQuery = (now: string, limit: number): Query<string[]> =>
  many(readWorkspaceId)`SELECT workspace_id FROM jobs
    WHERE ${isOpen} AND deadline_at < ${now}
    GROUP BY workspace_id ORDER BY MIN(deadline_at) LIMIT ${limit}`;

/** All jobs of each push that has a job without an outcome, and of each commit that has failed at a target. */
export const jobsUnderWayQuery = (workspaceId: string): Query<Job[]> =>
  many(jobRow)`SELECT ${jobRow.columns} FROM jobs
    WHERE workspace_id = ${workspaceId} AND id IN (
      SELECT beside.id FROM jobs AS open INDEXED BY jobs_unfinished CROSS JOIN jobs AS beside
        ON beside.workspace_id = ${workspaceId} AND beside.push_id = open.push_id
        WHERE open.workspace_id = ${workspaceId} AND open.${isOpen}
      UNION ALL SELECT jobs.id FROM commit_targets AS ct INDEXED BY commit_targets_failed CROSS JOIN jobs
        ON jobs.workspace_id = ${workspaceId} AND jobs.commit_id = ct.commit_id
        WHERE ct.workspace_id = ${workspaceId} AND ct.state = 'failed')
    ORDER BY created_at, position`;

/** When the next job of the workspace falls due, ISO 8601. */
export const nextDeadlineQuery = (workspaceId: string): Query<string | null> =>
  only(readDeadlineAt)`SELECT MIN(deadline_at) AS deadline_at FROM jobs INDEXED BY jobs_unfinished
    WHERE workspace_id = ${workspaceId} AND ${isOpen}`;
