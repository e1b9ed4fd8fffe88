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

test.each(migrations)("the migration %s ends with a statement: D1 refuses a comment after the last one", (path) => {
  expect(readFileSync(join(root, path), "utf8").trimEnd().endsWith(";")).toBe(true);
});
