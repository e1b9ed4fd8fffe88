/** A workspace that has been in use for long: commits that were made, reviewed, pushed and shown, by plain SQL. */
import { env } from "cloudflare:workers";
import { people } from "../people.ts";
import { clock } from "./clock.ts";

/** Rows of the portfolio that the history is about, however long it is; one of them is python-1. */
const rowCount = 8;

/**
 * Commits 1 to `count`, each with one change, both targets, an approval, a push with two jobs, six events and two
 * cards. Of all but the first, author and status are the usual ones.
 */
export const writeHistory = async (workspaceId: string, count: number): Promise<void> => {
  const at = `strftime('%Y-%m-%dT%H:%M:%fZ', '${clock.iso()}', printf('-%d seconds', (${count} - i + 2) * 60))`;
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  const targets = `(SELECT 'd1cv' AS target, 0 AS position UNION ALL SELECT 'ai-agent', 1)`;
  const events = [
    ["change.staged", "NULL"],
    ["commit.created", "'h-c' || i"],
    ["commit.approved", "'h-c' || i"],
    ["push.started", "'h-c' || i"],
    ["job.completed", "'h-c' || i"],
    ["push.completed", "'h-c' || i"],
  ] as const;
  const w = `'${workspaceId}'`;
  const { results } = await env.DB.prepare(
    `SELECT COALESCE(MAX(number), 0) AS n FROM job_events WHERE workspace_id = ${w}`,
  ).all<{ n: number }>();
  const firstEvent = (results[0]?.n ?? 0) + 1;
  const by = `iif(i = 1, '${people.otherAuthor}', '${people.author}')`;
  const row = `iif(i = 1, 'row-rare', iif(i % ${rowCount} = 0, 'python-1', 'row-' || (i % ${rowCount})))`;
  const statements = [
    `INSERT INTO commits (workspace_id, id, number, message, hash, review, status, created_by, created_at, updated_at, applied_by, summary)
      ${numbers} SELECT ${w}, 'h-c' || i, i, 'Commit ' || i, 'hash' || i,
        iif(i % 50 = 7, 'dropped', 'approved'), iif(i = 1, 'applied_ai', iif(i % 50 = 7, 'pending', 'applied_all')), ${by}, ${at}, ${at}, NULL, 'A summary' FROM n`,
    `INSERT INTO staged_changes (workspace_id, id, number, state, commit_id, targets, entity_type, action, entity_id, payload, base, created_by, created_at, updated_at, closed_at, contributors)
      ${numbers} SELECT ${w}, 'h-x' || i, i, iif(i % 50 = 7, 'discarded', 'committed'), 'h-c' || i, '["d1cv","ai-agent"]', 'technology', 'UPDATE', ${row},
        json_object('experience_years', i % 40), '{}', ${by}, ${at}, ${at}, iif(i = 1, NULL, ${at}), json_array(${by}) FROM n`,
    `INSERT INTO commit_targets (workspace_id, commit_id, target, state, applied_at, updated_at)
      ${numbers} SELECT ${w}, 'h-c' || i, target, iif(i % 50 = 7 OR (i = 1 AND position = 0), 'pending', 'applied'),
        iif(i % 50 = 7 OR (i = 1 AND position = 0), NULL, ${at}), ${at} FROM n, ${targets}`,
    `INSERT INTO approvals (workspace_id, id, commit_id, commit_hash, decision, decided_by, decided_at)
      ${numbers} SELECT ${w}, 'h-a' || i, 'h-c' || i, 'hash' || i, 'approved', '${people.approver}', ${at} FROM n`,
    `INSERT INTO pushes (workspace_id, id, number, commit_id, scope, state, requested_by, channel_id, trace_id, created_at, updated_at, finished_at)
      ${numbers} SELECT ${w}, 'h-p' || i, i, 'h-c' || i, 'all', 'completed', '${people.approver}', 'C0OLD', printf('%032x', i), ${at}, ${at}, ${at} FROM n`,
    `INSERT INTO jobs (workspace_id, id, push_id, commit_id, target, position, state, percent, operations, result, dispatched_at, completed_at, created_at, updated_at, tries)
      ${numbers} SELECT ${w}, ${w} || '-h-j' || i || target, 'h-p' || i, 'h-c' || i, target, position, 'completed', 100,
        '{"inserts":[],"updates":[],"deletes":[]}', '{"inserted":0,"updated":1,"deleted":0,"d1Count":3,"vectorCount":null,"synced":null}', ${at}, ${at}, ${at}, ${at}, 1 FROM n, ${targets}`,
    ...events.map(
      ([type, commitId], index) =>
        `INSERT INTO job_events (workspace_id, number, type, commit_id, push_id, job_id, actor_kind, actor_id, data, trace_id, created_at)
      ${numbers} SELECT ${w}, ${firstEvent} + (i - 1) * ${events.length} + ${index}, '${type}', ${commitId}, NULL, NULL, 'slack', ${by},
        json_object('changeId', 'h-x' || i), printf('%032x', i), ${at} FROM n`,
    ),
    `INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, ts, desired_version, shown_version, created_at, updated_at, shown_at)
      ${numbers} SELECT ${w}, 'h-k' || i, 'commit', 'h-c' || i, 'C0OLD', printf('%d.%06d', 1700000000 + i, 1), 3, 3, ${at}, ${at}, ${at} FROM n`,
    `INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, ts, desired_version, shown_version, created_at, updated_at, shown_at)
      ${numbers} SELECT ${w}, 'h-q' || i, 'push', 'h-p' || i, 'C0OLD', printf('%d.%06d', 1700000000 + i, 2), 3, 3, ${at}, ${at}, ${at} FROM n`,
    ...["commit", "change", "push"].map(
      (name) => `INSERT INTO counters (workspace_id, name, value) VALUES (${w}, '${name}', ${count})
        ON CONFLICT DO UPDATE SET value = ${count}`,
    ),
  ];
  // Triggers would rewrite a thousand commits' words for each commit; the migration's statements bring them at once.
  const triggers = await triggersOf("commits");
  for (const { name } of triggers) await env.DB.prepare(`DROP TRIGGER ${name}`).run();
  for (const statement of statements) await env.DB.prepare(statement).run();
  for (const table of ["applied_rows", "commit_texts"]) {
    await env.DB.prepare(`DELETE FROM ${table} WHERE workspace_id = ${w}`).run();
    await env.DB.prepare(backfillOf(table)).run();
  }
  for (const { sql } of triggers) await env.DB.prepare(sql).run();
};

/** How the migration has filled the table from what was there. */
const backfillOf = (table: string): string => {
  const queries = env.TEST_MIGRATIONS.flatMap((migration) => migration.queries);
  const backfill = queries.find(
    (query) => query.includes(`INSERT INTO ${table} `) && !query.includes("CREATE TRIGGER"),
  );
  if (!backfill) throw new Error(`No migration fills ${table}`);
  return backfill;
};

const triggersOf = async (table: string): Promise<{ name: string; sql: string }[]> => {
  const { results } = await env.DB.prepare(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1",
  )
    .bind(table)
    .all<{ name: string; sql: string }>();
  return results;
};

const copied = [
  "workspaces",
  "members",
  "targets",
  "counters",
  "commits",
  "staged_changes",
  "commit_targets",
  "approvals",
  "pushes",
  "jobs",
  "job_events",
  "cards",
  "applied_rows",
] as const;

/** So many other workspaces that hold the same. */
export const writeNeighbours = async (workspaceId: string, count: number): Promise<void> => {
  for (const table of copied) {
    const { results } = await env.DB.prepare(`SELECT name FROM pragma_table_info('${table}')`).all<{ name: string }>();
    const names = results.map(({ name }) => name);
    const values: Record<string, string> = {
      workspace_id: "'TN' || i",
      // A job's id is unique everywhere, an event's is given by the table.
      ...(table === "jobs" && { id: "i || '-' || id" }),
      ...(table === "job_events" && { id: "NULL" }),
    };
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
       INSERT INTO ${table} (${names.join(", ")})
       SELECT ${names.map((name) => values[name] ?? name).join(", ")} FROM n, ${table} WHERE workspace_id = ?1`,
    )
      .bind(workspaceId)
      .run();
  }
};
