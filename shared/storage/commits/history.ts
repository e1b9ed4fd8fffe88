import { type AppliedChange, appliedChangeSchema } from "../../domain/commits/history.ts";
import { type Query, many } from "../database.ts";
import { rowOf } from "../row.ts";

const appliedRow = rowOf(appliedChangeSchema, { table: "staged_changes" });

/** More is history that newer changes have most likely overwritten. */
const maxChanges = 20_000;

/** What targets have applied, and what was accepted as live there, oldest first; the newest of them if there are many. */
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
