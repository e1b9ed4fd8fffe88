import { glob, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { migrate } from "./migrate.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cv-ops-migrate-"));
  await mkdir(join(folder, "migrations"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, sql: string) => writeFile(join(folder, "migrations", name), sql);
const run = () => migrate(join(folder, "state"), { test: join(folder, "migrations") });

/** The database's file, where wrangler looks for it. */
const query = async (sql: string): Promise<unknown[]> => {
  for await (const path of glob(join(folder, "state/v3/d1/miniflare-D1DatabaseObject/*.sqlite"))) {
    if (path.endsWith("metadata.sqlite")) continue;
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      return db
        .prepare(sql)
        .all()
        .map((row) => ({ ...row }));
    } finally {
      db.close();
    }
  }
  throw new Error("There is no database file");
};

it("the migrator applies new migrations in order and records them as wrangler does", async () => {
  await write(
    "0001_first.sql",
    "CREATE TABLE a (x TEXT);\n-- Two statements; the second has one inside.\nCREATE TRIGGER t BEFORE INSERT ON a BEGIN SELECT RAISE(IGNORE); END;",
  );
  expect(await run()).toEqual([{ database: "test", migrations: ["0001_first.sql"] }]);
  await write("0002_second.sql", "DROP TRIGGER t; INSERT INTO a VALUES ('kept');");
  expect(await run()).toEqual([{ database: "test", migrations: ["0002_second.sql"] }]);
  expect(await run()).toEqual([{ database: "test", migrations: [] }]);
  expect(await query("SELECT name FROM d1_migrations ORDER BY id")).toEqual([
    { name: "0001_first.sql" },
    { name: "0002_second.sql" },
  ]);
  expect(await query("SELECT x FROM a")).toEqual([{ x: "kept" }]);
});

it("the migrator applies nothing of a migration that fails, and names it", async () => {
  await write("0001_broken.sql", "CREATE TABLE a (x TEXT); INSERT INTO missing VALUES (1);");
  await expect(run()).rejects.toThrow(/^Migration 0001_broken\.sql failed: .*no such table: missing/);
  expect(await query("SELECT name FROM sqlite_schema WHERE name = 'a'")).toEqual([]);
  expect(await query("SELECT name FROM d1_migrations")).toEqual([]);
});
