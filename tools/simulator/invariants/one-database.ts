import { workspaces } from "../world/workspaces.ts";
import type { Invariant } from "./invariant.ts";

/** What the first database has of every workspace. */
const ofAll = ["placements", "slack_installations", "refusal_counts"];

export const oneDatabase: Invariant = {
  number: 22,
  words: "a workspace is wholly in one database",
  atRest: ({ world: { directory } }) => {
    if (directory === null) return [];
    const tables = directory.rows<{ name: string }>(
      `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'workspace_id'
       WHERE m.type = 'table'`,
    );
    return tables
      .filter(({ name }) => !ofAll.includes(name))
      .flatMap(({ name }) => workspaces.map(({ id }) => ({ name, id })))
      .filter(({ name, id }) => directory.rows(`SELECT 1 FROM ${name} WHERE workspace_id = ?1`, id).length > 0)
      .map(({ name, id }) => `the first database has ${name} of ${id}, which is in the second`);
  },
};
