import * as z from "zod/mini";
import { type Query, maxJsonLength, one } from "./database.ts";
import { rowOf } from "./row.ts";
import { type At, type Sql, row, sql } from "./sql.ts";

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
export const claimKey = (at: At, key: string, fingerprint: string): Sql =>
  sql`INSERT INTO api_replies ${row({ workspaceId: at.workspaceId, key, fingerprint, createdAt: at.now })} ON CONFLICT DO NOTHING`;

export const claimQuery = (workspaceId: string, key: string): Query<Claim | null> =>
  one(claimRow)`SELECT ${claimRow.columns} FROM api_replies WHERE workspace_id = ${workspaceId} AND key = ${key}`;

/**
 * The first reply stands. One that is too long is not kept: a repeat of its request is carried out anew. Another one
 * with the key, which came at the same time and was refused, may have released it.
 */
export const saveReply = (at: At, key: string, fingerprint: string, saved: SavedReply): Sql => {
  const json = JSON.stringify(saved);
  const reply = json.length > maxJsonLength ? null : json;
  return sql`INSERT INTO api_replies ${row({ workspaceId: at.workspaceId, key, fingerprint, reply, createdAt: at.now })}
    ON CONFLICT (workspace_id, key) DO UPDATE SET reply = excluded.reply WHERE reply IS NULL`;
};

/** Of a request that was refused. A reply that another with the key has got by now stays. */
export const releaseKey = ({ workspaceId }: At, key: string): Sql =>
  sql`DELETE FROM api_replies WHERE workspace_id = ${workspaceId} AND key = ${key} AND reply IS NULL`;

/** Forgets keys that came before `before`, across workspaces: at most `limit`, oldest first. */
export const pruneReplies = (before: string, limit: number): Sql =>
  sql`DELETE FROM api_replies WHERE (workspace_id, key) IN (SELECT workspace_id, key FROM api_replies
    WHERE created_at < ${before} ORDER BY created_at LIMIT ${limit})`;
