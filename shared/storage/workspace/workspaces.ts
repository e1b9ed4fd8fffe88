import * as z from "zod/mini";
import { type Role, roles } from "../../domain/workspace/roles.ts";
import { staleCards } from "../cards.ts";
import { type Database, type Effectful, type Query, column, many, one } from "../database.ts";

const readWorkspaceId = column("workspace_id", z.string());

export const modes = ["team", "solo"] as const;
export type Mode = (typeof modes)[number];

export interface Workspace {
  id: string;
  mode: Mode;
  approvalsNeeded: number;
  /** Where cards go; null means the channel of the command. */
  channelId: string | null;
  /** When the app was uninstalled or its token revoked, ISO 8601; null while it is connected. */
  disconnectedAt: string | null;
}

const workspaceRow = z.object({
  workspace_id: z.string(),
  mode: z.enum(modes),
  approvals_needed: z.int(),
  channel_id: z.nullable(z.string()),
  disconnected_at: z.nullable(z.string()),
});

export const workspaceQuery = (db: Database, workspaceId: string): Query<Workspace | null> =>
  one(
    db
      .prepare(
        "SELECT workspace_id, mode, approvals_needed, channel_id, disconnected_at FROM workspaces WHERE workspace_id = ?1",
      )
      .bind(workspaceId),
    (row) => {
      const { workspace_id, mode, approvals_needed, channel_id, disconnected_at } = workspaceRow.parse(row);
      return {
        id: workspace_id,
        mode,
        approvalsNeeded: approvals_needed,
        channelId: channel_id,
        disconnectedAt: disconnected_at,
      };
    },
  );

export interface Member {
  userId: string;
  role: Role;
}

const memberRow = z.object({ user_id: z.string(), role: z.enum(roles) });

const parseMember = (row: unknown): Member => {
  const { user_id, role } = memberRow.parse(row);
  return { userId: user_id, role };
};

/** Everyone with a role; whoever is not here is a viewer. A workspace has a handful. */
export const membersQuery = (db: Database, workspaceId: string): Query<Member[]> =>
  many(
    db
      .prepare("SELECT user_id, role FROM members WHERE workspace_id = ?1 ORDER BY created_at, user_id")
      .bind(workspaceId),
    parseMember,
  );

/** At most so many, others at each turn, for the sweep by cron: after a few turns each has had its own. */
export const workspaceIdsQuery = (db: Database, limit: number, turn: number): Query<string[]> =>
  many(
    db
      .prepare(
        `SELECT workspace_id FROM workspaces ORDER BY workspace_id LIMIT ?1
         OFFSET ?1 * (?2 % MAX(1, (SELECT (COUNT(*) + ?1 - 1) / ?1 FROM workspaces)))`,
      )
      .bind(limit, turn),
    readWorkspaceId,
  );

/** What Slack calls it; null while nobody has asked. */
export const workspaceNameQuery = (db: Database, workspaceId: string): Query<string | null> =>
  one(
    db.prepare("SELECT name FROM workspaces WHERE workspace_id = ?1").bind(workspaceId),
    column("name", z.nullable(z.string())),
  );

/** What Slack calls it. */
export const setWorkspaceName = (db: Database, workspaceId: string, name: string): D1PreparedStatement =>
  db.prepare("UPDATE workspaces SET name = ?2 WHERE workspace_id = ?1").bind(workspaceId, name);

export const insertWorkspace = (db: Database, workspaceId: string, now: string): D1PreparedStatement =>
  db
    .prepare("INSERT OR IGNORE INTO workspaces (workspace_id, created_at, updated_at) VALUES (?1, ?2, ?2)")
    .bind(workspaceId, now);

export const insertMember = (
  db: Database,
  workspaceId: string,
  member: Member,
  grantedBy: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT OR IGNORE INTO members (workspace_id, user_id, role, granted_by, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5)`,
    )
    .bind(workspaceId, member.userId, member.role, grantedBy, now);

/** Gives a person a role, instead of the one they had. */
export const upsertMember = (
  db: Database,
  workspaceId: string,
  member: Member,
  grantedBy: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO members (workspace_id, user_id, role, granted_by, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5)
       ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = ?3, granted_by = ?4, updated_at = ?5`,
    )
    .bind(workspaceId, member.userId, member.role, grantedBy, now);

/** Makes a person a viewer, who needs no row. */
export const deleteMember = (db: Database, workspaceId: string, userId: string): D1PreparedStatement =>
  db.prepare("DELETE FROM members WHERE workspace_id = ?1 AND user_id = ?2").bind(workspaceId, userId);

/** A guard of its own: fails the batch unless the person is an admin. */
export const assertAdmin = (db: Database, workspaceId: string, userId: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), 1 FROM members WHERE workspace_id = ?1 AND user_id = ?2 AND role = 'admin'`,
    )
    .bind(workspaceId, userId);

/** A guard of its own: fails the batch that leaves a workspace without an admin. */
export const assertSomeAdmin = (db: Database, workspaceId: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT MIN(COUNT(*), 1), 1 FROM members WHERE workspace_id = ?1 AND role = 'admin'`,
    )
    .bind(workspaceId);

/** What admins choose; the rest of a workspace is found out. */
export type Settings = Pick<Workspace, "mode" | "approvalsNeeded" | "channelId">;

/** Writes the settings, unless somebody has changed them since they were read. Follow with `assertChanges()`. */
export const updateSettings = (
  db: Database,
  workspaceId: string,
  before: Settings,
  { mode, approvalsNeeded, channelId }: Settings,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE workspaces SET mode = ?5, approvals_needed = ?6, channel_id = ?7, updated_at = ?8
       WHERE workspace_id = ?1 AND mode = ?2 AND approvals_needed = ?3 AND channel_id IS ?4`,
    )
    .bind(workspaceId, before.mode, before.approvalsNeeded, before.channelId, mode, approvalsNeeded, channelId, now);

/** Notes that Slack has taken the app's token away. */
export const setDisconnected = (db: Database, workspaceId: string, now: string): D1PreparedStatement =>
  db
    .prepare("UPDATE workspaces SET disconnected_at = ?2, updated_at = ?2 WHERE workspace_id = ?1")
    .bind(workspaceId, now);

/** Notes that the token is there again: cards that nobody could write may be out of date. */
export const setReconnected = (db: Database, workspaceId: string, now: string): Effectful =>
  staleCards(
    workspaceId,
    db
      .prepare("UPDATE workspaces SET disconnected_at = NULL, updated_at = ?2 WHERE workspace_id = ?1")
      .bind(workspaceId, now),
  );
