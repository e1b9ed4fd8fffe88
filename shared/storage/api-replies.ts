import * as z from "zod/mini";
import { type Database, type Query, jsonText, one } from "./database.ts";

/** The reply to a request with an idempotency key. */
export interface SavedReply {
  status: number;
  body: unknown;
}

export interface Claim {
  /** SHA-256 of what was asked the first time. */
  fingerprint: string;
  /** Null while there is none: the request is under way, or its reply was lost. */
  reply: SavedReply | null;
}

/** D1 takes rows of 2 MB; the reply to a repeat of a request with a larger one is made anew. */
const maxCharacters = 500_000;

/** Nothing happens when the key has been claimed. */
export const claimKey = (
  db: Database,
  workspaceId: string,
  key: string,
  fingerprint: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      "INSERT INTO api_replies (workspace_id, key, fingerprint, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    )
    .bind(workspaceId, key, fingerprint, now);

const row = z.object({
  fingerprint: z.string(),
  reply: z.nullable(jsonText(z.object({ status: z.int(), body: z.unknown() }))),
});

export const claimQuery = (db: Database, workspaceId: string, key: string): Query<Claim | null> =>
  one(
    db
      .prepare("SELECT fingerprint, reply FROM api_replies WHERE workspace_id = ?1 AND key = ?2")
      .bind(workspaceId, key),
    (found): Claim => row.parse(found),
  );

/** The first reply stands. */
export const saveReply = (db: Database, workspaceId: string, key: string, reply: SavedReply): D1PreparedStatement => {
  const json = JSON.stringify(reply);
  return db
    .prepare("UPDATE api_replies SET reply = ?3 WHERE workspace_id = ?1 AND key = ?2 AND reply IS NULL")
    .bind(workspaceId, key, json.length > maxCharacters ? null : json);
};

/** Forgets the keys that came before `before`, across workspaces. */
export const pruneReplies = (db: Database, before: string): D1PreparedStatement =>
  db.prepare("DELETE FROM api_replies WHERE created_at < ?1").bind(before);
