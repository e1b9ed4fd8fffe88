/** Migrations that rewrite stored rows, on rows as the versions before wrote them. */
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { migrationProblems } from "../tools/scripts/migration-form.ts";
import { root } from "../tools/scripts/tree.ts";

const migrations = globSync("migrations/*.sql", { cwd: root }).toSorted();

const apply = (db: DatabaseSync, those: (path: string) => boolean): void => {
  for (const path of migrations.filter(those)) db.exec(readFileSync(join(root, path), "utf8"));
};

test("the stored events of repairs and their filters get the glossary's names", () => {
  const db = new DatabaseSync(":memory:");
  const isNew = (path: string): boolean => path >= "migrations/0012";
  apply(db, (path) => !isNew(path));
  const now = "2026-11-28T08:00:00.000Z";
  for (const type of ["push.mended", "commit.mended", "push.started"]) {
    db.exec(`INSERT INTO job_events (workspace_id, type, actor_kind, actor_id, data, trace_id, created_at)
      VALUES ('T1', '${type}', 'system', 'sweep', '{}', 't', '${now}')`);
  }
  db.exec(`INSERT INTO webhook_endpoints
      (workspace_id, id, number, url, description, events, profile, state, secret, created_by, created_at, updated_at)
    VALUES ('T1', 'w', 1, 'https://example.com', '', '["push.mended","commit.mended","job.*"]', 'fast', 'active', 's', 'U', '${now}', '${now}')`);
  apply(db, isNew);
  expect(db.prepare("SELECT type FROM job_events ORDER BY id").all()).toMatchObject([
    { type: "push.repaired" },
    { type: "commit.repaired" },
    { type: "push.started" },
  ]);
  expect(db.prepare("SELECT events FROM webhook_endpoints").get()).toMatchObject({
    events: '["push.repaired","commit.repaired","job.*"]',
  });
  db.close();
});

test("stored events keep the numbers that readers have, and later ones are numbered in their workspace", () => {
  const db = new DatabaseSync(":memory:");
  const isNew = (path: string): boolean => path >= "migrations/0022";
  apply(db, (path) => !isNew(path));
  const happens = (workspace: string): void =>
    db.exec(`INSERT INTO job_events (workspace_id, type, actor_kind, actor_id, data, trace_id, created_at)
      VALUES ('${workspace}', 'change.staged', 'slack', 'U', '{}', 't', '2026-11-28T08:00:00.000Z')`);
  for (const workspace of ["T1", "T2", "T2", "T1"]) happens(workspace);
  apply(db, isNew);
  for (const workspace of ["T2", "T1", "T2", "T3"]) happens(workspace);
  const numbers = (workspace: string) =>
    db
      .prepare("SELECT number FROM job_events WHERE workspace_id = ? ORDER BY id")
      .all(workspace)
      .map((row) => row["number"]);
  expect([numbers("T1"), numbers("T2"), numbers("T3")]).toEqual([[1, 4, 5], [2, 3, 4, 5], [1]]);
  expect(() => db.exec("UPDATE job_events SET number = 9")).toThrow("append-only");
  expect(() => db.exec("DELETE FROM job_events")).toThrow("append-only");
  db.close();
});

test("stored deliveries keep the numbers that people have, and none is given twice in a workspace", () => {
  const db = new DatabaseSync(":memory:");
  const isNew = (path: string): boolean => path >= "migrations/0023";
  apply(db, (path) => !isNew(path));
  let made = 0;
  const deliver = (workspace: string): void =>
    db.exec(`INSERT INTO webhook_deliveries (workspace_id, id, endpoint_id, event_id, state, created_at, updated_at)
      VALUES ('${workspace}', 'd${(made += 1)}', 'w', 1, 'pending', 'now', 'now')`);
  for (const workspace of ["T1", "T2", "T1"]) deliver(workspace);
  apply(db, isNew);
  for (const workspace of ["T2", "T1", "T3"]) deliver(workspace);
  db.exec("DELETE FROM webhook_deliveries WHERE id IN ('d4', 'd5')");
  for (const workspace of ["T1", "T2"]) deliver(workspace);
  const numbers = (workspace: string) =>
    db
      .prepare("SELECT number FROM webhook_deliveries WHERE workspace_id = ? ORDER BY position")
      .all(workspace)
      .map((row) => row["number"]);
  expect([numbers("T1"), numbers("T2"), numbers("T3")]).toEqual([[1, 3, 5], [2, 4], [1]]);
  db.close();
});

test("what comparisons and searches read is the same from a stored history as from one that happens", () => {
  const isNew = (path: string): boolean => path >= "migrations/0038";
  const commit = (number: number, action: string, payload: object, row = "python-1"): string =>
    `INSERT INTO commits (workspace_id, id, number, message, hash, review, created_by, created_at, updated_at, summary)
      VALUES ('T1', 'c${number}', ${number}, 'Commit\n${number}', 'h', 'approved', 'U', 'now', 'now', 'What it does');
    INSERT INTO staged_changes (workspace_id, id, number, state, commit_id, targets, entity_type, action, entity_id,
        payload, base, created_by, created_at, updated_at)
      VALUES ('T1', 'x${number}', ${number}, 'committed', 'c${number}', '["d1cv"]', 'technology', '${action}', '${row}',
        '${JSON.stringify(payload)}', '{}', 'U', 'now', 'now');
    INSERT INTO commit_targets (workspace_id, commit_id, target, state, updated_at)
      VALUES ('T1', 'c${number}', 'd1cv', 'in_flight', 'now'), ('T1', 'c${number}', 'ai-agent', 'in_flight', 'now');
    UPDATE commit_targets SET state = 'applied', applied_at = '2031-03-03T09:0${number}' WHERE commit_id = 'c${number}';`;
  const accept = `INSERT INTO job_events (workspace_id, number, type, actor_kind, actor_id, data, trace_id, created_at)
    VALUES ('T1', 1, 'target.accepted', 'slack', 'U', '${JSON.stringify({ target: "d1cv", entityType: "technology", entityId: "go-1", action: "CREATE", values: { name: "Go", tags: ["a"], isFeatured: true } })}',
      't', '2031-03-03T09:03:30')`;
  const happens = (db: DatabaseSync): void => {
    db.exec(commit(1, "UPDATE", { level: "Expert", summary: null, years: 1 }));
    db.exec(commit(2, "UPDATE", { years: 2 }));
    db.exec(commit(3, "DELETE", {}, "go-1"));
    db.exec(accept);
    db.exec(commit(4, "UPDATE", { name: "Golang" }, "go-1"));
    db.exec(commit(5, "CREATE", { name: "Rust", tags: ["x", "y"] }, "rust-1"));
  };
  const read = (db: DatabaseSync) => [
    db.prepare("SELECT * FROM applied_rows ORDER BY target, entity_id").all(),
    db.prepare("SELECT workspace_id, texts FROM commit_texts ORDER BY position").all(),
  ];
  const [stored, live] = [new DatabaseSync(":memory:"), new DatabaseSync(":memory:")];
  apply(stored, (path) => !isNew(path));
  happens(stored);
  apply(stored, isNew);
  apply(live, () => true);
  happens(live);
  expect(read(stored)).toEqual(read(live));
  expect(read(live)[0]).toMatchObject([
    {
      entity_id: "go-1",
      made: "[1,null]",
      fields: '{"name":["Golang",4],"tags":[["a"],null],"isFeatured":[true,null]}',
    },
    { entity_id: "python-1", made: null, fields: '{"level":["Expert",1],"summary":[null,1],"years":[2,2]}' },
    { entity_id: "rust-1", made: "[1,5]", fields: '{"name":["Rust",5],"tags":[["x","y"],5]}' },
  ]);
  for (const db of [stored, live]) db.close();
});

const ofAllDatabases = globSync("{migrations,targets/*/migrations}/*.sql", { cwd: root }).toSorted();
/** The last of each database before there was a release that could be in production. */
const beforeProduction: Record<string, string> = {
  migrations: "0030",
  "targets/ai-agent/migrations": "0005",
  "targets/d1cv/migrations": "0004",
};

test.each(ofAllDatabases)("the migration %s has the form that both of D1's parsers take", (path) => {
  const expandOnly = basename(path) > `${beforeProduction[dirname(path)]}_~`;
  expect(migrationProblems(readFileSync(join(root, path), "utf8"), { expandOnly })).toEqual([]);
});

const trigger = (body: string, end = "END;"): string => `CREATE TRIGGER t BEFORE INSERT ON a\nBEGIN\n  ${body}\n${end}`;

test.each([
  [
    "a trigger with CASE",
    trigger("SELECT CASE WHEN NEW.x THEN RAISE(ABORT, 'no') ELSE RAISE(IGNORE) END;"),
    ["line 1: a trigger may not have CASE"],
  ],
  ["a trigger in small letters", trigger("SELECT 1;", "end;"), ["line 1: a trigger has BEGIN and END in capitals"]],
  ["a last comment", "CREATE TABLE a (x TEXT);\n-- What comes next.", ["line 2: no comment after the last statement"]],
  ["no last semicolon", "CREATE TABLE a (x TEXT)", ["line 1: the last statement has no", "line 1: no comment after"]],
  ["a transaction", "BEGIN;\nCREATE TABLE a (x TEXT);\nCOMMIT;", ["line 1: D1 opens the", "line 3: D1 opens the"]],
  [
    "a long statement",
    `INSERT INTO a VALUES ('${"x".repeat(100_000)}');`,
    ["line 1: a statement has more than 100 KB"],
  ],
  ["a dropped table", "CREATE TABLE b (x TEXT);\nDROP TABLE a;", ["line 2: the version before this one still"]],
  ["a dropped index", "DROP INDEX a_by_time;", ["line 1: the version before this one still"]],
  ["a renamed column", "ALTER TABLE a RENAME COLUMN x TO y;", ["line 1: the version before this one still"]],
  ["a dropped column", "ALTER TABLE a DROP COLUMN x;", ["line 1: the version before this one still"]],
  ["a column to be filled", "ALTER TABLE a ADD COLUMN x TEXT NOT NULL;", ["line 1: the version before this one still"]],
])("a migration with %s is refused by line and reason", (_what, sql, problems) => {
  expect(migrationProblems(sql, { expandOnly: true })).toEqual(
    problems.map((problem) => expect.stringMatching(new RegExp(`^${problem}`))),
  );
});

test.each([
  trigger("SELECT RAISE(ABORT, 'the END of CASE') WHERE NEW.ended_at IS NULL; -- END"),
  "ALTER TABLE a ADD COLUMN x TEXT NOT NULL DEFAULT '';",
  "-- Removes what no version since 0030 reads.\nDROP TABLE a;",
  "UPDATE a SET x = CASE x WHEN 1 THEN 2 END;",
])("a migration that both parsers take is not refused: %j", (sql) => {
  expect(migrationProblems(sql, { expandOnly: true })).toEqual([]);
});

test("stored changes are closed where they are discarded or their commit is, and open otherwise", () => {
  const db = new DatabaseSync(":memory:");
  const isNew = (path: string): boolean => path >= "migrations/0027";
  apply(db, (path) => !isNew(path));
  const commit = (id: string, number: number, review: string, status: string): void =>
    db.exec(`INSERT INTO commits (workspace_id, id, number, message, hash, review, status, created_by, created_at, updated_at)
      VALUES ('T1', '${id}', ${number}, 'm', 'h', '${review}', '${status}', 'U', '1', '5')`);
  const change = (number: number, state: string, commitId: string | null): void =>
    db.exec(`INSERT INTO staged_changes (workspace_id, id, number, state, commit_id, targets, entity_type, action, entity_id,
        payload, base, created_by, created_at, updated_at)
      VALUES ('T1', 'x${number}', ${number}, '${state}', ${commitId === null ? "NULL" : `'${commitId}'`}, '[]', 'technology',
        'UPDATE', 'e', '{}', '{}', 'U', '1', '3')`);
  commit("applied", 1, "approved", "applied_all");
  commit("open", 2, "approved", "applied_d1cv");
  change(1, "committed", "applied");
  change(2, "committed", "open");
  change(3, "discarded", null);
  change(4, "staged", null);
  db.exec(`INSERT INTO commit_targets (workspace_id, commit_id, target, state, applied_at, updated_at)
    VALUES ('T1', 'applied', 'd1cv', 'applied', '7', '7')`);
  apply(db, isNew);
  const closed = () =>
    db
      .prepare("SELECT closed_at FROM staged_changes ORDER BY number")
      .all()
      .map((row) => row["closed_at"]);
  expect(closed()).toEqual(["7", null, "3", null]);
  db.exec("UPDATE commits SET status = 'applied_all', updated_at = '8' WHERE id = 'open'");
  db.exec("UPDATE staged_changes SET state = 'discarded', updated_at = '9' WHERE number = 4");
  expect(closed()).toEqual(["7", "8", "3", "9"]);
  db.exec("UPDATE commits SET review = 'reopened', status = 'pending', updated_at = '10' WHERE id = 'open'");
  db.exec("UPDATE staged_changes SET state = 'staged', commit_id = NULL, updated_at = '10' WHERE number = 2");
  expect(closed()).toEqual(["7", null, "3", "9"]);
  db.close();
});
