import * as z from "zod/mini";
import { type Database, type Query, one } from "./database.ts";

/** Who somebody with this e-mail address is in the workspace's Slack. */
export interface Person {
  /** Null: nobody. */
  userId: string | null;
  name: string | null;
  /** When Slack was asked, ISO 8601. */
  checkedAt: string;
}

const personRow = z.object({
  user_id: z.nullable(z.string()),
  name: z.nullable(z.string()),
  checked_at: z.string(),
});

export const personQuery = (db: Database, workspaceId: string, email: string): Query<Person | null> =>
  one(
    db
      .prepare("SELECT user_id, name, checked_at FROM people WHERE workspace_id = ?1 AND email = ?2")
      .bind(workspaceId, email),
    (row) => {
      const { user_id, name, checked_at } = personRow.parse(row);
      return { userId: user_id, name, checkedAt: checked_at };
    },
  );

export const upsertPerson = (
  db: Database,
  workspaceId: string,
  email: string,
  { userId, name, checkedAt }: Person,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO people (workspace_id, email, user_id, name, checked_at) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (workspace_id, email) DO UPDATE SET user_id = ?3, name = ?4, checked_at = ?5`,
    )
    .bind(workspaceId, email, userId, name, checkedAt);
