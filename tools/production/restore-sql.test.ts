import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { root } from "../scripts/tree.ts";
import { closingOf, followUps, insertsOf, literal, openingOf, withNewSecrets } from "./restore-sql.ts";

const now = "2026-11-30T08:00:00.000Z";

/** An empty database with the schema of this release. */
const withSchema = (migrations: string): DatabaseSync => {
  const db = new DatabaseSync(":memory:");
  const files = globSync(join(migrations, "*.sql"), { cwd: root }).toSorted();
  for (const file of files) db.exec(readFileSync(join(root, file), "utf8"));
  return db;
};

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

test("each webhook that is restored has a new secret of its own in the place of the one that was left out", () => {
  const db = withSchema("migrations");
  const endpoint = (id: string, number: number) => ({
    workspace_id: "T012AB3CD",
    id,
    number,
    url: "https://example.com",
    description: "",
    events: "[]",
    profile: "fast",
    state: "active",
    secret: null,
    old_secret: null,
    old_secret_until: "2026-12-01T08:00:00.000Z",
    created_by: "U012AB3CD",
    created_at: now,
    updated_at: now,
  });
  for (const row of [endpoint("w1", 1), endpoint("w2", 2)]) {
    const key = ["workspace_id", "id"];
    for (const statement of insertsOf("webhook_endpoints", key, withNewSecrets("webhook_endpoints", row)))
      db.exec(statement);
  }
  const secrets = db
    .prepare("SELECT secret FROM webhook_endpoints ORDER BY id")
    .all()
    .map(({ secret }) => secret);
  const overlaps = db.prepare("SELECT DISTINCT old_secret, old_secret_until FROM webhook_endpoints").all();
  expect(overlaps).toEqual([{ old_secret: null, old_secret_until: null }]);
  // 256 bits in base64, as Standard Webhooks writes them.
  expect(secrets).toEqual([0, 1].map(() => expect.stringMatching(/^whsec_[\w+/]{43}=$/) as string));
  expect(new Set(secrets).size).toBe(2);
});

test("a restored row of another table keeps its values, also in a column named secret", () => {
  const row = { id: "a", secret: null };
  expect(withNewSecrets("events", row)).toBe(row);
});

test("a restored target takes its credentials from the variable again, unless a person has set them", () => {
  const db = withSchema("migrations");
  const target = (name: string, digest: string | null) => ({
    workspace_id: "T012AB3CD",
    name,
    position: 0,
    portfolio_id: "noor-vega",
    credentials: name,
    created_at: now,
    updated_at: now,
    sealed_credentials: "sealed",
    key_version: "1",
    imported_digest: digest,
  });
  for (const row of [target("ai-agent", "digest"), target("d1cv", null)])
    for (const statement of insertsOf("targets", ["workspace_id", "name"], row)) db.exec(statement);
  for (const statement of followUps["bot"]?.("2026-11-30", now) ?? []) db.exec(statement);
  const left = db.prepare("SELECT name, sealed_credentials, key_version, imported_digest FROM targets ORDER BY name");
  expect(left.all()).toEqual([
    { name: "ai-agent", sealed_credentials: null, key_version: null, imported_digest: null },
    { name: "d1cv", sealed_credentials: "sealed", key_version: "1", imported_digest: null },
  ]);
});

test("after a restore each row that belongs into the index is handed to it, 50 a task and by portfolio", () => {
  const db = withSchema("targets/ai-agent/migrations");
  const vector = (portfolio: string, id: string, desired: number | null) => ({
    portfolio_id: portfolio,
    entity_type: "technology",
    id,
    vector_id: `${portfolio}/${id}`,
    desired_version: desired,
    submitted_version: 3,
    submitted_at_ms: 1,
    indexed_version: 3,
    content_hash: "hash",
    name: "Python",
  });
  const rows = [
    ...Array.from({ length: 120 }, (_, at) => vector("noor-vega", `row-${at}`, 3)),
    vector("noor-vega", "deleted", null),
    vector("other", "row-0", 3),
  ];
  for (const row of rows)
    for (const statement of insertsOf("vectors", ["portfolio_id", "entity_type", "id"], row)) db.exec(statement);
  for (const statement of followUps["ai-agent"]?.("2026-11-30", now) ?? []) db.exec(statement);
  const tasks = db.prepare("SELECT portfolio_id, rows, state, due_at_ms, job_id FROM index_tasks").all();
  const handed = tasks.map((task) => ({
    portfolio: task["portfolio_id"],
    rows: JSON.parse(String(task["rows"])) as { entityType: string; id: string }[],
  }));
  const sizes = handed.map(({ portfolio, rows: of }) => `${String(portfolio)} ${of.length}`);
  expect(sizes.toSorted()).toEqual(["noor-vega 20", "noor-vega 50", "noor-vega 50", "other 1"]);
  const ids = handed
    .filter(({ portfolio }) => portfolio === "noor-vega")
    .flatMap(({ rows: of }) => of.map(({ id }) => id));
  expect(new Set(ids)).toEqual(new Set(rows.slice(0, 120).map(({ id }) => id)));
  expect(handed[0]?.rows[0]).toEqual({ entityType: "technology", id: expect.any(String) as string });
  expect(tasks).toContainEqual(
    expect.objectContaining({ state: "open", due_at_ms: 0, job_id: `reindex:restore-2026-11-30-${now}` }),
  );
  const known = db.prepare(
    "SELECT COUNT(*) AS n FROM vectors WHERE indexed_version IS NOT NULL OR content_hash IS NOT NULL",
  );
  expect(known.get()).toEqual({ n: 0 });
});
