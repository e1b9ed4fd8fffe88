import { type Sql, sql } from "./sql.ts";

export interface RefusalCount {
  /** UTC, YYYY-MM-DD. */
  day: string;
  /** Empty where nobody has proved of which. */
  workspaceId: string;
  via: string;
  operation: string;
  code: string;
  count: number;
}

/** Adds to what was counted before. */
export const addRefusals = (counts: readonly RefusalCount[]): Sql =>
  sql`INSERT INTO refusal_counts (day, workspace_id, via, operation, code, count)
    SELECT value ->> '$.day', value ->> '$.workspaceId', value ->> '$.via', value ->> '$.operation',
      value ->> '$.code', value ->> '$.count' FROM json_each(${counts}) WHERE true
    ON CONFLICT (day, workspace_id, via, operation, code) DO UPDATE SET count = count + excluded.count`;

/** Forgets the counts of the days before `day`, across workspaces: at most `limit`, oldest first. */
export const pruneRefusalCounts = (day: string, limit: number): Sql =>
  sql`DELETE FROM refusal_counts WHERE rowid IN (SELECT rowid FROM refusal_counts
    WHERE day < ${day} ORDER BY day LIMIT ${limit})`;
