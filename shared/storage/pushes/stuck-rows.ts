/** Rows that nothing will move on by itself: found by how long ago they were touched. None of it happens unless something is wrong. */
import * as z from "zod/mini";
import { type Database, type Effectful, type Query, column, many } from "../database.ts";

const underWay = "state IN ('pending', 'processing', 'timeout')";

const readWorkspaceId = column("workspace_id", z.string());

/** Jobs on their way that nobody would look at fall due at once. Returns the workspace of each. */
export const giveDeadlines = (db: Database, now: string, limit: number): Effectful<string[]> => {
  const given = many(
    db
      .prepare(
        `UPDATE jobs SET deadline_at = ?1
         WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM jobs
           WHERE ${underWay} AND deadline_at IS NULL AND (dispatched_at IS NOT NULL OR state <> 'pending') LIMIT ?2)
         RETURNING workspace_id`,
      )
      .bind(now, limit),
    readWorkspaceId,
  );
  const watch = (workspaceId: string) => ({ kind: "watch_deadline" as const, workspaceId, at: now });
  return { ...given, effects: (result) => given.parse(result?.results ?? []).map(watch) };
};

const stuckPush = z.object({
  workspace_id: z.string(),
  id: z.string(),
  commit_id: z.string(),
  trace_id: z.string(),
  failed: z.int(),
  completed: z.int(),
});

export interface StuckPush {
  workspaceId: string;
  id: string;
  commitId: string;
  traceId: string;
  /** Of its jobs, all of which have ended. */
  failed: number;
  completed: number;
}

/** Running pushes, untouched since `before`, whose jobs have all ended. */
export const stuckPushesQuery = (db: Database, before: string, limit: number): Query<StuckPush[]> =>
  many(
    db
      .prepare(
        `SELECT p.workspace_id, p.id, p.commit_id, p.trace_id,
           (SELECT COUNT(*) FROM jobs j WHERE j.workspace_id = p.workspace_id AND j.push_id = p.id AND j.state = 'failed') AS failed,
           (SELECT COUNT(*) FROM jobs j WHERE j.workspace_id = p.workspace_id AND j.push_id = p.id AND j.state = 'completed') AS completed
         FROM pushes p
         WHERE p.state = 'running' AND p.updated_at < ?1
           AND NOT EXISTS (SELECT 1 FROM jobs j
             WHERE j.workspace_id = p.workspace_id AND j.push_id = p.id AND j.${underWay})
         ORDER BY p.updated_at LIMIT ?2`,
      )
      .bind(before, limit),
    (row) => {
      const { workspace_id, id, commit_id, trace_id, failed, completed } = stuckPush.parse(row);
      return { workspaceId: workspace_id, id, commitId: commit_id, traceId: trace_id, failed, completed };
    },
  );

const stuckTarget = z.object({
  workspace_id: z.string(),
  commit_id: z.string(),
  target: z.string(),
  push_id: z.string(),
  trace_id: z.string(),
  state: z.enum(["completed", "failed", "cancelled"]),
  error_message: z.nullable(z.string()),
});

export interface StuckTarget {
  workspaceId: string;
  commitId: string;
  target: string;
  pushId: string;
  traceId: string;
  /** How the newest job for it has ended. */
  job: { state: "completed" | "failed" | "cancelled"; error: string | null };
}

/** Targets of commits that are in flight, untouched since `before`, though no job is on its way there. */
export const stuckTargetsQuery = (db: Database, before: string, limit: number): Query<StuckTarget[]> =>
  many(
    db
      .prepare(
        `SELECT ct.workspace_id, ct.commit_id, ct.target, j.push_id, p.trace_id, j.state, j.error_message
         FROM commit_targets ct
         JOIN jobs j ON j.workspace_id = ct.workspace_id AND j.id = (SELECT newest.id FROM jobs newest
           JOIN pushes of ON of.workspace_id = newest.workspace_id AND of.id = newest.push_id
           WHERE of.workspace_id = ct.workspace_id AND of.commit_id = ct.commit_id AND newest.target = ct.target
           ORDER BY of.number DESC LIMIT 1)
         JOIN pushes p ON p.workspace_id = j.workspace_id AND p.id = j.push_id
         WHERE ct.state = 'in_flight' AND ct.updated_at < ?1 AND j.state IN ('completed', 'failed', 'cancelled')
           AND NOT EXISTS (SELECT 1 FROM jobs live
             WHERE live.workspace_id = ct.workspace_id AND live.commit_id = ct.commit_id AND live.target = ct.target
               AND live.${underWay})
         ORDER BY ct.updated_at LIMIT ?2`,
      )
      .bind(before, limit),
    (row) => {
      const parsed = stuckTarget.parse(row);
      return {
        workspaceId: parsed.workspace_id,
        commitId: parsed.commit_id,
        target: parsed.target,
        pushId: parsed.push_id,
        traceId: parsed.trace_id,
        job: { state: parsed.state, error: parsed.error_message },
      };
    },
  );

export interface Backlog {
  /** Messages that no queue has taken. */
  messages: number;
  /** Messages in Slack that do not show what is so. */
  cards: number;
}

const backlogRow = z.object({ messages: z.int(), cards: z.int() });

/** What the sweep has not brought about for longer than it should take. */
export const backlogQuery = (
  db: Database,
  workspaceId: string,
  before: { messages: string; cards: string },
): Query<Backlog> => ({
  statement: db
    .prepare(
      `SELECT (SELECT COUNT(*) FROM outbox WHERE workspace_id = ?1 AND created_at < ?2) AS messages,
         (SELECT COUNT(*) FROM cards
          WHERE workspace_id = ?1 AND shown_version < desired_version AND ended_reason IS NULL AND updated_at < ?3) AS cards`,
    )
    .bind(workspaceId, before.messages, before.cards),
  parse: ([row]) => backlogRow.parse(row),
});
