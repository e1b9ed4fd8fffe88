import * as z from "zod/mini";
import { type Database, type Query, maxJsonLength, one } from "./database.ts";
import { rowOf } from "./row.ts";
import { row, sql } from "./sql.ts";

/** The reply to a request with an idempotency key. */
const replySchema = z.object({ status: z.int(), body: z.unknown() });
export type SavedReply = z.infer<typeof replySchema>;

const claimSchema = z.object({
  /** SHA-256 of what was asked the first time. */
  fingerprint: z.string(),
  /** Null while there is none: the request is under way, or its reply was lost. */
  reply: z.nullable(replySchema),
});
export type Claim = z.infer<typeof claimSchema>;

const claimRow = rowOf(claimSchema);

/** Nothing happens when the key has been claimed. */
export const claimKey = (
  db: Database,
  workspaceId: string,
  key: string,
  fingerprint: string,
  now: string,
): D1PreparedStatement =>
  sql(db)`INSERT INTO api_replies ${row({ workspaceId, key, fingerprint, createdAt: now })} ON CONFLICT DO NOTHING`;

export const claimQuery = (db: Database, workspaceId: string, key: string): Query<Claim | null> =>
  one(
    sql(db)`SELECT ${claimRow.columns} FROM api_replies WHERE workspace_id = ${workspaceId} AND key = ${key}`,
    claimRow.parse,
  );

/** The first reply stands. One that is too long is not kept: a repeat of its request is carried out anew. */
export const saveReply = (db: Database, workspaceId: string, key: string, reply: SavedReply): D1PreparedStatement => {
  const json = JSON.stringify(reply);
  return sql(db)`UPDATE api_replies SET reply = ${json.length > maxJsonLength ? null : json}
    WHERE workspace_id = ${workspaceId} AND key = ${key} AND reply IS NULL`;
};

/** Forgets the keys that came before `before`, across workspaces. */
export const pruneReplies = (db: Database, before: string): D1PreparedStatement =>
  sql(db)`DELETE FROM api_replies WHERE created_at < ${before}`;
