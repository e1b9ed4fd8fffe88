import * as z from "zod/mini";
import { scopeNames } from "../../domain/workspace/roles.ts";
import type { ApiToken } from "../../domain/workspace/token.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, column, jsonText, many, one } from "../database.ts";

const tokenRow = z.object({
  id: z.string(),
  number: z.int(),
  name: z.string(),
  scopes: jsonText(z.array(z.enum(scopeNames))),
  user_id: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  revoked_at: z.nullable(z.string()),
  revoked_by: z.nullable(z.string()),
  last_used_at: z.nullable(z.string()),
});

const parseToken = (row: unknown): ApiToken => {
  const parsed = tokenRow.parse(row);
  return {
    id: parsed.id,
    number: parsed.number,
    name: parsed.name,
    scopes: parsed.scopes,
    userId: parsed.user_id,
    createdAt: parsed.created_at,
    expiresAt: parsed.expires_at,
    revokedAt: parsed.revoked_at,
    revokedBy: parsed.revoked_by,
    lastUsedAt: parsed.last_used_at,
  };
};

const columns = "id, number, name, scopes, user_id, created_at, expires_at, revoked_at, revoked_by, last_used_at";

const readWorkspaceId = column("workspace_id", z.string());

export interface StoredToken {
  workspaceId: string;
  token: ApiToken;
}

/** The token alone says in which workspace it is used. @param hash SHA-256 of the token, hex */
export const tokenByHashQuery = (db: Database, hash: string): Query<StoredToken | null> =>
  one(db.prepare(`SELECT workspace_id, ${columns} FROM api_tokens WHERE hash = ?1`).bind(hash), (row) => ({
    workspaceId: readWorkspaceId(row),
    token: parseToken(row),
  }));

/** Of one owner, or of everybody (null); newest first. Those that ended before `endedAfter` are left out. */
export const tokensQuery = (
  db: Database,
  workspaceId: string,
  { userId, endedAfter, limit }: { userId: string | null; endedAfter: string; limit: number },
): Query<ApiToken[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM api_tokens
         WHERE workspace_id = ?1 AND (?2 IS NULL OR user_id = ?2) AND expires_at > ?3
           AND (revoked_at IS NULL OR revoked_at > ?3)
         ORDER BY number DESC LIMIT ?4`,
      )
      .bind(workspaceId, userId, endedAfter, limit),
    parseToken,
  );

export const tokenQuery = (db: Database, workspaceId: string, number: number): Query<ApiToken | null> =>
  one(
    db.prepare(`SELECT ${columns} FROM api_tokens WHERE workspace_id = ?1 AND number = ?2`).bind(workspaceId, number),
    parseToken,
  );

/** Takes its number from the counter that the same batch has raised. */
export const insertToken = (
  db: Database,
  workspaceId: string,
  token: Pick<ApiToken, "id" | "name" | "scopes" | "userId" | "createdAt" | "expiresAt"> & { hash: string },
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO api_tokens (workspace_id, id, number, name, hash, scopes, user_id, created_at, expires_at)
       VALUES (?1, ?2, ${currentNumber("token")}, ?3, ?4, ?5, ?6, ?7, ?8)`,
    )
    .bind(
      workspaceId,
      token.id,
      token.name,
      token.hash,
      JSON.stringify(token.scopes),
      token.userId,
      token.createdAt,
      token.expiresAt,
    );

export const revokeTokenRow = (
  db: Database,
  workspaceId: string,
  id: string,
  by: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE api_tokens SET revoked_at = ?4, revoked_by = ?3 WHERE workspace_id = ?1 AND id = ?2 AND revoked_at IS NULL`,
    )
    .bind(workspaceId, id, by, now);

/** Nothing happens when it has been noted since `before`. */
export const noteTokenUse = (
  db: Database,
  workspaceId: string,
  id: string,
  now: string,
  before: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE api_tokens SET last_used_at = ?3
       WHERE workspace_id = ?1 AND id = ?2 AND (last_used_at IS NULL OR last_used_at < ?4)`,
    )
    .bind(workspaceId, id, now, before);
