/** Reads of several callers in one round trip. */
import { type Database, isAboutStatement } from "./database.ts";

/** In one batch: a transaction holds up every other query of the database. */
const maxStatements = 200;

interface Call {
  statements: readonly D1PreparedStatement[];
  resolve: (results: D1Result[]) => void;
  reject: (error: unknown) => void;
}

/**
 * A database for callers that only read, each by itself, and at the same moment: what they ask for in one turn goes out
 * as one batch, and what several of them ask for is read once. A statement that fails fails its own caller alone.
 */
export const readsTogether = (db: Database): Database => {
  const keys = new WeakMap<D1PreparedStatement, string>();
  let waiting: Call[] = [];

  const prepare = (sql: string): D1PreparedStatement => {
    const prepared = db.prepare(sql);
    const bind = prepared.bind.bind(prepared);
    keys.set(prepared, sql);
    prepared.bind = (...values) => {
      const bound = bind(...values);
      keys.set(bound, JSON.stringify([sql, values]));
      return bound;
    };
    return prepared;
  };

  const sendOne = async ({ statements, resolve, reject }: Call): Promise<void> => {
    try {
      resolve(await db.batch([...statements]));
    } catch (error) {
      reject(error);
    }
  };

  const sendAll = async (calls: readonly Call[]): Promise<void> => {
    const [only] = calls;
    if (only && calls.length === 1) return sendOne(only);
    const keyOf = (statement: D1PreparedStatement): unknown => keys.get(statement) ?? statement;
    const distinct = new Map(calls.flatMap(({ statements }) => statements.map((each) => [keyOf(each), each] as const)));
    try {
      const results = await db.batch([...distinct.values()]);
      const byKey = new Map([...distinct.keys()].map((key, index) => [key, results[index] as D1Result]));
      for (const { statements, resolve } of calls)
        resolve(statements.map((each) => byKey.get(keyOf(each)) as D1Result));
    } catch (error) {
      if (isAboutStatement(error)) await Promise.all(calls.map(sendOne));
      else for (const { reject } of calls) reject(error);
    }
  };

  const flush = async (): Promise<void> => {
    const calls = waiting;
    waiting = [];
    let group: Call[] = [];
    let count = 0;
    for (const call of calls) {
      if (count > 0 && count + call.statements.length > maxStatements) {
        await sendAll(group);
        group = [];
        count = 0;
      }
      group.push(call);
      count += call.statements.length;
    }
    await sendAll(group);
  };

  const batch = <T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> =>
    new Promise((resolve, reject) => {
      waiting.push({ statements, resolve: (results) => resolve(results as D1Result<T>[]), reject });
      if (waiting.length === 1) queueMicrotask(() => void flush());
    });

  return { prepare, batch };
};
