/** The databases with their migrations, and the simulator's own log tables. */
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { entityTypes } from "../../../shared/domain/portfolio/registry.ts";
import { type Mutant, mutated } from "../mutants/mutant.ts";

const root = join(import.meta.dirname, "../../..");

export interface Databases {
  /** The bot's first, in seeds whose workspaces are in a second one: that is `staging` then. */
  directory: DatabaseSync;
  staging: DatabaseSync;
  d1cv: DatabaseSync;
  aiAgent: DatabaseSync;
}

/** Logs every change of a state. */
const history = (machine: string, table: string, column: string, commitId: string): string => `
  CREATE TRIGGER sim_${machine}_new AFTER INSERT ON ${table} BEGIN
    INSERT INTO sim_history (machine, workspace_id, id, from_state, to_state, commit_id)
    VALUES ('${machine}', NEW.workspace_id, NEW.id, NULL, NEW.${column}, ${commitId}); END;
  CREATE TRIGGER sim_${machine}_moved AFTER UPDATE OF ${column} ON ${table} WHEN OLD.${column} <> NEW.${column} BEGIN
    INSERT INTO sim_history (machine, workspace_id, id, from_state, to_state, commit_id)
    VALUES ('${machine}', NEW.workspace_id, NEW.id, OLD.${column}, NEW.${column}, ${commitId}); END;`;

/** The product's log stays append-only, except between two seeds. */
const emptying = `
  CREATE TABLE sim_emptying (is_on INTEGER);
  DROP TRIGGER job_events_stay;
  CREATE TRIGGER job_events_stay BEFORE DELETE ON job_events WHEN NOT EXISTS (SELECT 1 FROM sim_emptying) BEGIN
    SELECT RAISE(ABORT, 'job_events is append-only'); END;`;

const stagingObserver = `
  ${emptying}
  CREATE TABLE sim_history (machine TEXT, workspace_id TEXT, id TEXT, from_state TEXT, to_state TEXT, commit_id TEXT);
  ${history("change", "staged_changes", "state", "NEW.commit_id")}
  ${history("review", "commits", "review", "NEW.id")}
  ${history("push", "pushes", "state", "NEW.commit_id")}
  ${history("job", "jobs", "state", "NEW.commit_id")}
  ${history("webhook", "webhook_endpoints", "state", "NULL")}
  ${history("delivery", "webhook_deliveries", "state", "NULL")}
  CREATE TRIGGER sim_commit_target_moved AFTER UPDATE OF state ON commit_targets WHEN OLD.state <> NEW.state BEGIN
    INSERT INTO sim_history (machine, workspace_id, id, from_state, to_state, commit_id)
    VALUES ('commit_target', NEW.workspace_id, NEW.target, OLD.state, NEW.state, NEW.commit_id); END;
  CREATE TABLE sim_touched (kind TEXT, id TEXT);
  CREATE TRIGGER sim_request AFTER INSERT ON idempotency_records BEGIN
    INSERT INTO sim_touched VALUES ('request', NEW.key); END;
  CREATE TRIGGER sim_change_made AFTER INSERT ON staged_changes BEGIN
    INSERT INTO sim_touched VALUES ('change', NEW.id); END;
  CREATE TRIGGER sim_change_edited AFTER UPDATE ON staged_changes
    WHEN (OLD.payload, OLD.action, OLD.targets) IS NOT (NEW.payload, NEW.action, NEW.targets) BEGIN
    INSERT INTO sim_touched VALUES ('change', NEW.id); END;
  CREATE TRIGGER sim_commit_made AFTER INSERT ON commits BEGIN
    INSERT INTO sim_touched VALUES ('commit', NEW.id); END;
  CREATE TRIGGER sim_commit_rewritten AFTER UPDATE OF hash ON commits WHEN OLD.hash <> NEW.hash BEGIN
    INSERT INTO sim_touched VALUES ('commit', NEW.id); END;
  CREATE TRIGGER sim_approval_given AFTER INSERT ON approvals BEGIN
    INSERT INTO sim_touched VALUES ('approval', NEW.id); END;
  CREATE TRIGGER sim_approval_changed AFTER UPDATE ON approvals BEGIN
    INSERT INTO sim_touched VALUES ('approval', NEW.id); END;
  CREATE TABLE sim_secrets (workspace_id TEXT, endpoint_id TEXT, url TEXT, secret TEXT);
  CREATE TRIGGER sim_secret_new AFTER INSERT ON webhook_endpoints BEGIN
    INSERT INTO sim_secrets VALUES (NEW.workspace_id, NEW.id, NEW.url, NEW.secret); END;
  CREATE TRIGGER sim_secret_rotated AFTER UPDATE OF secret ON webhook_endpoints BEGIN
    INSERT INTO sim_secrets VALUES (NEW.workspace_id, NEW.id, NEW.url, NEW.secret); END;`;

/** The target's ledger: each revision of a job and each write of a row. */
const targetObserver = `
  CREATE TABLE sim_ledger (portfolio_id TEXT, job_id TEXT, attempt INTEGER, revision INTEGER);
  CREATE TABLE sim_rows (portfolio_id TEXT, entity TEXT, id TEXT, version INTEGER);
  CREATE TABLE sim_stored (portfolio_id TEXT, entity TEXT, id TEXT);
  CREATE TRIGGER sim_taken AFTER INSERT ON receipts WHEN NEW.state = 'applied' BEGIN
    INSERT INTO sim_ledger VALUES (NEW.portfolio_id, NEW.job_id, NEW.attempt, NEW.revision); END;
  CREATE TRIGGER sim_taken_again AFTER UPDATE ON receipts
    WHEN NEW.state = 'applied' AND (OLD.state <> 'applied' OR NEW.revision IS NOT OLD.revision) BEGIN
    INSERT INTO sim_ledger VALUES (NEW.portfolio_id, NEW.job_id, NEW.attempt, NEW.revision); END;
  ${entityTypes
    .flatMap((entity) => [
      `CREATE TRIGGER sim_${entity}_new AFTER INSERT ON ${entity} BEGIN
         INSERT INTO sim_stored VALUES (NEW.portfolio_id, '${entity}', NEW.id);
         INSERT INTO sim_rows VALUES (NEW.portfolio_id, '${entity}', NEW.id, NEW.version); END;`,
      `CREATE TRIGGER sim_${entity}_moved AFTER UPDATE ON ${entity} BEGIN
         INSERT INTO sim_stored VALUES (NEW.portfolio_id, '${entity}', NEW.id);
         INSERT INTO sim_rows VALUES (NEW.portfolio_id, '${entity}', NEW.id, NEW.version); END;`,
      `CREATE TRIGGER sim_${entity}_gone AFTER DELETE ON ${entity} BEGIN
         INSERT INTO sim_stored VALUES (OLD.portfolio_id, '${entity}', OLD.id); END;`,
    ])
    .join("\n")}`;

const open = (migrations: string, observer: string, mutant: Mutant | null): DatabaseSync => {
  const sqlite = new DatabaseSync(":memory:");
  // A sort would otherwise open a temporary file, which costs more than the rest of the query.
  sqlite.exec("PRAGMA temp_store = MEMORY");
  const folder = join(root, migrations);
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  for (const name of names.toSorted()) {
    const path = join(folder, name);
    const source = readFileSync(path, "utf8");
    sqlite.exec(mutant ? mutated(source, relative(root, path), mutant) : source);
  }
  sqlite.exec(observer);
  return sqlite;
};

export const openDatabases = (mutant: Mutant | null): Databases => ({
  directory: open("migrations", emptying, mutant),
  staging: open("migrations", stagingObserver, mutant),
  d1cv: open("targets/d1cv/migrations", targetObserver, mutant),
  aiAgent: open("targets/ai-agent/migrations", targetObserver, mutant),
});

/** Resets the rows to the state after the migrations. Compiled statements are kept. */
export const emptyDatabases = (databases: Databases): void => {
  for (const sqlite of Object.values<DatabaseSync>({ ...databases })) {
    const tables = sqlite
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
           AND name NOT IN ('state_edges', 'operation_cursor')
         ORDER BY name = 'sim_emptying', rowid`,
      )
      .all();
    sqlite.exec("BEGIN");
    if (sqlite === databases.staging || sqlite === databases.directory)
      sqlite.exec("INSERT INTO sim_emptying VALUES (1); UPDATE operation_cursor SET value = 0");
    for (const { name } of tables) sqlite.exec(`DELETE FROM ${String(name)}`);
    sqlite.exec("DELETE FROM sqlite_sequence; COMMIT");
  }
};
