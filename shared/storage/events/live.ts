/** What live connections ask for. */
import * as z from "zod/mini";
import { type Query, column, many } from "../database.ts";
import { among } from "../sql.ts";

const readText = column("value", z.string());
const readNumber = column("value", z.int());
const readId = column("id", z.string());

/** Those of the ids that are no job of the workspace. */
export const unknownJobsQuery = (workspaceId: string, jobIds: readonly string[]): Query<string[]> =>
  many(readText)`SELECT value FROM json_each(${jobIds})
    WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE workspace_id = ${workspaceId} AND id = value)`;

/** Those of the numbers that are no commit of the workspace. */
export const unknownCommitsQuery = (workspaceId: string, numbers: readonly number[]): Query<number[]> =>
  many(readNumber)`SELECT value FROM json_each(${numbers})
    WHERE NOT EXISTS (SELECT 1 FROM commits WHERE workspace_id = ${workspaceId} AND number = value)`;

/** Those of the people to whom no address leads any more: Slack has said that they are gone. */
export const unreachablePeopleQuery = (workspaceId: string, userIds: readonly string[]): Query<string[]> =>
  many(readText)`SELECT value FROM json_each(${userIds})
    WHERE NOT EXISTS (SELECT 1 FROM addresses WHERE workspace_id = ${workspaceId} AND user_id = value)`;

/** Those of the tokens that somebody has ended. */
export const revokedTokensQuery = (workspaceId: string, ids: readonly string[]): Query<string[]> =>
  many(readId)`SELECT id FROM api_tokens
    WHERE workspace_id = ${workspaceId} AND id ${among(ids)} AND revoked_at IS NOT NULL`;
