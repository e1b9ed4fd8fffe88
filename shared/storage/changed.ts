import { type Database, run } from "./database.ts";
import type { Sql } from "./sql.ts";

/** Whether the statement has changed a row: who claims something learns whether it is theirs. */
export const changed = async (db: Database, statement: Sql): Promise<boolean> => {
  const [result] = await run(db, [statement]);
  return (result?.meta.changes ?? 0) > 0;
};
