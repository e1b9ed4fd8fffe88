/**
 * Copies one D1 database to R2. A database that fits is read in one batch, which D1 runs as one transaction: all rows
 * are of one moment, and nobody waits. A larger one is read page by page, and its manifest says so.
 */
import * as z from "zod/mini";
import { type BackupRow, type DatabaseManifest, backupOf, databaseKey, partKey } from "./manifest.ts";

export interface BackupContext {
  db: Pick<D1Database, "prepare" | "batch">;
  bucket: R2Bucket;
  database: string;
  version: string | null;
  nowMs: () => number;
  /** Columns that hold a secret as it is, by table: a backup has NULL there, and a restored row gets a new one. */
  secrets?: Readonly<Record<string, readonly string[]>>;
}

export interface Bounds {
  /** Bytes of the database: its rows stand in memory, of which a Worker has 128 MB, three times at the same time. */
  snapshotBytes: number;
  /** Of a page, in rows. */
  pageRows: number;
  /** An invocation has 1,000 (developers.cloudflare.com/d1/platform/limits). */
  queries: number;
  /** Of a part before it is compressed, in characters. */
  partLength: number;
}

const bounds: Bounds = { snapshotBytes: 24_000_000, pageRows: 500, queries: 900, partLength: 4_000_000 };

/** Machinery, passes of some minutes, and what the restored database has of its own. */
const leftOut = ["assertion", "operator_passes", "d1_migrations", "restores"];

interface Table {
  name: string;
  /** The columns of its primary key, or its rowid. */
  key: string[];
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const tablesOf = async (db: BackupContext["db"]): Promise<{ tables: Table[]; bytes: number; schema: string }> => {
  const [columns, newest] = await db.batch<Record<string, unknown>>([
    db.prepare(
      `SELECT m.name AS tableName, c.name AS columnName, c.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT GLOB 'sqlite_*' AND m.name NOT GLOB '_cf_*' ORDER BY m.name, c.pk`,
    ),
    db.prepare("SELECT MAX(name) AS name FROM d1_migrations"),
  ]);
  const byTable = Map.groupBy(columns?.results ?? [], ({ tableName }) => String(tableName));
  const tables = [...byTable]
    .filter(([name]) => !leftOut.includes(name))
    .map(([name, own]) => {
      const key = own.filter(({ pk }) => Number(pk) > 0).map(({ columnName }) => String(columnName));
      return { name, key: key.length > 0 ? key : ["rowid"] };
    });
  return { tables, bytes: newest?.meta.size_after ?? 0, schema: z.string().parse(newest?.results[0]?.["name"]) };
};

/** D1 gives a BLOB as a list of numbers. */
const stored = (value: unknown): BackupRow[string] =>
  Array.isArray(value)
    ? { hex: value.map((byte) => Number(byte).toString(16).padStart(2, "0")).join("") }
    : (value as BackupRow[string]);

const lineOf = (table: string, row: Record<string, unknown>, secrets: readonly string[]): string => {
  const values = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, secrets.includes(name) ? null : stored(value)]),
  );
  return `${JSON.stringify({ table, row: values })}\n`;
};

const compressed = (lines: readonly string[]): Promise<ArrayBuffer> =>
  new Response(new Blob([...lines]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();

const hexOf = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Collects lines, and writes a part as soon as there are enough. */
class Parts {
  readonly written: DatabaseManifest["parts"] = [];
  readonly tables: Record<string, number> = {};
  readonly #ctx: BackupContext;
  readonly #backup: string;
  readonly #length: number;
  #lines: string[] = [];
  #collected = 0;

  constructor(ctx: BackupContext, backup: string, length: number) {
    this.#ctx = ctx;
    this.#backup = backup;
    this.#length = length;
  }

  async add(table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
    this.tables[table] = (this.tables[table] ?? 0) + rows.length;
    for (const row of rows) {
      const line = lineOf(table, row, this.#ctx.secrets?.[table] ?? []);
      this.#lines.push(line);
      this.#collected += line.length;
      if (this.#collected >= this.#length) await this.end();
    }
  }

  async end(): Promise<void> {
    if (this.#lines.length === 0) return;
    const rows = this.#lines.length;
    const body = await compressed(this.#lines);
    const digest = await crypto.subtle.digest("SHA-256", body);
    const key = partKey(this.#backup, this.#ctx.database, this.written.length);
    // R2 compares, and refuses what arrives as something else.
    await this.#ctx.bucket.put(key, body, { sha256: digest });
    this.written.push({ key, sha256: hexOf(digest), bytes: body.byteLength, rows });
    this.#lines = [];
    this.#collected = 0;
  }
}

const readAtOnce = async ({ db }: BackupContext, tables: readonly Table[], parts: Parts): Promise<void> => {
  const results = await db.batch<Record<string, unknown>>(
    tables.map(({ name, key }) => db.prepare(`SELECT * FROM ${quoted(name)} ORDER BY ${key.map(quoted).join(", ")}`)),
  );
  for (const [index, { name }] of tables.entries()) await parts.add(name, results[index]?.results ?? []);
};

const readByPages = async (
  { db }: BackupContext,
  tables: readonly Table[],
  parts: Parts,
  { pageRows, queries }: Bounds,
): Promise<void> => {
  let asked = 0;
  for (const { name, key } of tables) {
    const columns = key.map(quoted).join(", ");
    const hasRowid = key[0] === "rowid";
    let after: unknown[] | null = null;
    for (;;) {
      asked += 1;
      if (asked > queries) throw new Error(`The database has more rows than ${queries} queries of ${pageRows} read`);
      const where = after === null ? "" : `WHERE (${columns}) > (${key.map((_, at) => `?${at + 1}`).join(", ")})`;
      const page: D1Result<Record<string, unknown>> = await db
        .prepare(
          `SELECT ${hasRowid ? "rowid, " : ""}* FROM ${quoted(name)} ${where} ORDER BY ${columns} LIMIT ${pageRows}`,
        )
        .bind(...(after ?? []))
        .all();
      const last = page.results.at(-1);
      await parts.add(name, hasRowid ? page.results.map(({ rowid: _rowid, ...row }) => row) : page.results);
      if (last === undefined || page.results.length < pageRows) break;
      after = key.map((column) => last[column]);
    }
  }
};

const write = async (
  ctx: BackupContext,
  backup: string,
  { tables, bytes, schema }: Awaited<ReturnType<typeof tablesOf>>,
  within: Bounds,
): Promise<DatabaseManifest> => {
  const takenAt = new Date(ctx.nowMs()).toISOString();
  const isOneMoment = bytes <= within.snapshotBytes;
  const parts = new Parts(ctx, backup, within.partLength);
  await (isOneMoment ? readAtOnce(ctx, tables, parts) : readByPages(ctx, tables, parts, within));
  await parts.end();
  const { database, version } = ctx;
  const counted = { tables: parts.tables, parts: parts.written };
  const manifest: DatabaseManifest = { form: 1, backup, database, schema, version, takenAt, isOneMoment, ...counted };
  await ctx.bucket.put(databaseKey(backup, database), JSON.stringify(manifest));
  return manifest;
};

/** @returns the manifest of today's backup where this call has made it; null where there is nothing to do */
export const takeBackup = async (ctx: BackupContext, within: Bounds = bounds): Promise<DatabaseManifest | null> => {
  const backup = backupOf(ctx.nowMs());
  if ((await ctx.bucket.head(databaseKey(backup, ctx.database))) !== null) return null;
  return write(ctx, backup, await tablesOf(ctx.db), within);
};
