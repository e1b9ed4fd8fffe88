/**
 * How the code talks to D1: reads are queries with a parser and go out together in one round trip; a write is one
 * batch, which D1 runs as a transaction. Every call of `batch` is one round trip, so counting them counts the latency.
 *
 * Nothing is tried again here. D1 itself tries a read twice more (developers.cloudflare.com/d1, "Retry queries");
 * beyond that it is away, and a person's request goes on in PendingCommands, a message in its queue, an alarm and the
 * sweep in their next run. A write must not be: whether it was done is unknown, and only who wrote it can find out, by
 * its idempotency key, its guard, or the deadline that it would have set.
 */
import * as z from "zod/mini";
import { causeOf } from "../schema-rules.ts";
import type { UnreadableRow } from "../domain/unreadable-row.ts";
import type { Effect } from "../effects.ts";
import { log } from "../log.ts";
import { type Sql, type Template, prepare, sql } from "./sql.ts";

export type Database = Pick<D1Database, "prepare" | "batch">;

/** A statement and what the rows that it returns mean. */
export interface Query<T> {
  statement: Sql;
  /** Adds to `unreadable` what it leaves out. */
  parse: (rows: unknown[], unreadable: UnreadableRow[]) => T;
  effects?: never;
}

/** A statement that writes, and what has to happen after it. */
export interface Effectful<T = void> {
  statement: Sql;
  parse: Query<T>["parse"];
  /** By its result; what may follow, where the result is lost. */
  effects: (result: D1Result | null) => readonly Effect[];
}

/** SQL that has these effects where it changes a row: effectful({ kind: "relay_outbox", … })`INSERT INTO outbox …`. */
export const effectful =
  (...effects: Effect[]) =>
  (...text: Template): Effectful => ({
    statement: sql(...text),
    parse: () => {},
    effects: (result) => (result?.meta.changes === 0 ? [] : effects),
  });

/** What the queries find. */
export type Values<Queries extends readonly Query<unknown>[]> = {
  -readonly [K in keyof Queries]: Queries[K] extends Query<infer T> ? T : never;
};

/** D1 has not run the statements, or has not said so: their outcome is unknown, and the same may work in a while. */
export class DatabaseOutage extends Error {
  override readonly name = "DatabaseOutage";
}

/**
 * What SQLite says about a statement comes with its code (developers.cloudflare.com/d1, "Debug D1"), and with these it
 * will say it each time. Everything else passes: overloaded, reset, unreachable.
 */
const aboutStatement =
  /SQLITE_(ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG|AUTH|SCHEMA|MISUSE|NOTFOUND)|D1_(TYPE|COLUMN|PARSE)|\bconflict\b/;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The database has run it, and refuses it: it will each time. */
export const isAboutStatement = (error: unknown): boolean => aboutStatement.test(messageOf(error));

/** Every call of it is one round trip. */
export const run = async (db: Database, statements: readonly Sql[]): Promise<D1Result[]> => {
  const prepared = statements.map((statement) => prepare(db, statement));
  try {
    return await db.batch(prepared);
  } catch (error) {
    throw isAboutStatement(error) ? error : new DatabaseOutage(messageOf(error), { cause: error });
  }
};

/** Runs all queries in one round trip, in one snapshot. */
export const readAll = async <const Queries extends readonly Query<unknown>[]>(
  db: Database,
  ...queries: Queries
): Promise<{ values: Values<Queries>; unreadable: UnreadableRow[] }> => {
  const results = await run(
    db,
    queries.map(({ statement }) => statement),
  );
  const unreadable: UnreadableRow[] = [];
  const values = queries.map(({ parse }, index) => parse(results[index]?.results ?? [], unreadable));
  logUnreadable(unreadable);
  return { values: values as Values<Queries>, unreadable };
};

/** The same for callers that go on without the rows that were left out; the log has them. */
export const read = async <const Queries extends readonly Query<unknown>[]>(
  db: Database,
  ...queries: Queries
): Promise<Values<Queries>> => (await readAll(db, ...queries)).values;

export const logUnreadable = (rows: readonly UnreadableRow[]): void => {
  for (const row of rows) log("row.unreadable", { ...row });
};

/** What a row means. */
export interface Parser<T> {
  /** Of the row. */
  table?: string;
  parse: (row: unknown) => T;
}

const rowName = z.looseObject({ id: z.optional(z.string()), number: z.optional(z.int()) });

/** By its shape: naming the class would bring all of zod into the bundle. */
const isOfSchema = (error: unknown): error is z.core.$ZodError => error instanceof Error && "issues" in error;

/** Anything but a row that does not fit is a bug, and thrown on. */
const unreadableRow = ({ table }: Parser<unknown>, row: unknown, error: unknown): UnreadableRow => {
  if (!isOfSchema(error)) throw error;
  const { id = null, number = null } = rowName.safeParse(row).data ?? {};
  return { table: table ?? null, id, number, cause: causeOf(error) };
};

const parseOne = <T>(parser: Parser<T>, row: unknown): T => {
  try {
    return parser.parse(row);
  } catch (error) {
    const { table, id, cause } = unreadableRow(parser, row, error);
    throw new Error(`The stored row ${table ?? ""} ${id ?? ""} cannot be read: ${cause}`, { cause: error });
  }
};

/** A query for at most one row: one(commitRow)`SELECT … FROM commits WHERE …`. */
export const one =
  <T>(parser: Parser<T>) =>
  (...text: Template): Query<T | null> => ({
    statement: sql(...text),
    parse: ([row]) => (row === undefined ? null : parseOne(parser, row)),
  });

/** One row that cannot be read hides no other. */
export const many =
  <T>(parser: Parser<T>) =>
  (...text: Template): Query<T[]> => ({
    statement: sql(...text),
    parse: (rows, unreadable) =>
      rows.flatMap((row) => {
        try {
          return [parser.parse(row)];
        } catch (error) {
          unreadable.push(unreadableRow(parser, row, error));
          return [];
        }
      }),
  });

type SortKey = string | number | null;

const before = (a: SortKey, b: SortKey): number => {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
};

/**
 * The rows in the order of these columns, which stand in the SELECT. An ORDER BY for which no index stands reads each
 * row once more, and D1 counts it: this is for the few rows that are read all the time.
 */
export const inOrderOf = <T>(columns: readonly string[], { parse, ...query }: Query<T>): Query<T> => ({
  ...query,
  parse: (rows, unreadable) => {
    const keys = rows as Record<string, SortKey>[];
    const compare = (a: Record<string, SortKey>, b: Record<string, SortKey>): number =>
      columns.reduce((order, name) => order || before(a[name] ?? null, b[name] ?? null), 0);
    return parse(keys.toSorted(compare), unreadable);
  },
});

/** A query that always finds one row, such as a count. */
export const only =
  <T>(parser: Parser<T>) =>
  (...text: Template): Query<T> => ({ statement: sql(...text), parse: ([row]) => parseOne(parser, row) });

/** Reads one column. Made once, beside the query: a schema costs more to make than to use. */
export const column = <S extends z.ZodMiniType>(name: string, schema: S): Parser<z.infer<S>> => {
  const shape = z.object({ [name]: schema });
  return { parse: (row) => shape.parse(row)[name] as z.infer<S> };
};

/** One statement of a batch that writes, or several that belong together. */
export type Batch = Statement | readonly Batch[];

/** Nothing has to happen after it. */
export type Inert = Sql | Query<unknown>;
export type Statement = Inert | Effectful<unknown>;

/** A guarded write: rolls the batch back unless it changes exactly so many rows. */
export const mustChange = <S extends Statement>(statement: S, rows = 1): readonly [S, Sql] => [
  statement,
  sql`INSERT INTO assertion (actual, expected) VALUES (changes(), ${rows})`,
];

/** A guard of its own: rolls the batch back unless there are exactly so many rows. assertCount(1)`members WHERE …` */
export const assertCount =
  (rows: number) =>
  (...from: Template): Sql =>
    sql`INSERT INTO assertion (actual, expected) SELECT COUNT(*), ${rows} FROM ${sql(...from)}`;

const parsedJson = z.transform((text: string, ctx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    ctx.issues.push({ code: "custom", message: "is not JSON", input: text });
    return z.NEVER;
  }
});

/** Longer JSON is not kept: a row holds 2 MB (developers.cloudflare.com/d1/platform/limits). In characters. */
export const maxJsonLength = 500_000;

/** JSON text, such as a column or a variable holds it. */
export const jsonText = <S extends z.ZodMiniType>(schema: S) => z.pipe(z.pipe(z.string(), parsedJson), schema);
