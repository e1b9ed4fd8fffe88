import { type AppliedChange, appliedChangeSchema } from "../../domain/commits/history.ts";
import { type CommitKey, idOfCommit } from "./commits.ts";
import { type Query, many } from "../database.ts";
import { rowOf } from "../row.ts";

const appliedRow = rowOf(appliedChangeSchema, { table: "staged_changes" });

/** What commits with a higher number have applied to rows of this one since its changes were last read or resolved. */
export const newerAppliedQuery = (workspaceId: string, key: CommitKey): Query<AppliedChange[]> =>
  many(appliedRow)`SELECT DISTINCT ${appliedRow.columns} FROM (
      SELECT ct.target AS target, c.entity_type, c.entity_id, c.action, c.payload, newer.number AS commit_number
      FROM staged_changes own
      JOIN commits co ON co.workspace_id = own.workspace_id AND co.id = own.commit_id
      JOIN staged_changes c ON c.workspace_id = own.workspace_id AND c.entity_type = own.entity_type
        AND c.entity_id = own.entity_id AND c.state = 'committed'
      JOIN commits newer ON newer.workspace_id = c.workspace_id AND newer.id = c.commit_id AND newer.number > co.number
      JOIN commit_targets ct ON ct.workspace_id = c.workspace_id AND ct.commit_id = newer.id AND ct.state = 'applied'
        AND ct.applied_at > own.updated_at
      WHERE own.workspace_id = ${workspaceId} AND own.commit_id = ${idOfCommit(workspaceId, key)}
        AND own.state = 'committed')
    ORDER BY commit_number`;

/** What is older was probably overwritten since. */
const maxChanges = 20_000;

/** What targets have applied, and what was accepted as live there, oldest first; the newest ones if there are many. */
export const appliedChangesQuery = (workspaceId: string): Query<AppliedChange[]> =>
  many(appliedRow)`SELECT ${appliedRow.columns} FROM (
      SELECT ct.target AS target, c.entity_type, c.entity_id, c.action, c.payload, co.number AS commit_number,
        ct.applied_at AS at, c.number AS position
      FROM commit_targets ct
      JOIN commits co ON co.workspace_id = ct.workspace_id AND co.id = ct.commit_id
      JOIN staged_changes c ON c.workspace_id = ct.workspace_id AND c.commit_id = ct.commit_id
      WHERE ct.workspace_id = ${workspaceId} AND ct.state = 'applied' AND c.state = 'committed'
        AND EXISTS (SELECT 1 FROM json_each(iif(json_valid(c.targets), c.targets, '[]')) WHERE value = ct.target)
      UNION ALL
      SELECT data ->> '$.target', data ->> '$.entityType', data ->> '$.entityId', data ->> '$.action',
        data -> '$.values', NULL, created_at, id
      FROM job_events WHERE workspace_id = ${workspaceId} AND type = 'target.accepted'
      ORDER BY at DESC, position DESC LIMIT ${maxChanges})
    ORDER BY at, position`;
