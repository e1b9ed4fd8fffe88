import { type Push, pushSchema } from "../../domain/pushes/push.ts";
import type { PushState } from "../../domain/states.ts";
import { currentNumber } from "../counters.ts";
import { type Query, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, leadingTo, row, sql } from "../sql.ts";
import { type CommitKey, idOfCommit } from "../commits/commits.ts";

const pushRow = rowOf(pushSchema, { table: "pushes" });

export const pushQuery = (workspaceId: string, pushId: string): Query<Push | null> =>
  one(pushRow)`SELECT ${pushRow.columns} FROM pushes WHERE workspace_id = ${workspaceId} AND id = ${pushId}`;

export const pushByNumberQuery = (workspaceId: string, number: number): Query<Push | null> =>
  one(pushRow)`SELECT ${pushRow.columns} FROM pushes WHERE workspace_id = ${workspaceId} AND number = ${number}`;

export const pushOfJobQuery = (workspaceId: string, jobId: string): Query<Push | null> =>
  one(pushRow)`SELECT ${pushRow.columns} FROM pushes
    WHERE workspace_id = ${workspaceId}
      AND id = (SELECT push_id FROM jobs WHERE workspace_id = ${workspaceId} AND id = ${jobId})`;

/** The pushes of a commit, newest first. */
export const pushesOfCommitQuery = (workspaceId: string, key: CommitKey): Query<Push[]> =>
  many(pushRow)`SELECT ${pushRow.columns} FROM pushes
    WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)}
    ORDER BY number DESC`;

/** The same of the commits of a page. */
export const pushesOfCommitsQuery = (workspaceId: string, commitIds: readonly string[]): Query<Push[]> =>
  many(pushRow)`SELECT ${pushRow.columns} FROM pushes
    WHERE workspace_id = ${workspaceId} AND commit_id ${among(commitIds)}
    ORDER BY +number DESC`;

/** Takes its number from the counter that the same batch has raised. */
export const insertPush = (
  workspaceId: string,
  push: Pick<Push, "id" | "commitId" | "scope" | "requestedBy" | "channelId" | "traceId" | "createdAt">,
): Sql => {
  const number = currentNumber(workspaceId, "push");
  const values = { workspaceId, ...pushRow.of(push), number, state: "running", updatedAt: push.createdAt };
  return sql`INSERT INTO pushes ${row(values)}`;
};

/** Moves a push where the table allows it; nothing happens where it does not. */
export const movePush = (at: At, pushId: string, to: PushState): Sql =>
  sql`UPDATE pushes SET state = ${to}, updated_at = ${at.now},
      finished_at = CASE WHEN ${to} = 'running' THEN NULL ELSE ${at.now} END
    WHERE workspace_id = ${at.workspaceId} AND id = ${pushId} AND state ${leadingTo("push", to)}`;
