import * as z from "zod/mini";
import { type SignIn, type SignInAttempt, signInAttemptSchema, signInSchema } from "../../domain/workspace/sign-in.ts";
import { type Query, column, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type Sql, row, sql } from "../sql.ts";

const attemptRow = rowOf(signInAttemptSchema, { table: "sign_in_attempts" });
const signInRow = rowOf(signInSchema, { table: "sign_ins" });
const readId = column("id", z.string());
const readValue = column("value", z.string());

/** @param hash SHA-256 of the state, hex; @param browser SHA-256 of the browser's cookie, hex */
export const insertAttempt = (attempt: SignInAttempt & { hash: string; browser: string; expiresAt: string }): Sql =>
  sql`INSERT INTO sign_in_attempts ${row({ ...attempt })}`;

/** The attempt of this browser, which is used up by it; null where it is another's, or its time is over. */
export const takeAttempt = (hash: string, browser: string, now: string): Query<SignInAttempt | null> =>
  one(attemptRow)`DELETE FROM sign_in_attempts WHERE hash = ${hash} AND browser = ${browser} AND expires_at > ${now}
    RETURNING ${attemptRow.columns}`;

/** Forgets those that had their end before `before`: at most `limit`, oldest first. */
export const pruneAttempts = (before: string, limit: number): Sql =>
  sql`DELETE FROM sign_in_attempts WHERE hash IN (SELECT hash FROM sign_in_attempts
    WHERE expires_at < ${before} ORDER BY expires_at LIMIT ${limit})`;

/** @param hash SHA-256 of the browser's cookie, hex */
export const insertSignIn = (signIn: SignIn, hash: string): Sql =>
  sql`INSERT INTO sign_ins ${row({ ...signIn, hash })}`;

/** The cookie alone says whose it is. Null where its time is over, or the app has left the workspace. */
export const signInQuery = (hash: string, now: string): Query<SignIn | null> =>
  one(signInRow)`SELECT ${signInRow.columns} FROM sign_ins WHERE hash = ${hash} AND expires_at > ${now}
    AND NOT EXISTS (SELECT 1 FROM workspaces w
      WHERE w.workspace_id = sign_ins.workspace_id AND w.disconnected_at IS NOT NULL)`;

export const extendSignIn = (hash: string, expiresAt: string): Sql =>
  sql`UPDATE sign_ins SET expires_at = ${expiresAt} WHERE hash = ${hash} AND expires_at < ${expiresAt}`;

/** Ends the one of this cookie. */
export const deleteSignIn = (hash: string): Sql => sql`DELETE FROM sign_ins WHERE hash = ${hash}`;

/** Ends all of a person: their ids. */
export const deleteSignInsOf = (workspaceId: string, userId: string): Query<string[]> =>
  many(readId)`DELETE FROM sign_ins WHERE workspace_id = ${workspaceId} AND user_id = ${userId} RETURNING id`;

/** Ends everybody's. */
export const deleteSignInsIn = (workspaceId: string): Sql =>
  sql`DELETE FROM sign_ins WHERE workspace_id = ${workspaceId}`;

/** Whether a person is signed in in some browser. */
export const isSignedInQuery = (workspaceId: string, userId: string, now: string): Query<boolean> => ({
  statement: sql`SELECT 1 FROM sign_ins
    WHERE workspace_id = ${workspaceId} AND user_id = ${userId} AND expires_at > ${now} LIMIT 1`,
  parse: (rows) => rows.length > 0,
});

/** Those of the ids that have ended. */
export const endedSignInsQuery = (workspaceId: string, ids: readonly string[], now: string): Query<string[]> =>
  many(readValue)`SELECT value FROM json_each(${ids}) WHERE NOT EXISTS (SELECT 1 FROM sign_ins
    WHERE workspace_id = ${workspaceId} AND id = value AND expires_at > ${now})`;

/** Forgets those that had their end before `before`: at most `limit`, oldest first. */
export const pruneSignIns = (before: string, limit: number): Sql =>
  sql`DELETE FROM sign_ins WHERE hash IN (SELECT hash FROM sign_ins
    WHERE expires_at < ${before} ORDER BY expires_at LIMIT ${limit})`;
