/** What live connections ask for. */
import * as z from "zod/mini";
import { type Database, type Query, column, many } from "../database.ts";
import { among, sql } from "../sql.ts";

const readText = column("value", z.string());
const readNumber = column("value", z.int());
const readId = column("id", z.string());

/** Those of the ids that are no job of the workspace. */
export const unknownJobsQuery = (db: Database, workspaceId: string, jobIds: readonly string[]): Query<string[]> =>
  many(
    sql(db)`SELECT value FROM json_each(${jobIds})
      WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE workspace_id = ${workspaceId} AND id = value)`,
    readText,
  );

/** Those of the numbers that are no commit of the workspace. */
export const unknownCommitsQuery = (db: Database, workspaceId: string, numbers: readonly number[]): Query<number[]> =>
  many(
    sql(db)`SELECT value FROM json_each(${numbers})
      WHERE NOT EXISTS (SELECT 1 FROM commits WHERE workspace_id = ${workspaceId} AND number = value)`,
    readNumber,
  );

/** Those of the tokens that somebody has ended. */
export const revokedTokensQuery = (db: Database, workspaceId: string, ids: readonly string[]): Query<string[]> =>
  many(
    sql(db)`SELECT id FROM api_tokens
      WHERE workspace_id = ${workspaceId} AND id ${among(ids)} AND revoked_at IS NOT NULL`,
    readId,
  );
