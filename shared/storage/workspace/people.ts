import * as z from "zod/mini";
import { type Database, type Query, many } from "../database.ts";

/** Who has an e-mail address in the workspace's Slack. */
export interface Addressee {
  /** Null: nobody. */
  userId: string | null;
  /** When Slack was asked, ISO 8601. */
  checkedAt: string;
}

/** A workspace that has the app, and what Slack has said last of an e-mail address there. */
export interface Connected {
  workspaceId: string;
  /** What Slack calls it; null while nobody has asked. */
  name: string | null;
  addressee: Addressee | null;
}

const connectedRow = z.object({
  workspace_id: z.string(),
  name: z.nullable(z.string()),
  user_id: z.nullable(z.string()),
  checked_at: z.nullable(z.string()),
});

/** At most `limit`, `first` before the others. */
export const connectedQuery = (db: Database, email: string, first: string | null, limit: number): Query<Connected[]> =>
  many(
    db
      .prepare(
        `SELECT w.workspace_id, w.name, a.user_id, a.checked_at
         FROM workspaces AS w LEFT JOIN addresses AS a ON a.workspace_id = w.workspace_id AND a.email = ?1
         WHERE w.disconnected_at IS NULL ORDER BY w.workspace_id IS ?2 DESC, w.workspace_id LIMIT ?3`,
      )
      .bind(email, first, limit),
    (row) => {
      const { workspace_id, name, user_id, checked_at } = connectedRow.parse(row);
      const addressee = checked_at === null ? null : { userId: user_id, checkedAt: checked_at };
      return { workspaceId: workspace_id, name, addressee };
    },
  );

export const upsertAddress = (
  db: Database,
  workspaceId: string,
  email: string,
  { userId, checkedAt }: Addressee,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO addresses (workspace_id, email, user_id, checked_at) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (workspace_id, email) DO UPDATE SET user_id = ?3, checked_at = ?4`,
    )
    .bind(workspaceId, email, userId, checkedAt);

export interface Person {
  userId: string;
  name: string;
}

const personRow = z.object({ user_id: z.string(), name: z.string() });

/** Those of whom Slack was asked after `checkedAfter`. */
export const peopleQuery = (
  db: Database,
  workspaceId: string,
  userIds: readonly string[],
  checkedAfter: string,
): Query<Person[]> =>
  many(
    db
      .prepare(
        `SELECT user_id, name FROM people
         WHERE workspace_id = ?1 AND user_id IN (SELECT value FROM json_each(?2)) AND checked_at > ?3 ORDER BY user_id`,
      )
      .bind(workspaceId, JSON.stringify(userIds), checkedAfter),
    (row) => {
      const { user_id, name } = personRow.parse(row);
      return { userId: user_id, name };
    },
  );

export const upsertPerson = (
  db: Database,
  workspaceId: string,
  { userId, name }: Person,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO people (workspace_id, user_id, name, checked_at) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (workspace_id, user_id) DO UPDATE SET name = ?3, checked_at = ?4`,
    )
    .bind(workspaceId, userId, name, now);
