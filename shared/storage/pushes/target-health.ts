import type { Job } from "../../domain/pushes/push.ts";
import { type TargetHealth, targetHealthSchema } from "../../domain/pushes/target-health.ts";
import { type Batch, type Query, many, mustChange, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, row, set, sql } from "../sql.ts";

const healthRow = rowOf(targetHealthSchema);

/** Of the target that a job is for; null when it has never failed to answer. */
export const healthOfJobQuery = (jobId: string): Query<TargetHealth | null> =>
  one(healthRow)`SELECT ${healthRow.columns} FROM target_health
    WHERE (workspace_id, target) = (SELECT workspace_id, target FROM jobs WHERE id = ${jobId})`;

/** The targets of a workspace that do not answer, for as long as pushes wait for them. */
export const targetsDownQuery = (workspaceId: string): Query<TargetHealth[]> =>
  many(healthRow)`SELECT ${healthRow.columns} FROM target_health
    WHERE workspace_id = ${workspaceId} AND state <> 'closed' ORDER BY opened_at, target`;

/** The target whose last outage this is; null when there has been another one since. */
export const outageQuery = (workspaceId: string, outageId: string): Query<TargetHealth | null> =>
  one(healthRow)`SELECT ${healthRow.columns} FROM target_health
    WHERE workspace_id = ${workspaceId} AND outage_id = ${outageId}`;

/** Writes what has become of `health`, unless somebody else changed it first. */
export const saveHealth = (at: At, { version, ...health }: TargetHealth): Batch => {
  const values = { ...healthRow.of(health), updatedAt: at.now };
  return mustChange(sql`INSERT INTO target_health ${row({ workspaceId: at.workspaceId, ...values })}
    ON CONFLICT (workspace_id, target) DO UPDATE SET ${set(values)}, version = version + 1 WHERE version = ${version}`);
};

/** It works after all; changes nothing once pushes wait for it. */
export const forgetFailures = (at: At, target: string): Sql =>
  sql`UPDATE target_health SET failures = 0, failing_since = NULL, error = NULL, version = version + 1,
      updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND target = ${target} AND state = 'closed' AND failures > 0`;

/** It answers again; whatever has happened to it meanwhile, its last word counts. */
export const closeHealth = (at: At, target: string): Sql =>
  sql`UPDATE target_health SET state = 'closed', failures = 0, closed_at = ${at.now}, probe_at = NULL,
      version = version + 1, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND target = ${target} AND state <> 'closed'`;

/** The job that is tried was accepted: the next try waits for how it ends. */
export const extendProbe = (workspaceId: string, job: Pick<Job, "id" | "target">, until: string): Sql =>
  sql`UPDATE target_health SET probe_at = ${until}, version = version + 1
    WHERE workspace_id = ${workspaceId} AND target = ${job.target} AND state = 'half_open'
      AND probe_job_id = ${job.id}`;
