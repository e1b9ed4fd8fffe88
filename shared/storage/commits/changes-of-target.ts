/** What a target does not have yet: staged changes, and those of commits that it has not applied. */
import * as z from "zod/mini";
import { type Query, assertCount, many } from "../database.ts";
import { type Sql, sql } from "../sql.ts";

const found = z.object({ number: z.int(), commitNumber: z.nullable(z.int()) });

const openAt = (workspaceId: string, target: string): Sql => sql`s.workspace_id = ${workspaceId}
  AND s.closed_at IS NULL AND EXISTS (SELECT 1 FROM json_each(s.targets) WHERE value = ${target})
  AND NOT EXISTS (SELECT 1 FROM commit_targets ct WHERE ct.workspace_id = s.workspace_id
    AND ct.commit_id = s.commit_id AND ct.target = ${target} AND ct.state = 'applied')`;

/** The first of them. */
export const changesOfTargetQuery = (workspaceId: string, target: string): Query<z.infer<typeof found>[]> =>
  many({ parse: (row) => found.parse(row) })`SELECT s.number, c.number AS commitNumber FROM staged_changes s
    LEFT JOIN commits c ON c.workspace_id = s.workspace_id AND c.id = s.commit_id
    WHERE ${openAt(workspaceId, target)} LIMIT 20`;

/** Fails the batch where there is one. */
export const assertTargetUnused = (workspaceId: string, target: string): Sql =>
  assertCount(0)`staged_changes s WHERE ${openAt(workspaceId, target)}`;
