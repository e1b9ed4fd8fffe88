import { env } from "cloudflare:workers";
import * as z from "zod/mini";
import { describe, expect, test } from "vitest";
import { openJobStates, stateNames } from "../domain/states.ts";
import { many, one, read } from "./database.ts";
import { rowOf } from "./row.ts";
import { type Sql, among, inStates, leadingTo, prepare, row, set, sql } from "./sql.ts";

/** The text and the parameters of a statement, as D1 gets them. */
const written = (statement: Sql): { text: string; parameters: unknown[] } => {
  const seen = { text: "", parameters: [] as unknown[] };
  const prepared = { bind: (...parameters: unknown[]) => Object.assign(seen, { parameters }) };
  const database = {
    prepare: (text: string) => {
      seen.text = text;
      return prepared as unknown as D1PreparedStatement;
    },
  };
  prepare(database, statement);
  return seen;
};

describe("a statement", () => {
  test("a SQL template binds every text and never runs it as SQL", () => {
    const typed = "x'); DROP TABLE commits; --";
    expect(written(sql`SELECT ${typed}`)).toEqual({ text: "SELECT ?1", parameters: [typed] });
  });

  test("a SQL template inserts a fragment as SQL, with its values bound", () => {
    const isOwn = sql`author = ${"U1"} AND ${sql`number > ${7}`}`;
    expect(written(sql`SELECT 1 FROM t WHERE w = ${"T1"} AND ${isOwn}`)).toEqual({
      text: "SELECT 1 FROM t WHERE w = ?1 AND author = ?2 AND number > ?3",
      parameters: ["T1", "U1", 7],
    });
  });

  test("a SQL template binds an equal value once, and keeps numbers apart from text", () => {
    expect(written(sql`SELECT ${1}, ${"1"}, ${1}, ${null}, ${null}`)).toEqual({
      text: "SELECT ?1, ?2, ?1, ?3, ?3",
      parameters: [1, "1", null],
    });
  });

  test("a SQL template without values binds nothing", () => {
    expect(written(sql`DELETE FROM t`)).toEqual({ text: "DELETE FROM t", parameters: [] });
  });

  test("a SQL template lists the columns and values of an insert and an update", () => {
    const values = { workspaceId: "T1", number: sql`(SELECT ${3})`, createdAt: "now" };
    expect(written(sql`INSERT INTO t ${row(values)}`).text).toBe(
      "INSERT INTO t (workspace_id, number, created_at) VALUES (?1, (SELECT ?2), ?3)",
    );
    expect(written(sql`INSERT INTO t ${row(values, sql`1 < ${2}`)}`).text).toBe(
      "INSERT INTO t (workspace_id, number, created_at) SELECT ?1, (SELECT ?2), ?3 WHERE 1 < ?4",
    );
    expect(written(sql`UPDATE t SET ${set(values)} WHERE TRUE`).text).toBe(
      "UPDATE t SET workspace_id = ?1, number = (SELECT ?2), created_at = ?3 WHERE TRUE",
    );
  });

  test("a SQL template writes the states of open jobs as the index does", async () => {
    expect(written(sql`state ${inStates("job", openJobStates)}`).text).toBe(
      "state IN ('pending', 'processing', 'timeout')",
    );
    const { results } = await env.DB.prepare(
      "SELECT sql FROM sqlite_schema WHERE name IN ('jobs_unfinished', 'jobs_by_deadline')",
    ).all<{ sql: string }>();
    expect(results.map((index) => index["sql"].split("WHERE state ")[1])).toEqual(
      Array.from({ length: 2 }, () => "IN ('pending', 'processing', 'timeout')"),
    );
  });

  test("a SQL template writes the states that lead to another state", () => {
    expect(written(sql`state ${leadingTo("dead_letter", "discarded")}`).text).toBe("state IN ('kept', 'retried')");
  });
});

describe("a row", () => {
  const schema = z.object({
    id: z.string(),
    state: z.enum(stateNames("push")),
    isOpen: z.boolean(),
    finishedAt: z.nullable(z.string()),
    synced: z.nullable(z.boolean()),
    counts: z.nullable(z.object({ added: z.int() })),
    targets: z.array(z.string()),
    base: z.record(z.string(), z.unknown()),
  });
  const parts = rowOf(schema, { of: "p", from: { isOpen: "p.open_jobs > 0" } });
  const value = {
    id: "a",
    state: "running" as const,
    isOpen: true,
    finishedAt: null,
    synced: false,
    counts: { added: 1 },
    targets: ["blog"],
    base: { blog: { seen: "absent" } },
  };

  test("a stored row is read as it was written, without columns the schema omits", async () => {
    const { isOpen: _computed, ...stored } = { ...value, secret: "s" };
    const columns = { ...parts.of(stored), openJobs: 2 };
    expect(Object.keys(columns)).not.toContain("secret");
    await env.DB.batch([
      env.DB.prepare(
        `CREATE TABLE written_rows (id TEXT, state TEXT, finished_at TEXT, synced INTEGER, counts TEXT, targets TEXT,
           base TEXT, open_jobs INTEGER) STRICT`,
      ),
      prepare(env.DB, sql`INSERT INTO written_rows ${row(columns)}`),
    ]);
    const [found, none] = await read(
      env.DB,
      one(parts)`SELECT ${parts.columns} FROM written_rows p WHERE p.id ${among(["a", "b"])}`,
      many(parts)`SELECT ${parts.columns} FROM written_rows p WHERE p.id ${among([])}`,
    );
    expect(found).toEqual(value);
    expect(none).toEqual([]);
    await env.DB.prepare("DROP TABLE written_rows").run();
  });

  test("a row's schema names the columns to select", () => {
    expect(written(sql`SELECT ${parts.columns}`).text).toBe(
      "SELECT p.id AS id, p.state AS state, p.open_jobs > 0 AS isOpen, p.finished_at AS finishedAt, " +
        "p.synced AS synced, p.counts AS counts, p.targets AS targets, p.base AS base",
    );
  });

  test("a stored row of another shape than its schema is refused", () => {
    const stored = { ...value, isOpen: 1, synced: 0, counts: '{"added":1}', targets: "[]", base: "{}" };
    expect(parts.parse(stored)).toEqual({ ...value, targets: [], base: {} });
    expect(() => parts.parse({ ...stored, counts: "{" })).toThrow("is not JSON");
    expect(() => parts.parse({ ...stored, state: "gone" })).toThrow();
    expect(() => parts.parse({ ...stored, targets: null })).toThrow();
  });
});
