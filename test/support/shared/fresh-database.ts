/** One workerd serves the test files of a worker in turn: what one file has left is not for the next. */
import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** D1 as it is before its first row. */
export const freshDatabase = async (): Promise<void> => {
  // What is in use just now may outlive a reset.
  do await reset();
  while ((await env.DB.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").first()) !== null);
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
};
