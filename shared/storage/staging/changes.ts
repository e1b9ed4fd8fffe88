import * as z from "zod/mini";
import { type Change, changeSchema } from "../../domain/staging/change.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { among, row, sql } from "../sql.ts";
import { type CommitKey, idOfCommit } from "../commits/commits.ts";

const changeRow = rowOf(changeSchema);

/** All staged changes of the workspace, oldest first. */
export const stagedQuery = (db: Database, workspaceId: string): Query<Change[]> =>
  many(
    sql(db)`SELECT ${changeRow.columns} FROM staged_changes
      WHERE workspace_id = ${workspaceId} AND state = 'staged' ORDER BY number`,
    changeRow.parse,
  );

export const changeQuery = (db: Database, workspaceId: string, id: string): Query<Change | null> =>
  one(
    sql(db)`SELECT ${changeRow.columns} FROM staged_changes WHERE workspace_id = ${workspaceId} AND id = ${id}`,
    changeRow.parse,
  );

export const changesOfCommitQuery = (db: Database, workspaceId: string, key: CommitKey): Query<Change[]> =>
  many(
    sql(db)`SELECT ${changeRow.columns} FROM staged_changes
      WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)} ORDER BY number`,
    changeRow.parse,
  );

/** Whether anybody has ever staged anything in the workspace. */
export const everStagedQuery = (db: Database, workspaceId: string): Query<boolean> => ({
  statement: sql(db)`SELECT 1 FROM staged_changes WHERE workspace_id = ${workspaceId} LIMIT 1`,
  parse: (rows) => rows.length > 0,
});

/** Takes its number from the counter that the same batch has raised. */
export const insertChange = (
  db: Database,
  workspaceId: string,
  change: Omit<Change, "number" | "state" | "commitId">,
): D1PreparedStatement => {
  const number = currentNumber(workspaceId, "change");
  const values = { workspaceId, ...changeRow.of(change), number, state: "staged", updatedAt: change.createdAt };
  return sql(db)`INSERT INTO staged_changes ${row(values)}`;
};

const committedSchema = z.object({
  commitNumber: z.int(),
  /** Of the commit. */
  status: z.string(),
});
export type CommittedChange = z.infer<typeof committedSchema>;

const committedRow = rowOf(committedSchema, { of: "co", from: { commitNumber: "co.number" } });

/** The commit in which a change is; null when it is in none. */
export const committedChangeQuery = (
  db: Database,
  workspaceId: string,
  number: number,
): Query<CommittedChange | null> =>
  one(
    sql(db)`SELECT ${committedRow.columns} FROM staged_changes c
      JOIN commits co ON co.workspace_id = c.workspace_id AND co.id = c.commit_id
      WHERE c.workspace_id = ${workspaceId} AND c.number = ${number} AND c.state = 'committed'`,
    committedRow.parse,
  );

/** Writes a staged change, unless its values have changed since they were read. Follow with `assertChanges()`. */
export const updateStaged = (
  db: Database,
  workspaceId: string,
  change: Pick<Change, "id" | "targets" | "payload" | "base" | "summary">,
  payloadBefore: Change["payload"],
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE staged_changes SET targets = ${change.targets}, payload = ${change.payload}, base = ${change.base},
      summary = ${change.summary}, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${change.id} AND state = 'staged'
      AND json(payload) = json(${payloadBefore})`;

/** Writes on what staged changes stand now. Follow with `assertChanges(changes.length)`. */
export const rebaseStaged = (
  db: Database,
  workspaceId: string,
  changes: Pick<Change, "id" | "base">[],
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE staged_changes
    SET base = (SELECT value ->> 'base' FROM json_each(${changes}) WHERE value ->> 'id' = staged_changes.id),
      updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND state = 'staged'
      AND id IN (SELECT value ->> 'id' FROM json_each(${changes}))`;

/** Discards staged changes by id. Follow with `assertChanges(ids.length)`. */
export const discardStaged = (db: Database, workspaceId: string, ids: string[], now: string): D1PreparedStatement =>
  sql(db)`UPDATE staged_changes SET state = 'discarded', updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND state = 'staged' AND id ${among(ids)}`;

/** Moves staged changes into a commit. Follow with `assertChanges(ids.length)`. */
export const commitStaged = (
  db: Database,
  workspaceId: string,
  commitId: string,
  ids: string[],
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE staged_changes SET state = 'committed', commit_id = ${commitId}, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND state = 'staged' AND id ${among(ids)}`;

/** The changes of a dropped commit; they keep its id as their history. */
export const discardCommitted = (
  db: Database,
  workspaceId: string,
  commitId: string,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE staged_changes SET state = 'discarded', updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} AND state = 'committed'`;

/** The changes of a reopened commit go back to staged. */
export const restageCommitted = (
  db: Database,
  workspaceId: string,
  commitId: string,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE staged_changes SET state = 'staged', commit_id = NULL, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} AND state = 'committed'`;
