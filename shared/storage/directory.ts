/** The directory of a service with several databases. It stands in the first of them. */
import * as z from "zod/mini";
import { type Query, many, one } from "./database.ts";
import { rowOf } from "./row.ts";
import { type At, type Sql, among, row, sql } from "./sql.ts";

const placementSchema = z.object({
  /** Name of a binding; null: of none yet. */
  database: z.nullable(z.string()),
});
const placementRow = rowOf(placementSchema, { table: "placements" });

/** @param first the name of the database that is asked */
export const placementQuery = (workspaceId: string, first: string): Query<z.infer<typeof placementSchema> | null> =>
  one(placementRow)`SELECT COALESCE((SELECT database FROM placements WHERE workspace_id = ${workspaceId}),
    (SELECT ${first} FROM workspaces WHERE workspace_id = ${workspaceId})) AS database`;

/**
 * Gives a new workspace its place: the smallest of these databases that every instance of the Worker has, which are
 * those added before `addedBefore`. Nothing happens where it has one.
 */
export const placeWorkspace = (
  { workspaceId, now }: At,
  { first, names, addedBefore }: { first: string; names: readonly string[]; addedBefore: string },
): Sql => {
  const smallest = sql`(SELECT name FROM databases WHERE name ${among(names)} AND added_at < ${addedBefore}
    ORDER BY bytes, name LIMIT 1)`;
  return sql`INSERT INTO placements (workspace_id, database, placed_at)
    SELECT ${workspaceId}, COALESCE(${smallest}, ${first}), ${now}
    WHERE NOT EXISTS (SELECT 1 FROM workspaces WHERE workspace_id = ${workspaceId})
    ON CONFLICT (workspace_id) DO NOTHING`;
};

/** Notes whose installation the workspace shares (null: none), where it is in another database than those are. */
export const noteOrganisation = (workspaceId: string, organisationId: string | null): Sql =>
  sql`UPDATE placements SET organisation_id = ${organisationId} WHERE workspace_id = ${workspaceId}`;

/** Notes how large a database is, in bytes; the first time, that it is there. */
export const measureDatabase = (name: string, bytes: number, now: string): Sql =>
  sql`INSERT INTO databases ${row({ name, addedAt: now, bytes, measuredAt: now })}
    ON CONFLICT (name) DO UPDATE SET bytes = ${bytes}, measured_at = ${now}`;

/** What a D1 database holds (developers.cloudflare.com/d1/platform/limits). */
export const maxDatabaseBytes = 10e9;

const sizeSchema = z.object({ name: z.string(), bytes: z.int() });
export type DatabaseSize = z.infer<typeof sizeSchema>;
const sizeRow = rowOf(sizeSchema, { table: "databases" });

/** As cron has measured them last. */
export const sizesQuery = (): Query<DatabaseSize[]> =>
  many(sizeRow)`SELECT ${sizeRow.columns} FROM databases ORDER BY name`;
