import * as z from "zod/mini";
import { time } from "../../domain/time.ts";
import { type Query, many } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, row, sql } from "../sql.ts";

const addresseeSchema = z.object({
  /** Null: nobody. */
  userId: z.nullable(z.string()),
  /** When Slack was asked. */
  checkedAt: time,
});
/** Who has an e-mail address in the workspace's Slack. */
export type Addressee = z.infer<typeof addresseeSchema>;

const connectedSchema = z.object({
  workspaceId: z.string(),
  /** What Slack calls it; null while nobody has asked. */
  name: z.nullable(z.string()),
  addressee: z.nullable(addresseeSchema),
});
/** A workspace that has the app, and what Slack has said last of an e-mail address there. */
export type Connected = z.infer<typeof connectedSchema>;

const connectedRow = rowOf(connectedSchema, {
  of: "w",
  from: {
    addressee: `CASE WHEN a.checked_at IS NOT NULL
      THEN json_object('userId', a.user_id, 'checkedAt', a.checked_at) END`,
  },
});

/** At most `limit`, `first` before the others. */
export const connectedQuery = (email: string, first: string | null, limit: number): Query<Connected[]> =>
  many(connectedRow)`SELECT ${connectedRow.columns}
    FROM workspaces AS w LEFT JOIN addresses AS a ON a.workspace_id = w.workspace_id AND a.email = ${email}
    WHERE w.disconnected_at IS NULL ORDER BY w.workspace_id IS ${first} DESC, w.workspace_id LIMIT ${limit}`;

export const upsertAddress = (workspaceId: string, email: string, { userId, checkedAt }: Addressee): Sql =>
  sql`INSERT INTO addresses ${row({ workspaceId, email, userId, checkedAt })}
    ON CONFLICT (workspace_id, email) DO UPDATE SET user_id = ${userId}, checked_at = ${checkedAt}`;

const personSchema = z.object({ userId: z.string(), name: z.string() });
export type Person = z.infer<typeof personSchema>;

const personRow = rowOf(personSchema);

/** Those of whom Slack was asked after `checkedAfter`. */
export const peopleQuery = (workspaceId: string, userIds: readonly string[], checkedAfter: string): Query<Person[]> =>
  many(personRow)`SELECT ${personRow.columns} FROM people
    WHERE workspace_id = ${workspaceId} AND user_id ${among(userIds)} AND checked_at > ${checkedAfter}
    ORDER BY user_id`;

export const upsertPerson = (at: At, { userId, name }: Person): Sql =>
  sql`INSERT INTO people ${row({ workspaceId: at.workspaceId, userId, name, checkedAt: at.now })}
    ON CONFLICT (workspace_id, user_id) DO UPDATE SET name = ${name}, checked_at = ${at.now}`;
