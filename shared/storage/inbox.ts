import * as z from "zod/mini";
import { type Database, type Query, jsonText, one } from "./database.ts";

/** What a request led to, kept with its key so that a repeat is answered with the same. */
export interface Outcome {
  /** Becomes JSON. */
  value: unknown;
  /**
   * What only the batch finds out: by its path in the JSON, such as `$.commit.number`, an SQL expression over `?1`, the
   * workspace, and `?3`, the value's JSON.
   */
  found?: Record<string, string>;
}

/** D1 takes rows of 2 MB. A repeat of a request with a larger outcome hears only that it was done already. */
const maxCharacters = 500_000;

/** First statement of a batch: a key that is known fails the batch, which `write` reports as "repeated". */
export const insertInbox = (db: Database, workspaceId: string, key: string, now: string): D1PreparedStatement =>
  db.prepare("INSERT INTO inbox (workspace_id, key, created_at) VALUES (?1, ?2, ?3)").bind(workspaceId, key, now);

/** Last statement of the batch, when all numbers are taken. */
export const keepOutcome = (
  db: Database,
  workspaceId: string,
  key: string,
  { value, found = {} }: Outcome,
): D1PreparedStatement => {
  const json = JSON.stringify(value);
  const amended = Object.entries(found).map(([path, expression]) => `, '${path}', ${expression}`);
  return db
    .prepare(
      `UPDATE inbox SET outcome = ${amended.length > 0 ? `json_set(?3${amended.join("")})` : "?3"} WHERE workspace_id = ?1 AND key = ?2`,
    )
    .bind(workspaceId, key, json.length > maxCharacters ? null : json);
};

/** A request that has had its effect. */
export interface Seen {
  /** The value of its Outcome; null when it has none. */
  outcome: unknown;
}

const row = z.object({ outcome: z.nullable(jsonText(z.unknown())) });

/** Null while the request has had no effect. */
export const seenQuery = (db: Database, workspaceId: string, key: string): Query<Seen | null> =>
  one(
    db.prepare("SELECT outcome FROM inbox WHERE workspace_id = ?1 AND key = ?2").bind(workspaceId, key),
    (found): Seen => row.parse(found),
  );

/** How many parts of the request, each with a key of its own below the request's, have had their effect. */
export const partsQuery = (db: Database, workspaceId: string, key: string): Query<number> => ({
  statement: db
    .prepare("SELECT 1 FROM inbox WHERE workspace_id = ?1 AND key > ?2 || ':' AND key < ?2 || ';'")
    .bind(workspaceId, key),
  parse: (rows) => rows.length,
});

/** Forgets what came in before `before`, across workspaces. Slack and targets repeat within minutes; we keep days. */
export const pruneInbox = (db: Database, before: string): D1PreparedStatement =>
  db.prepare("DELETE FROM inbox WHERE created_at < ?1").bind(before);
