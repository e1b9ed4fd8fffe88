import * as z from "zod/mini";
import type { Push } from "../../domain/pushes/push.ts";
import { type PushState, sourcesOf, stateNames } from "../../domain/states.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, many, one } from "../database.ts";
import { type CommitKey, idOfCommit, keyValue } from "../commits/commits.ts";

const pushRow = z.object({
  id: z.string(),
  number: z.int(),
  commit_id: z.string(),
  scope: z.string(),
  state: z.enum(stateNames("push")),
  requested_by: z.string(),
  channel_id: z.string(),
  trace_id: z.string(),
  created_at: z.string(),
  finished_at: z.nullable(z.string()),
});

const parsePush = (row: unknown): Push => {
  const parsed = pushRow.parse(row);
  return {
    id: parsed.id,
    number: parsed.number,
    commitId: parsed.commit_id,
    scope: parsed.scope,
    state: parsed.state,
    requestedBy: parsed.requested_by,
    channelId: parsed.channel_id,
    traceId: parsed.trace_id,
    createdAt: parsed.created_at,
    finishedAt: parsed.finished_at,
  };
};

const columns = `id, number, commit_id, scope, state, requested_by, channel_id, trace_id, created_at, finished_at`;

export const pushQuery = (db: Database, workspaceId: string, pushId: string): Query<Push | null> =>
  one(
    db.prepare(`SELECT ${columns} FROM pushes WHERE workspace_id = ?1 AND id = ?2`).bind(workspaceId, pushId),
    parsePush,
  );

export const pushByNumberQuery = (db: Database, workspaceId: string, number: number): Query<Push | null> =>
  one(
    db.prepare(`SELECT ${columns} FROM pushes WHERE workspace_id = ?1 AND number = ?2`).bind(workspaceId, number),
    parsePush,
  );

export const pushOfJobQuery = (db: Database, workspaceId: string, jobId: string): Query<Push | null> =>
  one(
    db
      .prepare(
        `SELECT ${columns} FROM pushes
         WHERE workspace_id = ?1 AND id = (SELECT push_id FROM jobs WHERE workspace_id = ?1 AND id = ?2)`,
      )
      .bind(workspaceId, jobId),
    parsePush,
  );

/** The pushes of a commit, newest first. */
export const pushesOfCommitQuery = (db: Database, workspaceId: string, key: CommitKey): Query<Push[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM pushes
         WHERE workspace_id = ?1 AND commit_id = ${idOfCommit(key)}
         ORDER BY number DESC`,
      )
      .bind(workspaceId, keyValue(key)),
    parsePush,
  );

/** Takes its number from the counter that the same batch has raised. */
export const insertPush = (
  db: Database,
  workspaceId: string,
  push: Pick<Push, "id" | "commitId" | "scope" | "requestedBy" | "channelId" | "traceId" | "createdAt">,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO pushes
         (workspace_id, id, number, commit_id, scope, state, requested_by, channel_id, trace_id, created_at, updated_at)
       VALUES (?1, ?2, ${currentNumber("push")}, ?3, ?4, 'running', ?5, ?6, ?7, ?8, ?8)`,
    )
    .bind(
      workspaceId,
      push.id,
      push.commitId,
      push.scope,
      push.requestedBy,
      push.channelId,
      push.traceId,
      push.createdAt,
    );

/** Moves a push where the table allows it; nothing happens where it does not. */
export const movePush = (
  db: Database,
  workspaceId: string,
  pushId: string,
  to: PushState,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE pushes SET state = ?3, updated_at = ?4, finished_at = CASE WHEN ?3 = 'running' THEN NULL ELSE ?4 END
       WHERE workspace_id = ?1 AND id = ?2 AND state IN (SELECT value FROM json_each(?5))`,
    )
    .bind(workspaceId, pushId, to, now, JSON.stringify(sourcesOf("push", to)));
