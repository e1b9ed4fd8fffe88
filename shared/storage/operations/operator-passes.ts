import * as z from "zod/mini";
import { type Query, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type Sql, sql } from "../sql.ts";

const passRow = rowOf(z.object({ hash: z.string(), expiresAt: z.string() }), { table: "operator_passes" });

/** The pass with this hash, unless its time is over; @param now ISO 8601 */
export const operatorPassQuery = (hash: string, now: string): Query<{ hash: string; expiresAt: string } | null> =>
  one(passRow)`SELECT ${passRow.columns} FROM operator_passes WHERE hash = ${hash} AND expires_at > ${now}`;

/** Forgets those whose time was over before `before`. */
export const pruneOperatorPasses = (before: string): Sql =>
  sql`DELETE FROM operator_passes WHERE expires_at < ${before}`;
