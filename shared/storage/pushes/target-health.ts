import * as z from "zod/mini";
import { stateNames } from "../../domain/states.ts";
import type { Job } from "../../domain/pushes/push.ts";
import type { TargetHealth } from "../../domain/pushes/target-health.ts";
import { type Database, type Query, many, one } from "../database.ts";

const healthRow = z.object({
  target: z.string(),
  state: z.enum(stateNames("target_health")),
  failures: z.int(),
  failing_since: z.nullable(z.string()),
  error: z.nullable(z.string()),
  outage_id: z.nullable(z.string()),
  opened_at: z.nullable(z.string()),
  closed_at: z.nullable(z.string()),
  probe_at: z.nullable(z.string()),
  probe_job_id: z.nullable(z.string()),
  version: z.int(),
});

const parseHealth = (row: unknown): TargetHealth => {
  const parsed = healthRow.parse(row);
  return {
    target: parsed.target,
    state: parsed.state,
    failures: parsed.failures,
    failingSince: parsed.failing_since,
    error: parsed.error,
    outageId: parsed.outage_id,
    openedAt: parsed.opened_at,
    closedAt: parsed.closed_at,
    probeAt: parsed.probe_at,
    probeJobId: parsed.probe_job_id,
    version: parsed.version,
  };
};

const columns = `target, state, failures, failing_since, error, outage_id, opened_at, closed_at, probe_at, probe_job_id, version`;

/** Of the target that a job is for; null when it has never failed to answer. */
export const healthOfJobQuery = (db: Database, jobId: string): Query<TargetHealth | null> =>
  one(
    db
      .prepare(
        `SELECT ${columns} FROM target_health
         WHERE (workspace_id, target) = (SELECT workspace_id, target FROM jobs WHERE id = ?1)`,
      )
      .bind(jobId),
    parseHealth,
  );

/** The targets of a workspace that do not answer, for as long as pushes wait for them. */
export const targetsDownQuery = (db: Database, workspaceId: string): Query<TargetHealth[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM target_health WHERE workspace_id = ?1 AND state <> 'closed' ORDER BY opened_at, target`,
      )
      .bind(workspaceId),
    parseHealth,
  );

/** The target whose last outage this is; null when there has been another one since. */
export const outageQuery = (db: Database, workspaceId: string, outageId: string): Query<TargetHealth | null> =>
  one(
    db
      .prepare(`SELECT ${columns} FROM target_health WHERE workspace_id = ?1 AND outage_id = ?2`)
      .bind(workspaceId, outageId),
    parseHealth,
  );

/** Writes what has become of `health`, unless somebody else was faster. Follow with `assertChanges()`. */
export const saveHealth = (db: Database, workspaceId: string, health: TargetHealth, now: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO target_health (workspace_id, target, state, failures, failing_since, error, outage_id, opened_at,
         closed_at, probe_at, probe_job_id, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
       ON CONFLICT (workspace_id, target) DO UPDATE SET state = ?3, failures = ?4, failing_since = ?5, error = ?6,
         outage_id = ?7, opened_at = ?8, closed_at = ?9, probe_at = ?10, probe_job_id = ?11, updated_at = ?12,
         version = version + 1
       WHERE version = ?13`,
    )
    .bind(
      workspaceId,
      health.target,
      health.state,
      health.failures,
      health.failingSince,
      health.error,
      health.outageId,
      health.openedAt,
      health.closedAt,
      health.probeAt,
      health.probeJobId,
      now,
      health.version,
    );

/** It works after all; changes nothing once pushes wait for it. */
export const forgetFailures = (db: Database, workspaceId: string, target: string, now: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE target_health SET failures = 0, failing_since = NULL, error = NULL, version = version + 1, updated_at = ?3
       WHERE workspace_id = ?1 AND target = ?2 AND state = 'closed' AND failures > 0`,
    )
    .bind(workspaceId, target, now);

/** It answers again; whatever has happened to it meanwhile, its last word counts. */
export const closeHealth = (db: Database, workspaceId: string, target: string, now: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE target_health SET state = 'closed', failures = 0, closed_at = ?3, probe_at = NULL, version = version + 1,
         updated_at = ?3
       WHERE workspace_id = ?1 AND target = ?2 AND state <> 'closed'`,
    )
    .bind(workspaceId, target, now);

/** The job that is tried was accepted: the next try waits for how it ends. */
export const extendProbe = (
  db: Database,
  job: Pick<Job, "workspaceId" | "id" | "target">,
  until: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE target_health SET probe_at = ?4, version = version + 1
       WHERE workspace_id = ?1 AND target = ?2 AND state = 'half_open' AND probe_job_id = ?3`,
    )
    .bind(job.workspaceId, job.target, job.id, until);
