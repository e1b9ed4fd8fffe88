import * as z from "zod/mini";
import { type Base, type Change, actions } from "../../domain/staging/change.ts";
import { entityTypes } from "../../domain/portfolio/registry.ts";
import { stateNames } from "../../domain/states.ts";
import { fieldValues } from "../../targets/protocol.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, jsonText, many, one } from "../database.ts";
import { type CommitKey, idOfCommit, keyValue } from "../commits/commits.ts";

const base = z.discriminatedUnion("seen", [
  z.object({ seen: z.literal("row"), version: z.string(), values: fieldValues }),
  z.object({ seen: z.literal("absent") }),
  z.object({ seen: z.literal("unknown") }),
]) satisfies z.ZodMiniType<Base>;

const changeRow = z.object({
  id: z.string(),
  number: z.int(),
  state: z.enum(stateNames("change")),
  commit_id: z.nullable(z.string()),
  targets: jsonText(z.array(z.string())),
  entity_type: z.enum(entityTypes),
  action: z.enum(actions),
  entity_id: z.string(),
  payload: jsonText(fieldValues),
  base: jsonText(z.record(z.string(), base)),
  summary: z.string(),
  permalink: z.nullable(z.string()),
  source_author: z.nullable(z.string()),
  created_by: z.string(),
  created_at: z.string(),
});

export const parseChange = (row: unknown): Change => {
  const { commit_id, entity_type, entity_id, source_author, created_by, created_at, ...same } = changeRow.parse(row);
  return {
    ...same,
    commitId: commit_id,
    entityType: entity_type,
    entityId: entity_id,
    sourceAuthor: source_author,
    createdBy: created_by,
    createdAt: created_at,
  };
};

const columns = `id, number, state, commit_id, targets, entity_type, action, entity_id, payload, base, summary,
  permalink, source_author, created_by, created_at`;

/** All staged changes of the workspace, oldest first. */
export const stagedQuery = (db: Database, workspaceId: string): Query<Change[]> =>
  many(
    db
      .prepare(`SELECT ${columns} FROM staged_changes WHERE workspace_id = ?1 AND state = 'staged' ORDER BY number`)
      .bind(workspaceId),
    parseChange,
  );

export const changeQuery = (db: Database, workspaceId: string, id: string): Query<Change | null> =>
  one(
    db.prepare(`SELECT ${columns} FROM staged_changes WHERE workspace_id = ?1 AND id = ?2`).bind(workspaceId, id),
    parseChange,
  );

export const changesOfCommitQuery = (db: Database, workspaceId: string, key: CommitKey): Query<Change[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM staged_changes
         WHERE workspace_id = ?1
           AND commit_id = ${idOfCommit(key)}
         ORDER BY number`,
      )
      .bind(workspaceId, keyValue(key)),
    parseChange,
  );

/** Whether anybody has ever staged anything in the workspace. */
export const everStagedQuery = (db: Database, workspaceId: string): Query<boolean> => ({
  statement: db.prepare("SELECT 1 FROM staged_changes WHERE workspace_id = ?1 LIMIT 1").bind(workspaceId),
  parse: (rows) => rows.length > 0,
});

/** Takes its number from the counter that the same batch has raised. */
export const insertChange = (
  db: Database,
  workspaceId: string,
  change: Omit<Change, "number" | "state" | "commitId">,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO staged_changes (workspace_id, id, number, state, targets, entity_type, action, entity_id, payload,
         base, summary, permalink, created_by, created_at, updated_at, source_author)
       VALUES (?1, ?2, ${currentNumber("change")}, 'staged', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13)`,
    )
    .bind(
      workspaceId,
      change.id,
      JSON.stringify(change.targets),
      change.entityType,
      change.action,
      change.entityId,
      JSON.stringify(change.payload),
      JSON.stringify(change.base),
      change.summary,
      change.permalink,
      change.createdBy,
      change.createdAt,
      change.sourceAuthor,
    );

export interface CommittedChange {
  commitNumber: number;
  /** Of the commit. */
  status: string;
}

const commitOfChangeRow = z.object({ commit_number: z.int(), status: z.string() });

/** The commit in which a change is; null when it is in none. */
export const committedChangeQuery = (
  db: Database,
  workspaceId: string,
  number: number,
): Query<CommittedChange | null> =>
  one(
    db
      .prepare(
        `SELECT co.number AS commit_number, co.status FROM staged_changes c
         JOIN commits co ON co.workspace_id = c.workspace_id AND co.id = c.commit_id
         WHERE c.workspace_id = ?1 AND c.number = ?2 AND c.state = 'committed'`,
      )
      .bind(workspaceId, number),
    (row) => {
      const { commit_number, status } = commitOfChangeRow.parse(row);
      return { commitNumber: commit_number, status };
    },
  );

/** Writes what a staged change is now, unless its values have changed since they were read. Follow with `assertChanges()`. */
export const updateStaged = (
  db: Database,
  workspaceId: string,
  change: Pick<Change, "id" | "targets" | "payload" | "base" | "summary">,
  payloadBefore: Change["payload"],
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE staged_changes SET targets = ?3, payload = ?4, base = ?5, summary = ?6, updated_at = ?8
       WHERE workspace_id = ?1 AND id = ?2 AND state = 'staged' AND json(payload) = json(?7)`,
    )
    .bind(
      workspaceId,
      change.id,
      JSON.stringify(change.targets),
      JSON.stringify(change.payload),
      JSON.stringify(change.base),
      change.summary,
      JSON.stringify(payloadBefore),
      now,
    );

/** Writes on what staged changes stand now. Follow with `assertChanges(changes.length)`. */
export const rebaseStaged = (
  db: Database,
  workspaceId: string,
  changes: Pick<Change, "id" | "base">[],
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE staged_changes
       SET base = (SELECT value ->> 'base' FROM json_each(?2) WHERE value ->> 'id' = staged_changes.id), updated_at = ?3
       WHERE workspace_id = ?1 AND state = 'staged' AND id IN (SELECT value ->> 'id' FROM json_each(?2))`,
    )
    .bind(workspaceId, JSON.stringify(changes), now);

/** Discards staged changes by id. Follow with `assertChanges(ids.length)`. */
export const discardStaged = (db: Database, workspaceId: string, ids: string[], now: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE staged_changes SET state = 'discarded', updated_at = ?3
       WHERE workspace_id = ?1 AND state = 'staged' AND id IN (SELECT value FROM json_each(?2))`,
    )
    .bind(workspaceId, JSON.stringify(ids), now);

/** Moves staged changes into a commit. Follow with `assertChanges(ids.length)`. */
export const commitStaged = (
  db: Database,
  workspaceId: string,
  commitId: string,
  ids: string[],
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE staged_changes SET state = 'committed', commit_id = ?2, updated_at = ?4
       WHERE workspace_id = ?1 AND state = 'staged' AND id IN (SELECT value FROM json_each(?3))`,
    )
    .bind(workspaceId, commitId, JSON.stringify(ids), now);

/** The changes of a dropped commit; they keep its id as their history. */
export const discardCommitted = (
  db: Database,
  workspaceId: string,
  commitId: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE staged_changes SET state = 'discarded', updated_at = ?3
       WHERE workspace_id = ?1 AND commit_id = ?2 AND state = 'committed'`,
    )
    .bind(workspaceId, commitId, now);

/** The changes of a reopened commit go back to staged. */
export const restageCommitted = (
  db: Database,
  workspaceId: string,
  commitId: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE staged_changes SET state = 'staged', commit_id = NULL, updated_at = ?3
       WHERE workspace_id = ?1 AND commit_id = ?2 AND state = 'committed'`,
    )
    .bind(workspaceId, commitId, now);
