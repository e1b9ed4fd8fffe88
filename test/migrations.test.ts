/** Migrations that rewrite stored rows, on rows as the versions before wrote them. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
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

test.each(migrations)("the migration %s ends with a statement: D1 refuses a comment after the last one", (path) => {
  expect(readFileSync(join(root, path), "utf8").trimEnd().endsWith(";")).toBe(true);
});
