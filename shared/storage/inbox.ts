import type { Database, Query } from "./database.ts";

/** First statement of a batch: a key that is known fails the batch, which `write` reports as "repeated". */
export const insertInbox = (db: Database, workspaceId: string, key: string, now: string): D1PreparedStatement =>
  db.prepare("INSERT INTO inbox (workspace_id, key, created_at) VALUES (?1, ?2, ?3)").bind(workspaceId, key, now);

/** Whether the key is known: its request has had its effect. */
export const seenQuery = (db: Database, workspaceId: string, key: string): Query<boolean> => ({
  statement: db.prepare("SELECT 1 FROM inbox WHERE workspace_id = ?1 AND key = ?2").bind(workspaceId, key),
  parse: (rows) => rows.length > 0,
});

/** Forgets what came in before `before`, across workspaces. Slack and targets repeat within minutes; we keep days. */
export const pruneInbox = (db: Database, before: string): D1PreparedStatement =>
  db.prepare("DELETE FROM inbox WHERE created_at < ?1").bind(before);
