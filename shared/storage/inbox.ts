import type { Database } from "./database.ts";

/** First statement of a batch: a key that is known fails the batch, which `write` reports as "repeated". */
export const insertInbox = (db: Database, workspaceId: string, key: string, now: string): D1PreparedStatement =>
  db.prepare("INSERT INTO inbox (workspace_id, key, created_at) VALUES (?1, ?2, ?3)").bind(workspaceId, key, now);

/** Forgets what came in before `before`, across workspaces. Slack and targets repeat within minutes; we keep days. */
export const pruneInbox = (db: Database, before: string): D1PreparedStatement =>
  db.prepare("DELETE FROM inbox WHERE created_at < ?1").bind(before);
