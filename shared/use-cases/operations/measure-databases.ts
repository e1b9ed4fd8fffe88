import { sql } from "../../storage/sql.ts";
import { run } from "../../storage/database.ts";
import type { Databases } from "../../storage/databases.ts";
import { measureDatabase } from "../../storage/directory.ts";
import { writeQuietly } from "../../storage/write.ts";
import { nowOf } from "../context.ts";

/** Notes in the directory how large each database is. D1 says it with every answer (`meta.size_after`, bytes). */
export const measureDatabases = async (ctx: { databases: Databases; nowMs: () => number }): Promise<void> => {
  const { first, all } = ctx.databases;
  const measured = await Promise.all(
    all.map(async ({ name, db }) => {
      const [result] = await run(db, [sql`SELECT 1`]);
      return measureDatabase(name, result?.meta.size_after ?? 0, nowOf(ctx));
    }),
  );
  await writeQuietly(first, measured);
};
