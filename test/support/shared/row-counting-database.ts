import { env } from "cloudflare:workers";

/** A statement, and how many rows D1 says that it has read. */
export interface RowsRead {
  sql: string;
  rows: number;
}

/** The database, with the number of rows that D1 has read for it, by its own count: `meta.rows_read`. */
export const rowCountingDatabase = (db: D1Database = env.DB) => {
  const texts = new WeakMap<D1PreparedStatement, string>();
  const counted = {
    roundTrips: 0,
    rowsRead: 0,
    statements: [] as RowsRead[],
    reset: (): void => {
      counted.roundTrips = 0;
      counted.rowsRead = 0;
      counted.statements = [];
    },
    prepare: (sql: string): D1PreparedStatement => {
      const prepared = db.prepare(sql);
      texts.set(prepared, sql);
      const bind = prepared.bind.bind(prepared);
      prepared.bind = (...values) => {
        const bound = bind(...values);
        texts.set(bound, sql);
        return bound;
      };
      return prepared;
    },
    batch: async <T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> => {
      const results = await db.batch<T>(statements);
      counted.roundTrips += 1;
      for (const [index, { meta }] of results.entries()) {
        const statement = statements[index];
        const rows = meta.rows_read;
        counted.rowsRead += rows;
        counted.statements.push({ sql: (statement && texts.get(statement)) ?? "?", rows });
      }
      return results;
    },
  };
  return counted;
};
