import * as z from "zod/mini";
import { type ApiToken, tokenSchema } from "../../domain/workspace/token.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, column, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { row, sql } from "../sql.ts";

const tokenRow = rowOf(tokenSchema);
const readWorkspaceId = column("workspace_id", z.string());

export interface StoredToken {
  workspaceId: string;
  token: ApiToken;
}

/** The token alone says in which workspace it is used. @param hash SHA-256 of the token, hex */
export const tokenByHashQuery = (db: Database, hash: string): Query<StoredToken | null> =>
  one(sql(db)`SELECT workspace_id, ${tokenRow.columns} FROM api_tokens WHERE hash = ${hash}`, (row) => ({
    workspaceId: readWorkspaceId(row),
    token: tokenRow.parse(row),
  }));

/** Of one owner, or of everybody (null); newest first. Those that ended before `endedAfter` are left out. */
export const tokensQuery = (
  db: Database,
  workspaceId: string,
  { userId, endedAfter, limit }: { userId: string | null; endedAfter: string; limit: number },
): Query<ApiToken[]> =>
  many(
    sql(db)`SELECT ${tokenRow.columns} FROM api_tokens
      WHERE workspace_id = ${workspaceId} AND (${userId} IS NULL OR user_id = ${userId}) AND expires_at > ${endedAfter}
        AND (revoked_at IS NULL OR revoked_at > ${endedAfter})
      ORDER BY number DESC LIMIT ${limit}`,
    tokenRow.parse,
  );

export const tokenQuery = (db: Database, workspaceId: string, number: number): Query<ApiToken | null> =>
  one(
    sql(db)`SELECT ${tokenRow.columns} FROM api_tokens WHERE workspace_id = ${workspaceId} AND number = ${number}`,
    tokenRow.parse,
  );

/** Takes its number from the counter that the same batch has raised. */
export const insertToken = (
  db: Database,
  workspaceId: string,
  token: Pick<ApiToken, "id" | "name" | "scopes" | "userId" | "createdAt" | "expiresAt"> & { hash: string },
): D1PreparedStatement => {
  const number = currentNumber(workspaceId, "token");
  return sql(db)`INSERT INTO api_tokens ${row({ workspaceId, ...tokenRow.of(token), number, hash: token.hash })}`;
};

export const revokeTokenRow = (
  db: Database,
  workspaceId: string,
  id: string,
  by: string,
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE api_tokens SET revoked_at = ${now}, revoked_by = ${by}
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND revoked_at IS NULL`;

/** Nothing happens when it has been noted since `before`. */
export const noteTokenUse = (
  db: Database,
  workspaceId: string,
  id: string,
  now: string,
  before: string,
): D1PreparedStatement =>
  sql(db)`UPDATE api_tokens SET last_used_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND (last_used_at IS NULL OR last_used_at < ${before})`;
