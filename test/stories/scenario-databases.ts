/** Checks the databases of a stack after generated scenarios, read with SQL instead of the product's code. */
import { DatabaseSync } from "node:sqlite";
import type { Scenario } from "./scenario.ts";

const own = "workspace_id LIKE 'T0SCEN%'";

export const staleCards = `SELECT * FROM cards WHERE ${own} AND shown_version < desired_version AND retired_reason IS NULL`;
export const notVerified = `SELECT * FROM jobs WHERE ${own} AND state = 'completed' AND verified_at IS NULL`;

/** Queries that must return no row. */
export const violations = {
  "unfinished jobs": `SELECT * FROM jobs WHERE ${own} AND state NOT IN ('completed', 'failed', 'cancelled')`,
  "unfinished pushes": `SELECT * FROM pushes WHERE ${own} AND state = 'running'`,
  "approved commits that a target does not have": `SELECT t.* FROM commit_targets t
     JOIN commits c ON c.workspace_id = t.workspace_id AND c.id = t.commit_id
     WHERE t.${own} AND c.review = 'approved' AND t.state <> 'applied'`,
  "changes in the wrong place": `SELECT s.* FROM staged_changes s
     LEFT JOIN commits c ON c.workspace_id = s.workspace_id AND c.id = s.commit_id
     WHERE s.${own} AND (s.state = 'staged' OR (s.state = 'committed') <> (c.review IS NOT NULL AND c.review = 'approved'))`,
  "messages that wait": `SELECT * FROM outbox WHERE ${own}`,
  "dead letters": `SELECT * FROM dead_letters WHERE ${own}`,
  "cards that are out of date": staleCards,
  "changes without their one event": `SELECT s.number FROM staged_changes s WHERE s.${own} AND 1 <> (SELECT COUNT(*) FROM job_events e
     WHERE e.workspace_id = s.workspace_id AND e.type = 'change.staged' AND json_extract(e.data, '$.changeId') = s.id)`,
} as const;

/** A table that only this target's database has. */
export const tableOnlyOf = { d1cv: "verifications", "ai-agent": "index_tasks" } as const;

export const allRows = (file: string, sql: string): Record<string, unknown>[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
};

export const countOfChanges = (staging: string): unknown =>
  allRows(staging, `SELECT COUNT(*) AS n FROM staged_changes WHERE ${own}`)[0]?.["n"];

/** Applied commits of a target compared with the recorded ones, and the target's rows of the scenarios. */
export const ledgerOf = (staging: string, file: string, target: keyof typeof tableOnlyOf) => {
  const isLive = target === "d1cv" ? "deleted_at IS NULL" : "TRUE";
  const done = `SELECT id FROM jobs WHERE ${own} AND target = '${target}' AND state = 'completed' ORDER BY id`;
  const applied =
    "SELECT job_id AS id FROM receipts WHERE state = 'applied' AND job_id NOT LIKE 'seed-%' ORDER BY job_id";
  const live = `SELECT name, experience_years AS years FROM technology WHERE name GLOB 'S[0-9]*' AND ${isLive} ORDER BY name`;
  return {
    recorded: allRows(staging, done),
    applied: allRows(file, applied),
    /** Including the seed's. */
    revisions: allRows(file, "SELECT MAX(revision) AS most FROM receipts")[0]?.["most"],
    live: allRows(file, live),
  };
};

/** The expected totals of all scenarios. */
export const planOf = (scenarios: readonly Scenario[]) => ({
  changes: scenarios
    .flatMap(({ rounds }) => rounds)
    .reduce((sum, { stage, takenBack }) => sum + stage.length + (takenBack === null ? 0 : 1), 0),
  rows: scenarios
    .flatMap(({ rows }) => [...rows].flatMap(([name, years]) => (years === null ? [] : [{ name, years }])))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
});
