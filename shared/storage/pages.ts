/** Lists by page, newest first, where each row has a number that only grows: a page is what is below a number. */
import * as z from "zod/mini";
import { type Parser, type Query, column, many } from "./database.ts";
import { type Sql } from "./sql.ts";

/** Which page: `limit` rows below `before`, or the newest ones. */
export interface Window {
  before: number | null;
  limit: number;
}

interface List<T> {
  row: Parser<T>;
  select: Sql;
  /** For the numbers alone. */
  from: Sql;
  number: Sql;
  where: Sql;
}

const readNumber = column("number", z.int());

/** The page and one row more, and the numbers of the page above it, lowest first: at most one more than it holds. */
export const pageQueries = <T>(
  { row, select, from, number, where }: List<T>,
  { before, limit }: Window,
): [Query<T[]>, Query<number[]>] => [
  many(row)`${select}
    WHERE ${where} AND ${number} < ${before ?? Number.MAX_SAFE_INTEGER} ORDER BY ${number} DESC LIMIT ${limit + 1}`,
  many(readNumber)`SELECT ${number} AS number ${from}
    WHERE ${where} AND ${number} >= ${before ?? 0} ORDER BY ${number} LIMIT ${before === null ? 0 : limit + 1}`,
];
