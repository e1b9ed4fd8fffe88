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

/** Whether Slack has said that somebody's address is this person's. */
export const hasAddressQuery = (workspaceId: string, userId: string): Query<boolean> => ({
  statement: sql`SELECT 1 FROM addresses WHERE workspace_id = ${workspaceId} AND user_id = ${userId} LIMIT 1`,
  parse: (rows) => rows.length > 0,
});

/** Whoever signs in by an address of theirs is nobody from now on. */
export const forgetAddresses = (at: At, userId: string): Sql =>
  sql`UPDATE addresses SET user_id = NULL, checked_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND user_id = ${userId}`;

/** Forgets addresses that lead to nobody since before `before`, across workspaces: at most `limit`, oldest first. */
export const pruneAddresses = (before: string, limit: number): Sql =>
  sql`DELETE FROM addresses WHERE (workspace_id, email) IN (SELECT workspace_id, email FROM addresses
    WHERE user_id IS NULL AND checked_at < ${before} ORDER BY checked_at LIMIT ${limit})`;

const accessSchema = z.object({ workspaceId: z.string(), userId: z.string() });
/** Somebody who has a role or a token that is not over. */
export type Access = z.infer<typeof accessSchema>;

const accessRow = rowOf(accessSchema, { of: "h" });

/**
 * Whom Slack's directory is to be asked about: who has access, was not said to be there since `presentBefore`, and was
 * not asked about since `askedBefore`. At most `limit`, of those workspaces that are connected; the longest overdue
 * come first.
 */
export const unconfirmedQuery = (
  workspaceIds: readonly string[],
  { now, presentBefore, askedBefore }: { now: string; presentBefore: string; askedBefore: string },
  limit: number,
): Query<Access[]> =>
  many(accessRow)`SELECT ${accessRow.columns} FROM (
      SELECT workspace_id, user_id FROM members WHERE workspace_id ${among(workspaceIds)}
      UNION SELECT workspace_id, user_id FROM api_tokens
        WHERE workspace_id ${among(workspaceIds)} AND revoked_at IS NULL AND expires_at > ${now}
      UNION SELECT workspace_id, user_id FROM addresses
        WHERE workspace_id ${among(workspaceIds)} AND user_id IS NOT NULL
      UNION SELECT workspace_id, user_id FROM sign_ins
        WHERE workspace_id ${among(workspaceIds)} AND expires_at > ${now}) AS h
    JOIN workspaces w ON w.workspace_id = h.workspace_id AND w.disconnected_at IS NULL
    LEFT JOIN people p ON p.workspace_id = h.workspace_id AND p.user_id = h.user_id
    WHERE COALESCE(p.present_at, '') < ${presentBefore} AND COALESCE(p.asked_at, '') < ${askedBefore}
    ORDER BY COALESCE(p.present_at, ''), h.workspace_id, h.user_id LIMIT ${limit}`;

/** Slack has said that they are there, and what they are called. */
export const confirmPerson = (at: At, { userId, name }: Person): Sql =>
  sql`INSERT INTO people ${row({ workspaceId: at.workspaceId, userId, name, checkedAt: at.now, presentAt: at.now, askedAt: at.now })}
    ON CONFLICT (workspace_id, user_id)
    DO UPDATE SET name = ${name}, checked_at = ${at.now}, present_at = ${at.now}, asked_at = ${at.now}`;

/** Slack was asked about them and has said nothing, or that they have left. Without a name it is their id. */
export const notePersonAsked = (at: At, userId: string): Sql =>
  sql`INSERT INTO people ${row({ workspaceId: at.workspaceId, userId, name: userId, checkedAt: "", askedAt: at.now })}
    ON CONFLICT (workspace_id, user_id) DO UPDATE SET asked_at = ${at.now}`;
