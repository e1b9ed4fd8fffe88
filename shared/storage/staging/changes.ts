import * as z from "zod/mini";
import { type Change, changeSchema } from "../../domain/staging/change.ts";
import { currentNumber } from "../counters.ts";
import { type Batch, type Query, many, mustChange, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, row, sql } from "../sql.ts";
import { type CommitKey, idOfCommit, peopleIn } from "../commits/commits.ts";

const changeRow = rowOf(changeSchema, { table: "staged_changes" });

/** All staged changes of the workspace, oldest first. */
export const stagedQuery = (workspaceId: string): Query<Change[]> =>
  many(changeRow)`SELECT ${changeRow.columns} FROM staged_changes
    WHERE workspace_id = ${workspaceId} AND state = 'staged' ORDER BY number`;

export const changeQuery = (workspaceId: string, id: string): Query<Change | null> =>
  one(changeRow)`SELECT ${changeRow.columns} FROM staged_changes WHERE workspace_id = ${workspaceId} AND id = ${id}`;

export interface ChangesOfCommit {
  changes: Change[];
  /** The contributors of each change, of one that cannot be read as well. */
  inputs: Pick<Change, "contributors">[];
}

export const changesOfCommitQuery = (workspaceId: string, key: CommitKey): Query<ChangesOfCommit> => {
  const query = many(changeRow)`SELECT ${changeRow.columns} FROM staged_changes
    WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)} ORDER BY number`;
  return {
    ...query,
    parse: (rows, unreadable) => ({
      changes: query.parse(rows, unreadable),
      inputs: (rows as { contributors: string }[]).map(({ contributors }) => ({
        contributors: peopleIn(contributors),
      })),
    }),
  };
};

const changeCountSchema = z.object({ commitId: z.string(), count: z.int() });
const changeCountRow = rowOf(changeCountSchema, { table: "staged_changes", from: { count: "COUNT(*)" } });

/** How many changes each commit of a page is made of. */
export const changeCountsQuery = (
  workspaceId: string,
  commitIds: readonly string[],
): Query<z.infer<typeof changeCountSchema>[]> =>
  many(changeCountRow)`SELECT ${changeCountRow.columns} FROM staged_changes
    WHERE workspace_id = ${workspaceId} AND commit_id ${among(commitIds)} GROUP BY commit_id`;

/** The changes of those commits of a page that are made of `max` at most. */
export const changesOfCommitsQuery = (
  workspaceId: string,
  commitIds: readonly string[],
  max: number,
): Query<Change[]> =>
  many(changeRow)`SELECT ${changeRow.columns} FROM staged_changes
    WHERE workspace_id = ${workspaceId} AND commit_id IN (SELECT commit_id FROM staged_changes
      WHERE workspace_id = ${workspaceId} AND commit_id ${among(commitIds)}
      GROUP BY commit_id HAVING COUNT(*) <= ${max})
    ORDER BY +number`;

/** Whether anybody has ever staged anything in the workspace. */
export const everStagedQuery = (workspaceId: string): Query<boolean> => ({
  statement: sql`SELECT 1 FROM staged_changes WHERE workspace_id = ${workspaceId} LIMIT 1`,
  parse: (rows) => rows.length > 0,
});

/** Whether a target has ever shown the row when a change to it was staged. */
export const everShownQuery = (workspaceId: string, row: Pick<Change, "entityType" | "entityId">): Query<boolean> => ({
  statement: sql`SELECT 1 FROM staged_changes
    WHERE workspace_id = ${workspaceId} AND entity_type = ${row.entityType} AND entity_id = ${row.entityId}
      AND EXISTS (SELECT 1 FROM json_each(iif(json_valid(base), base, '{}')) WHERE value ->> 'seen' = 'row') LIMIT 1`,
  parse: (rows) => rows.length > 0,
});

/** Takes its number from the counter that the same batch has raised. */
export const insertChange = (workspaceId: string, change: Omit<Change, "number" | "state" | "commitId">): Sql => {
  const number = currentNumber(workspaceId, "change");
  const values = { workspaceId, ...changeRow.of(change), number, state: "staged", updatedAt: change.createdAt };
  return sql`INSERT INTO staged_changes ${row(values)}`;
};

const committedSchema = z.object({
  commitNumber: z.int(),
  /** Of the commit. */
  status: z.string(),
});
export type CommittedChange = z.infer<typeof committedSchema>;

const committedRow = rowOf(committedSchema, { of: "co", from: { commitNumber: "co.number" } });

/** The commit in which a change is; null when it is in none. */
export const committedChangeQuery = (workspaceId: string, number: number): Query<CommittedChange | null> =>
  one(committedRow)`SELECT ${committedRow.columns} FROM staged_changes c
    JOIN commits co ON co.workspace_id = c.workspace_id AND co.id = c.commit_id
    WHERE c.workspace_id = ${workspaceId} AND c.number = ${number} AND c.state = 'committed'`;

/** Writes a staged change, unless its values have changed since they were read. */
export const updateStaged = (
  at: At,
  change: Pick<Change, "id" | "targets" | "entityId" | "payload" | "base" | "note" | "contributors" | "unseenEdit">,
  payloadBefore: Change["payload"],
): Batch =>
  mustChange(sql`UPDATE staged_changes SET targets = ${change.targets}, entity_id = ${change.entityId},
      payload = ${change.payload}, base = ${change.base},
      note = ${change.note}, contributors = ${change.contributors}, unseen_edit = ${change.unseenEdit},
      updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${change.id} AND state = 'staged'
      AND json(payload) = json(${payloadBefore})`);

/** Writes which row a staged change is about, once a target has answered. */
export const resolveStaged = (at: At, change: Pick<Change, "id" | "entityId" | "base">): Batch =>
  mustChange(sql`UPDATE staged_changes
    SET entity_id = ${change.entityId}, base = ${change.base}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${change.id} AND state = 'staged'`);

/** Writes on what staged changes stand now. */
export const rebaseStaged = (at: At, changes: Pick<Change, "id" | "base">[]): Batch =>
  mustChange(
    sql`UPDATE staged_changes
    SET base = (SELECT value ->> 'base' FROM json_each(${changes}) WHERE value ->> 'id' = staged_changes.id),
      updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND state = 'staged'
      AND id IN (SELECT value ->> 'id' FROM json_each(${changes}))`,
    changes.length,
  );

/** Discards staged changes by id. */
export const discardStaged = (at: At, ids: string[]): Batch =>
  mustChange(
    sql`UPDATE staged_changes SET state = 'discarded', updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND state = 'staged' AND id ${among(ids)}`,
    ids.length,
  );

/** Moves staged changes into a commit; their author knows what others have edited. */
export const commitStaged = (at: At, commitId: string, ids: string[]): Batch =>
  mustChange(
    sql`UPDATE staged_changes SET state = 'committed', commit_id = ${commitId}, unseen_edit = NULL, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND state = 'staged' AND id ${among(ids)}`,
    ids.length,
  );

/** The changes of a dropped commit; they keep its id as their history. */
export const discardCommitted = (at: At, commitId: string): Sql =>
  sql`UPDATE staged_changes SET state = 'discarded', updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND state = 'committed'`;

/** Gives changes of a commit other content. */
export const rewriteCommitted = (
  at: At,
  commitId: string,
  changes: readonly Pick<Change, "id" | "targets" | "action" | "payload" | "base" | "contributors">[],
): Batch => {
  const contents = changes.map(({ id, targets, action, payload, base, contributors }) => ({
    id,
    targets,
    action,
    payload,
    base,
    contributors,
  }));
  return mustChange(
    sql`UPDATE staged_changes
    SET (targets, action, payload, base, contributors) = (SELECT value ->> 'targets', value ->> 'action',
        value ->> 'payload', value ->> 'base', value ->> 'contributors'
        FROM json_each(${contents}) WHERE value ->> 'id' = staged_changes.id),
      updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND state = 'committed'
      AND id IN (SELECT value ->> 'id' FROM json_each(${contents}))`,
    changes.length,
  );
};

/** Writes whose input is in a change of a commit, and nothing else of it. */
export const joinCommitted = (
  at: At,
  commitId: string,
  { id, contributors }: Pick<Change, "id" | "contributors">,
): Batch =>
  mustChange(sql`UPDATE staged_changes SET contributors = ${contributors}
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND state = 'committed' AND id = ${id}`);

/** Discards changes of which nothing is left. They leave their commit, unless it ends with them. */
export const discardFromCommit = (
  at: At,
  commitId: string,
  ids: readonly string[],
  { keepCommit = false }: { keepCommit?: boolean } = {},
): Batch =>
  mustChange(
    sql`UPDATE staged_changes SET state = 'discarded', commit_id = ${keepCommit ? commitId : null},
      updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND state = 'committed' AND id ${among(ids)}`,
    ids.length,
  );

/** The changes of a reopened commit go back to staged. */
export const restageCommitted = (at: At, commitId: string): Sql =>
  sql`UPDATE staged_changes SET state = 'staged', commit_id = NULL, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND state = 'committed'`;
