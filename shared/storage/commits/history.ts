import {
  type AppliedChange,
  type NewerChange,
  appliedChangeSchema,
  newerChangeSchema,
} from "../../domain/commits/history.ts";
import { fieldValue } from "../../domain/portfolio/entity.ts";
import { entityTypes } from "../../domain/portfolio/registry.ts";
import { type Change, changeSchema } from "../../domain/staging/change.ts";
import { commitTargetSchema } from "../../domain/commits/commit.ts";
import { type CommitKey, idOfCommit, isOpenCommit } from "./commits.ts";
import { type Sql, among, inStates, sql } from "../sql.ts";
import { openJobStates } from "../../domain/states.ts";
import * as z from "zod/mini";
import { type Query, assertCount, many } from "../database.ts";
import { rowOf } from "../row.ts";

const openOnRowSchema = z.object({
  commitId: z.string(),
  /** Of its content. */
  hash: z.string(),
  drift: commitTargetSchema.shape.drift,
});
/** An open commit at a target. */
export type OpenOnRow = z.infer<typeof openOnRowSchema>;

const sinceRow = rowOf(appliedChangeSchema, { table: "staged_changes" });
const newerRow = rowOf(newerChangeSchema, {
  table: "staged_changes",
  from: { commitNumber: "commit_number", isOnItsWay: "is_on_its_way" },
});
const changeRow = rowOf(changeSchema, { table: "staged_changes", of: "c" });
const openCommitRow = rowOf(openOnRowSchema, { table: "commit_targets", of: "ct", from: { hash: "commits.hash" } });

/** SQL: other open commits (other_id) that touch a row of a job's commit (own_id). */
const besideJob = (jobId: string): Sql => sql`SELECT DISTINCT jobs.workspace_id, jobs.target, jobs.commit_id AS own_id,
    other.commit_id AS other_id
  FROM jobs
  CROSS JOIN staged_changes own ON own.workspace_id = jobs.workspace_id AND own.commit_id = jobs.commit_id
    AND own.state = 'committed'
  CROSS JOIN staged_changes other ON other.workspace_id = own.workspace_id AND other.entity_type = own.entity_type
    AND other.entity_id = own.entity_id AND other.closed_at IS NULL AND other.state = 'committed'
    AND other.commit_id <> own.commit_id
  WHERE jobs.id = ${jobId}`;

/** The changes of the other open commits that touch a row of a job's commit; where there are any, its own as well. */
export const changesBesideJobQuery = (jobId: string): Query<Change[]> =>
  many(changeRow)`WITH beside AS MATERIALIZED (${besideJob(jobId)})
    SELECT ${changeRow.columns} FROM (SELECT workspace_id, other_id AS commit_id FROM beside
      UNION SELECT workspace_id, own_id FROM beside) which
    CROSS JOIN staged_changes c ON c.workspace_id = which.workspace_id AND c.commit_id = which.commit_id
      AND c.state = 'committed'
    ORDER BY +c.number`;

/** The changes of all commits that are still open. */
export const changesOfOpenCommitsQuery = (workspaceId: string): Query<Change[]> =>
  many(changeRow)`SELECT ${changeRow.columns} FROM staged_changes c
    WHERE c.workspace_id = ${workspaceId} AND c.state = 'committed'
      AND c.commit_id IN (SELECT id FROM commits WHERE workspace_id = ${workspaceId} AND ${isOpenCommit})
    ORDER BY +c.number`;

/** Where those other commits stand at the job's target. */
export const targetsBesideJobQuery = (jobId: string): Query<OpenOnRow[]> =>
  many(openCommitRow)`SELECT ${openCommitRow.columns} FROM (${besideJob(jobId)}) beside
    CROSS JOIN commit_targets ct ON ct.workspace_id = beside.workspace_id AND ct.commit_id = beside.other_id
      AND ct.target = beside.target AND ct.state <> 'applied'
    CROSS JOIN commits ON commits.workspace_id = ct.workspace_id AND commits.id = ct.commit_id`;

/**
 * SQL: changes (other_id) to the row of one of these (own_id) that are open, or were since that was last read. No
 * target has applied others since.
 */
const openSince = (own: Sql): Sql => {
  const from = sql`SELECT own.id AS own_id, other.id AS other_id FROM staged_changes own
      CROSS JOIN staged_changes other ON other.workspace_id = own.workspace_id
        AND other.entity_type = own.entity_type AND other.entity_id = own.entity_id
        AND other.commit_id IS NOT own.commit_id`;
  return sql`${from} AND other.closed_at IS NULL WHERE ${own}
    UNION ALL ${from} AND other.closed_at > own.updated_at WHERE ${own}`;
};

/** SQL: the same of what a target is brought once more. + keeps the index of the row out, which has its history. */
const onItsWayAgain = (workspaceId: string, own: Sql): Sql => sql`SELECT own.id, other.id
  FROM jobs INDEXED BY jobs_again
    CROSS JOIN staged_changes own
    CROSS JOIN staged_changes other ON other.workspace_id = jobs.workspace_id AND other.commit_id = jobs.commit_id
      AND other.closed_at IS NOT NULL AND +other.entity_type = own.entity_type AND +other.entity_id = own.entity_id
  WHERE jobs.workspace_id = ${workspaceId} AND jobs.is_again = 1 AND jobs.state ${inStates("job", openJobStates)}
    AND ${own}`;

/** What targets have applied to the rows of somebody's staged changes since these were last read. */
export const appliedSinceStagedQuery = (workspaceId: string, userId: string): Query<AppliedChange[]> =>
  many(sinceRow)`SELECT DISTINCT ${sinceRow.columns} FROM (
      SELECT ct.target AS target, c.entity_type, c.entity_id, c.action, c.payload, co.number AS commit_number,
        ct.applied_at AS at, c.number AS position
      FROM (${openSince(sql`own.workspace_id = ${workspaceId} AND own.state = 'staged' AND own.created_by = ${userId}`)})
      CROSS JOIN staged_changes own ON own.workspace_id = ${workspaceId} AND own.id = own_id
      CROSS JOIN staged_changes c ON c.workspace_id = ${workspaceId} AND c.id = other_id AND c.state = 'committed'
      CROSS JOIN commits co ON co.workspace_id = c.workspace_id AND co.id = c.commit_id
      CROSS JOIN commit_targets ct ON ct.workspace_id = c.workspace_id AND ct.commit_id = c.commit_id
        AND ct.state = 'applied' AND +ct.applied_at > own.updated_at)
    ORDER BY at, position`;

/** SQL: the target has applied it since the changes of the older commit were last read or resolved. */
const isAppliedSince = sql`(ct.state = 'applied' AND ct.applied_at > own.updated_at)`;

/** When a job without an outcome counts: from when its message leaves, or from when its first request leaves. */
const onItsWay = { dispatched: sql`jobs.dispatched_at IS NOT NULL`, sent: sql`jobs.tries > 0` } as const;
type OnItsWay = keyof typeof onItsWay;

/** SQL: commits with a higher number on rows of this one, at targets that have them or may have them any moment. */
const fromNewer = (workspaceId: string, key: CommitKey, from: OnItsWay, isLookedAt = false): Sql => {
  const own = sql`own.workspace_id = ${workspaceId} AND own.commit_id = ${idOfCommit(workspaceId, key)}
    AND own.state = 'committed' ${isLookedAt ? sql`AND own.closed_at IS NULL` : sql``}`;
  return sql`FROM (${openSince(own)} UNION ALL ${onItsWayAgain(workspaceId, own)})
    CROSS JOIN staged_changes own ON own.workspace_id = ${workspaceId} AND own.id = own_id
    CROSS JOIN staged_changes c ON c.workspace_id = ${workspaceId} AND c.id = other_id AND c.state = 'committed'
    CROSS JOIN commits co ON co.workspace_id = own.workspace_id AND co.id = own.commit_id
    CROSS JOIN commits newer ON newer.workspace_id = c.workspace_id AND newer.id = c.commit_id
      AND +newer.number > co.number
    CROSS JOIN commit_targets ct ON ct.workspace_id = c.workspace_id AND ct.commit_id = newer.id
      AND (${isAppliedSince} OR EXISTS (SELECT 1 FROM jobs WHERE jobs.workspace_id = ct.workspace_id
        AND jobs.commit_id = ct.commit_id AND jobs.target = ct.target AND ${onItsWay[from]}
        AND jobs.state ${inStates("job", openJobStates)}))`;
};

/**
 * What newer commits have applied to rows of this one, or are about to.
 * @param isLookedAt it is not to be pushed: nothing is newer than a commit with which nothing happens any more
 */
export const newerChangesQuery = (
  workspaceId: string,
  key: CommitKey,
  from: OnItsWay = "dispatched",
  isLookedAt = false,
): Query<NewerChange[]> =>
  many(newerRow)`SELECT DISTINCT ${newerRow.columns} FROM (
      SELECT ct.target AS target, c.entity_type, c.entity_id, c.action, c.payload, newer.number AS commit_number,
        NOT ${isAppliedSince} AS is_on_its_way
      ${fromNewer(workspaceId, key, from, isLookedAt)})
    ORDER BY commit_number`;

/** Fails the batch when a newer commit that was not judged has reached the same rows at one of these targets since. */
export const assertNoneNewer = (
  workspaceId: string,
  commitId: string,
  targets: readonly string[],
  judged: readonly NewerChange[],
): Sql =>
  assertCount(0)`(SELECT newer.number ${fromNewer(workspaceId, { id: commitId }, "dispatched")}
    WHERE ct.target ${among(targets)}
    AND newer.number NOT IN (SELECT value FROM json_each(${judged.map(({ commitNumber }) => commitNumber)})))`;

const appliedRow = rowOf(
  z.object({
    target: z.string(),
    entityType: z.enum(entityTypes),
    entityId: z.string(),
    /** Whether the row is there, and the commit that made it so; null where it was there before. */
    made: z.nullable(z.array(z.nullable(z.int()))),
    /** By field: its value, and the commit that has set it. */
    fields: z.record(z.string(), z.tuple([fieldValue, z.nullable(z.int())])),
  }),
  { table: "applied_rows" },
);

/**
 * What targets have applied, and what was accepted as live there, as far as it still counts: for each row the change
 * that made it or took it away, and then each field as it was set last.
 */
export const appliedChangesQuery = (workspaceId: string): Query<AppliedChange[]> => {
  const rows = many(appliedRow)`SELECT ${appliedRow.columns} FROM applied_rows WHERE workspace_id = ${workspaceId}`;
  return {
    ...rows,
    parse: (found, unreadable) =>
      rows.parse(found, unreadable).flatMap(({ made, fields, ...row }): AppliedChange[] => {
        const [isThere, commitNumber = null] = made ?? [];
        const action = isThere === 1 ? "CREATE" : "DELETE";
        return [
          ...(made ? [{ ...row, action, payload: {}, commitNumber } as const] : []),
          ...Object.entries(fields).map(([field, [value, by]]): AppliedChange => ({
            ...row,
            action: "UPDATE",
            payload: { [field]: value },
            commitNumber: by,
          })),
        ];
      }),
  };
};
