import * as z from "zod/mini";
import { type Query, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type Sql, row, sql } from "../sql.ts";

/** A service that holds the data, as one workspace is bound to it. */
const targetSchema = z.object({
  workspaceId: z.string(),
  name: z.string(),
  /** What people may type instead of the name, and what stands in a commit's status; null: the name. */
  alias: z.nullable(z.string()),
  position: z.int(),
  portfolioId: z.string(),
  /** Name of a service binding of the Worker, or null. */
  binding: z.nullable(z.string()),
  /** Public address, or null. */
  url: z.nullable(z.string()),
  /** Name of its entry in TARGET_CREDENTIALS. */
  credentials: z.string(),
});
export type TargetBinding = z.infer<typeof targetSchema>;

const targetRow = rowOf(targetSchema, { table: "targets", of: "t" });

/** In the order in which a push to all applies. */
export const targetsQuery = (workspaceId: string): Query<TargetBinding[]> =>
  many(targetRow)`SELECT ${targetRow.columns} FROM targets t
    WHERE t.workspace_id = ${workspaceId} ORDER BY t.position`;

export const insertTarget = (target: TargetBinding, now: string): Sql =>
  sql`INSERT OR IGNORE INTO targets ${row({ ...targetRow.of(target), createdAt: now, updatedAt: now })}`;

const originRow = rowOf(z.extend(targetSchema, { traceId: z.string() }), { of: "t", from: { traceId: "p.trace_id" } });

/** The target that a job is for, and the trace of the push that it belongs to. */
export const originOfJobQuery = (jobId: string): Query<{ target: TargetBinding; traceId: string } | null> =>
  one({
    parse: (found) => {
      const { traceId, ...target } = originRow.parse(found);
      return { target, traceId };
    },
  })`SELECT ${originRow.columns} FROM jobs j
    JOIN targets t ON t.workspace_id = j.workspace_id AND t.name = j.target
    JOIN pushes p ON p.workspace_id = j.workspace_id AND p.id = j.push_id
    WHERE j.id = ${jobId}`;
