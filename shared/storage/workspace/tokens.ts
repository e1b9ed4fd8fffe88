import * as z from "zod/mini";
import { type ApiToken, tokenSchema } from "../../domain/workspace/token.ts";
import { currentNumber } from "../counters.ts";
import { type Query, column, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, row, sql } from "../sql.ts";

const tokenRow = rowOf(tokenSchema, { table: "api_tokens" });
const readWorkspaceId = column("workspace_id", z.string());
const readUninstalled = column("uninstalled", z.int());

export interface StoredToken {
  workspaceId: string;
  token: ApiToken;
  /** The app was removed from its workspace. */
  isUninstalled: boolean;
}

/**
 * The token alone says in which workspace it is used.
 *
 * @param hash SHA-256 of the token, hex
 */
export const tokenByHashQuery = (hash: string): Query<StoredToken | null> =>
  one({
    parse: (row): StoredToken => ({
      workspaceId: readWorkspaceId.parse(row),
      token: tokenRow.parse(row),
      isUninstalled: readUninstalled.parse(row) === 1,
    }),
  })`SELECT workspace_id, ${tokenRow.columns}, EXISTS (SELECT 1 FROM workspaces w
      WHERE w.workspace_id = api_tokens.workspace_id AND w.uninstalled_at IS NOT NULL) AS uninstalled
    FROM api_tokens WHERE hash = ${hash}`;

/** Of one owner, or of everybody (null); newest first. Those that ended before `endedAfter` are left out. */
export const tokensQuery = (
  workspaceId: string,
  { userId, endedAfter, limit }: { userId: string | null; endedAfter: string; limit: number },
): Query<ApiToken[]> =>
  many(tokenRow)`SELECT ${tokenRow.columns} FROM api_tokens
    WHERE workspace_id = ${workspaceId} AND (${userId} IS NULL OR user_id = ${userId}) AND expires_at > ${endedAfter}
      AND (revoked_at IS NULL OR revoked_at > ${endedAfter})
    ORDER BY number DESC LIMIT ${limit}`;

export const tokenQuery = (workspaceId: string, number: number): Query<ApiToken | null> =>
  one(tokenRow)`SELECT ${tokenRow.columns} FROM api_tokens WHERE workspace_id = ${workspaceId} AND number = ${number}`;

/** Takes its number from the counter that the same batch has raised. */
export const insertToken = (
  workspaceId: string,
  token: Pick<ApiToken, "id" | "name" | "scopes" | "userId" | "createdAt" | "expiresAt"> & { hash: string },
): Sql => {
  const number = currentNumber(workspaceId, "token");
  return sql`INSERT INTO api_tokens ${row({ workspaceId, ...tokenRow.of(token), number, hash: token.hash })}`;
};

export const revokeTokenRow = (at: At, id: string, by: string): Sql =>
  sql`UPDATE api_tokens SET revoked_at = ${at.now}, revoked_by = ${by}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id} AND revoked_at IS NULL`;

/** Ends all that somebody still has. */
export const revokeTokensOf = (at: At, userId: string, by: string): Sql =>
  sql`UPDATE api_tokens SET revoked_at = ${at.now}, revoked_by = ${by}
    WHERE workspace_id = ${at.workspaceId} AND user_id = ${userId} AND revoked_at IS NULL`;

/** Nothing happens when it has been noted since `before`. */
export const noteTokenUse = (at: At, id: string, before: string): Sql =>
  sql`UPDATE api_tokens SET last_used_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${id} AND (last_used_at IS NULL OR last_used_at < ${before})`;
