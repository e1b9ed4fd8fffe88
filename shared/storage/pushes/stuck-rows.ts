/** Rows that nothing will move on, by how long ago they were touched. There are none unless something is wrong. */
import * as z from "zod/mini";
import { type JobState, endedJobStates, openJobStates } from "../../domain/states.ts";
import { type Effectful, type Query, column, many, only } from "../database.ts";
import { rowOf } from "../row.ts";
import { inStates, sql } from "../sql.ts";

const isOpen = sql`state ${inStates("job", openJobStates)}`;

const readWorkspaceId = column("workspace_id", z.string());

/** Jobs on their way that nobody would look at fall due at once. Returns the workspace of each. */
export const giveDeadlines = (now: string, limit: number): Effectful<string[]> => {
  const given = many(readWorkspaceId)`UPDATE jobs SET deadline_at = ${now}
      WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM jobs
        WHERE ${isOpen} AND deadline_at IS NULL AND (dispatched_at IS NOT NULL OR state <> 'pending') LIMIT ${limit})
      RETURNING workspace_id`;
  const watch = (workspaceId: string) => ({ kind: "watch_deadline" as const, workspaceId, at: now });
  return { ...given, effects: (result) => given.parse(result?.results ?? [], []).map(watch) };
};

const stuckPushSchema = z.object({
  workspaceId: z.string(),
  id: z.string(),
  commitId: z.string(),
  traceId: z.string(),
  /** Of its jobs, all of which have ended. */
  failed: z.int(),
  completed: z.int(),
});
export type StuckPush = z.infer<typeof stuckPushSchema>;

const countOf = (state: JobState): string =>
  `(SELECT COUNT(*) FROM jobs j WHERE j.workspace_id = p.workspace_id AND j.push_id = p.id AND j.state = '${state}')`;

const stuckPushRow = rowOf(stuckPushSchema, {
  of: "p",
  from: { failed: countOf("failed"), completed: countOf("completed") },
});

/** Running pushes, untouched since `before`, whose jobs have all ended. */
export const stuckPushesQuery = (before: string, limit: number): Query<StuckPush[]> =>
  many(stuckPushRow)`SELECT ${stuckPushRow.columns} FROM pushes p
    WHERE p.state = 'running' AND p.updated_at < ${before}
      AND NOT EXISTS (SELECT 1 FROM jobs j
        WHERE j.workspace_id = p.workspace_id AND j.push_id = p.id AND j.${isOpen})
    ORDER BY p.updated_at LIMIT ${limit}`;

const stuckTargetSchema = z.object({
  workspaceId: z.string(),
  commitId: z.string(),
  target: z.string(),
  pushId: z.string(),
  traceId: z.string(),
  /** How the newest job for it has ended. */
  job: z.object({ state: z.enum(endedJobStates), error: z.nullable(z.string()) }),
});
export type StuckTarget = z.infer<typeof stuckTargetSchema>;

const stuckTargetRow = rowOf(stuckTargetSchema, {
  of: "ct",
  from: { pushId: "j.push_id", traceId: "p.trace_id", job: "json_object('state', j.state, 'error', j.error_message)" },
});

/** Targets of commits that are in flight, untouched since `before`, though no job is on its way there. */
export const stuckTargetsQuery = (before: string, limit: number): Query<StuckTarget[]> =>
  many(stuckTargetRow)`SELECT ${stuckTargetRow.columns} FROM commit_targets ct
    JOIN jobs j ON j.workspace_id = ct.workspace_id AND j.id = (SELECT newest.id FROM jobs newest
      CROSS JOIN pushes of ON of.workspace_id = newest.workspace_id AND of.id = newest.push_id
      WHERE newest.workspace_id = ct.workspace_id AND newest.commit_id = ct.commit_id AND newest.target = ct.target
      ORDER BY of.number DESC LIMIT 1)
    JOIN pushes p ON p.workspace_id = j.workspace_id AND p.id = j.push_id
    WHERE ct.state = 'in_flight' AND ct.updated_at < ${before} AND j.state ${inStates("job", endedJobStates)}
      AND NOT EXISTS (SELECT 1 FROM jobs live
        WHERE live.workspace_id = ct.workspace_id AND live.commit_id = ct.commit_id AND live.target = ct.target
          AND live.${isOpen})
    ORDER BY ct.updated_at LIMIT ${limit}`;

const backlogSchema = z.object({
  /** Messages that no queue has taken. */
  messages: z.int(),
  /** Messages in Slack that do not show what is so. */
  cards: z.int(),
});
export type Backlog = z.infer<typeof backlogSchema>;

/** What the sweep has not brought about for longer than it should take. */
export const backlogQuery = (workspaceId: string, before: { messages: string; cards: string }): Query<Backlog> =>
  only(backlogSchema)`SELECT
    (SELECT COUNT(*) FROM outbox WHERE workspace_id = ${workspaceId} AND created_at < ${before.messages}) AS messages,
    (SELECT COUNT(*) FROM cards
     WHERE workspace_id = ${workspaceId} AND shown_version < desired_version AND retired_reason IS NULL
       AND updated_at < ${before.cards}) AS cards`;
