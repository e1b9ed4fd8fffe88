/** One workerd serves the test files of a worker in turn: what one file has left is not for the next. */
import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** One, or two in the project whose Worker has two. */
const databases = (): D1Database[] =>
  Object.entries(env).flatMap(([name, db]) => (/^DB(_\d)?$/.test(name) ? [db as D1Database] : []));

/** D1 as it is before its first row. */
export const freshDatabase = async (): Promise<void> => {
  // What is in use just now may outlive a reset.
  do await reset();
  while ((await env.DB.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").first()) !== null);
  for (const db of databases()) await applyD1Migrations(db, env.TEST_MIGRATIONS);
};
