import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { closingOf, insertsOf, literal, openingOf } from "./restore-sql.ts";

const fresh = (): DatabaseSync => {
  const db = new DatabaseSync(":memory:");
  db.exec(`CREATE TABLE events (id TEXT PRIMARY KEY, data TEXT NOT NULL, amount REAL, picture BLOB) STRICT;
    CREATE TABLE restores (backup TEXT PRIMARY KEY, restored_at TEXT NOT NULL);
    CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'append-only'); END;`);
  return db;
};

test.each([
  ["a quote", { id: "a'b", data: "it's; -- nothing", amount: 1.5, picture: null }],
  ["a NUL and a line's end", { id: "b", data: "x\0y\nz", amount: null, picture: { hex: "00FF" } }],
  ["a text longer than a statement", { id: "c", data: "é🌱'".repeat(60_000), amount: -0.1, picture: null }],
])("a row with %s comes back as it was", (_what, row) => {
  const db = fresh();
  const schema = { keys: { events: ["id"] }, triggers: [] };
  db.exec("DROP TRIGGER events_stay");
  const statements = insertsOf("events", schema.keys.events, row);
  for (const statement of statements) {
    expect(Buffer.byteLength(statement)).toBeLessThan(100_000);
    db.exec(statement);
  }
  const [found] = db.prepare("SELECT id, data, amount, hex(picture) AS picture FROM events").all();
  expect(found).toEqual({ ...row, picture: row.picture === null ? "" : row.picture.hex });
});

test("a restored database has its triggers again, and none acts on the rows of the backup", () => {
  const db = fresh();
  const [trigger] = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all();
  const schema = {
    keys: { events: ["id"] },
    triggers: [{ name: String(trigger?.["name"]), sql: String(trigger?.["sql"]) }],
  };
  db.exec("INSERT INTO events (id, data) VALUES ('smoke', 'of the new environment')");
  const long = { id: "a", data: "x".repeat(200_000) };
  const file = [
    ...openingOf(schema),
    ...insertsOf("events", ["id"], long),
    ...closingOf(schema, "2026-11-30", "2026-11-30T08:00:00.000Z"),
  ];
  db.exec(file.join("\n"));
  expect(db.prepare("SELECT id FROM events").all()).toEqual([{ id: "a" }]);
  expect(() => db.exec("UPDATE events SET data = 'y'")).toThrow("append-only");
  expect(db.prepare("SELECT backup FROM restores").all()).toEqual([{ backup: "2026-11-30" }]);
});

test("a literal of SQL is the value that it stands for", () => {
  expect([null, 7, "o'clock", { hex: "AB" }].map(literal)).toEqual(["NULL", "7", "'o''clock'", "X'AB'"]);
});
