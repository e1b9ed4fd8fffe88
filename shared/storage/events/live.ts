/** What live connections ask for. */
import * as z from "zod/mini";
import { type Database, type Query, column, many } from "../database.ts";

const readText = column("value", z.string());
const readNumber = column("value", z.int());
const readId = column("id", z.string());

/** Those of the ids that are no job of the workspace. */
export const unknownJobsQuery = (db: Database, workspaceId: string, jobIds: readonly string[]): Query<string[]> =>
  many(
    db
      .prepare(
        `SELECT value FROM json_each(?2)
         WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE workspace_id = ?1 AND id = value)`,
      )
      .bind(workspaceId, JSON.stringify(jobIds)),
    readText,
  );

/** Those of the numbers that are no commit of the workspace. */
export const unknownCommitsQuery = (db: Database, workspaceId: string, numbers: readonly number[]): Query<number[]> =>
  many(
    db
      .prepare(
        `SELECT value FROM json_each(?2)
         WHERE NOT EXISTS (SELECT 1 FROM commits WHERE workspace_id = ?1 AND number = value)`,
      )
      .bind(workspaceId, JSON.stringify(numbers)),
    readNumber,
  );

/** Those of the tokens that somebody has ended. */
export const revokedTokensQuery = (db: Database, workspaceId: string, ids: readonly string[]): Query<string[]> =>
  many(
    db
      .prepare(
        `SELECT id FROM api_tokens
         WHERE workspace_id = ?1 AND id IN (SELECT value FROM json_each(?2)) AND revoked_at IS NOT NULL`,
      )
      .bind(workspaceId, JSON.stringify(ids)),
    readId,
  );
