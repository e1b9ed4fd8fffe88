/** What a story's round trips read in the real D1, which counts rows: SQLite in Node does not say. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { Databases } from "../platform/databases.ts";

/** One round trip to D1. */
export interface ReplayedTrip {
  database: "staging" | "d1cv" | "ai-agent";
  statements: readonly { sql: string; values: readonly SQLInputValue[] }[];
}

interface Copied {
  sql: string;
  values: unknown[];
}

/** SQL that makes a database with the rows of this one, without what the simulator has added to it. */
const copyOf = (sqlite: DatabaseSync): Copied[] => {
  const all = sqlite
    .prepare(
      `SELECT type, name, sql FROM sqlite_schema
       WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%sim_%'`,
    )
    .all() as { type: string; name: string; sql: string }[];
  const tables = all.filter(({ type }) => type === "table");
  const rows = tables.flatMap(({ name }) =>
    sqlite
      .prepare(`SELECT * FROM ${name}`)
      .all()
      .map((row) => ({
        sql: `INSERT INTO ${name} (${Object.keys(row).join(", ")}) VALUES (${Object.keys(row)
          .map(() => "?")
          .join(", ")})`,
        values: Object.values(row),
      })),
  );
  const made = ({ sql }: { sql: string }): Copied => ({ sql, values: [] });
  const others = all.filter(({ type }) => type !== "table");
  return [...tables.map(made), ...rows, ...others.map(made)];
};

export type Copies = Record<ReplayedTrip["database"], Copied[]>;

/** Before the story. */
export const copyDatabases = ({ staging, d1cv, aiAgent }: Databases): Copies => ({
  staging: copyOf(staging),
  d1cv: copyOf(d1cv),
  "ai-agent": copyOf(aiAgent),
});

type Miniflared = Awaited<ReturnType<Miniflare["getD1Database"]>>;

/** Runs in the Worker that has the databases: a round trip from here to each of them would take a minute in all. */
const replay = async (request: Request, env: Record<string, Miniflared>): Promise<Response> => {
  const rows: [read: number, written: number][][] = [];
  for (const { database, statements } of (await request.json()) as ReplayedTrip[]) {
    const db = env[database];
    if (!db) continue;
    try {
      const results = await db.batch(statements.map(({ sql, values }) => db.prepare(sql).bind(...values)));
      rows.push(results.map(({ meta }) => [meta.rows_read, meta.rows_written]));
    } catch (error) {
      // A lost race is rolled back here as it was there.
      if (!/conflict|UNIQUE/.test(String(error))) throw error;
      rows.push([]);
    }
  }
  return Response.json(rows);
};
const script = `export default { fetch: ${replay.toString()} };`;

/** Runs the round trips once more, in their order. @returns the rows read and written, by statement of each */
export const rowsOf = async (
  copies: Copies,
  roundTrips: readonly ReplayedTrip[],
): Promise<{ read: number[]; written: number[] }[]> => {
  const names = Object.keys(copies) as ReplayedTrip["database"][];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-10-20", d1Databases: names }),
  );
  try {
    const made = names.map((database) => ({ database, statements: copies[database] }));
    const body = JSON.stringify([...made, ...roundTrips.map(({ database, statements }) => ({ database, statements }))]);
    const answer = await miniflare.dispatchFetch("http://replay/", { method: "POST", body });
    if (!answer.ok) throw new Error(await answer.text());
    const rows = (await answer.json()) as [number, number][][];
    return rows
      .slice(made.length)
      .map((each) => ({ read: each.map(([read]) => read), written: each.map(([, written]) => written) }));
  } finally {
    await miniflare.dispose();
  }
};

/** How many rows D1 has read for each statement of each round trip. */
export const rowsReadBy = async (copies: Copies, roundTrips: readonly ReplayedTrip[]): Promise<number[][]> =>
  (await rowsOf(copies, roundTrips)).map(({ read }) => read);
