import { type Push, pushSchema } from "../../domain/pushes/push.ts";
import type { PushState } from "../../domain/states.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { leadingTo, row, sql } from "../sql.ts";
import { type CommitKey, idOfCommit } from "../commits/commits.ts";

const pushRow = rowOf(pushSchema);

export const pushQuery = (db: Database, workspaceId: string, pushId: string): Query<Push | null> =>
  one(
    sql(db)`SELECT ${pushRow.columns} FROM pushes WHERE workspace_id = ${workspaceId} AND id = ${pushId}`,
    pushRow.parse,
  );

export const pushByNumberQuery = (db: Database, workspaceId: string, number: number): Query<Push | null> =>
  one(
    sql(db)`SELECT ${pushRow.columns} FROM pushes WHERE workspace_id = ${workspaceId} AND number = ${number}`,
    pushRow.parse,
  );

export const pushOfJobQuery = (db: Database, workspaceId: string, jobId: string): Query<Push | null> =>
  one(
    sql(db)`SELECT ${pushRow.columns} FROM pushes
      WHERE workspace_id = ${workspaceId}
        AND id = (SELECT push_id FROM jobs WHERE workspace_id = ${workspaceId} AND id = ${jobId})`,
    pushRow.parse,
  );

/** The pushes of a commit, newest first. */
export const pushesOfCommitQuery = (db: Database, workspaceId: string, key: CommitKey): Query<Push[]> =>
  many(
    sql(db)`SELECT ${pushRow.columns} FROM pushes
      WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)}
      ORDER BY number DESC`,
    pushRow.parse,
  );

/** Takes its number from the counter that the same batch has raised. */
export const insertPush = (
  db: Database,
  workspaceId: string,
  push: Pick<Push, "id" | "commitId" | "scope" | "requestedBy" | "channelId" | "traceId" | "createdAt">,
): D1PreparedStatement => {
  const number = currentNumber(workspaceId, "push");
  const values = { workspaceId, ...pushRow.of(push), number, state: "running", updatedAt: push.createdAt };
  return sql(db)`INSERT INTO pushes ${row(values)}`;
};

/** Moves a push where the table allows it; nothing happens where it does not. */
export const movePush = (
  db: Database,
  workspaceId: string,
  pushId: string,
  to: PushState,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE pushes SET state = ${to}, updated_at = ${now},
      finished_at = CASE WHEN ${to} = 'running' THEN NULL ELSE ${now} END
    WHERE workspace_id = ${workspaceId} AND id = ${pushId} AND state ${leadingTo("push", to)}`;
