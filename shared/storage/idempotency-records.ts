import * as z from "zod/mini";
import { type Database, type Query, jsonText, one } from "./database.ts";
import { jsonOf } from "./from-batch.ts";

/** D1 takes rows of 2 MB. A repeat of a request with a larger outcome hears only that it was done already. */
const maxCharacters = 500_000;

/** First statement of a batch: a key that is known fails the batch, which `write` reports as "repeated". */
export const insertInbox = (db: Database, workspaceId: string, key: string, now: string): D1PreparedStatement =>
  db.prepare("INSERT INTO inbox (workspace_id, key, created_at) VALUES (?1, ?2, ?3)").bind(workspaceId, key, now);

/** Keeps what the request led to, so that a repeat is answered with the same. After all that it is made of in the batch. */
export const keepOutcome = (db: Database, workspaceId: string, key: string, outcome: unknown): D1PreparedStatement => {
  const { sql, parameters } = jsonOf(outcome, { offset: 2, maxCharacters });
  return db
    .prepare(`UPDATE inbox SET outcome = ${sql} WHERE workspace_id = ?1 AND key = ?2`)
    .bind(workspaceId, key, ...parameters);
};

/** A request that has had its effect. */
export interface Seen {
  /** What it led to; null where that was not kept. */
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
