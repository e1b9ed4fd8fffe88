import { type Login, loginSchema } from "../../domain/workspace/login.ts";
import { type Query, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type Sql, row, sql } from "../sql.ts";

const loginRow = rowOf(loginSchema, { table: "logins" });

/** Nothing happens when the device has asked before. */
export const insertLogin = (login: Login): Sql =>
  sql`INSERT INTO logins ${row(loginRow.of(login))} ON CONFLICT DO NOTHING`;

/** @param hash SHA-256 of the device's token, hex */
export const loginByHashQuery = (hash: string): Query<Login | null> =>
  one(loginRow)`SELECT ${loginRow.columns} FROM logins WHERE hash = ${hash}`;

export const loginQuery = (code: string): Query<Login | null> =>
  one(loginRow)`SELECT ${loginRow.columns} FROM logins WHERE code = ${code}`;

const pending = (code: string, now: string): Sql =>
  sql`code = ${code} AND confirmed_at IS NULL AND declined_at IS NULL AND expires_at > ${now}`;

/** Changes no row where it is not pending any more. */
export const confirmLoginRow = (code: string, now: string): Sql =>
  sql`UPDATE logins SET confirmed_at = ${now} WHERE ${pending(code, now)}`;

/** There is no token after all: it can be confirmed again. */
export const reopenLoginRow = (code: string): Sql => sql`UPDATE logins SET confirmed_at = NULL WHERE code = ${code}`;

/** Changes no row where it is not pending any more. */
export const declineLoginRow = (code: string, now: string): Sql =>
  sql`UPDATE logins SET declined_at = ${now} WHERE ${pending(code, now)}`;

/** Forgets those that had their end before `before`: at most `limit`, oldest first. */
export const pruneLogins = (before: string, limit: number): Sql =>
  sql`DELETE FROM logins WHERE code IN (SELECT code FROM logins
    WHERE expires_at < ${before} ORDER BY expires_at LIMIT ${limit})`;
