import type { SeedEnv } from "./local-targets.ts";
import { seedStack } from "./seed-stack.ts";

export { seedStackIfEmpty } from "./seed-stack.ts";

/** Empties the three databases and the vectors, then seeds them again. Slack's own state is not here. */
export const resetStack = async (env: SeedEnv): Promise<void> => {
  await Promise.all([env.STAGING_DB, env.D1CV_DB, env.AI_AGENT_DB].map(emptyDatabase));
  const answer = await env.LOCAL_AI.fetch("https://local-ai.internal/reset", { method: "POST" });
  if (!answer.ok) throw new Error(`The vectors could not be emptied: ${answer.status}`);
  await seedStack(env);
};

/**
 * Deletes every row of what is somebody's data; what migrations have written stays. Triggers that refuse a deletion, as
 * of the log, are taken away and made again in the same batch.
 */
const emptyDatabase = async (db: D1Database): Promise<void> => {
  const { results: tables } = await db
    .prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'
       AND name NOT IN ('d1_migrations', 'state_edges', 'operation_cursor')`,
    )
    .all<{ name: string }>();
  const { results: triggers } = await db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE ON%'")
    .all<{ name: string; sql: string }>();
  const statements = [
    ...triggers.map(({ name }) => `DROP TRIGGER "${name}"`),
    ...tables.map(({ name }) => `DELETE FROM "${name}"`),
    ...triggers.map(({ sql }) => sql),
  ];
  if (statements.length > 0) await db.batch(statements.map((sql) => db.prepare(sql)));
};
