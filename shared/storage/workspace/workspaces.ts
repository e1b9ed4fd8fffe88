import * as z from "zod/mini";
import { time } from "../../domain/time.ts";
import { roles } from "../../domain/workspace/roles.ts";
import { type Database, type Effectful, type Query, column, many, one } from "../database.ts";
import { staleCards } from "../cards.ts";
import { rowOf } from "../row.ts";
import { type Fragment, row, set, sql } from "../sql.ts";

const readWorkspaceId = column("workspace_id", z.string());

export const modes = ["team", "solo"] as const;
export type Mode = (typeof modes)[number];

const workspaceSchema = z.object({
  id: z.string(),
  mode: z.enum(modes),
  approvalsNeeded: z.int(),
  /** Where cards go; null means the channel of the command. */
  channelId: z.nullable(z.string()),
  /** When the app was uninstalled or its token revoked; null while it is connected. */
  disconnectedAt: z.nullable(time),
});
export type Workspace = z.infer<typeof workspaceSchema>;

const workspaceRow = rowOf(workspaceSchema, { from: { id: "workspace_id" } });

export const workspaceQuery = (db: Database, workspaceId: string): Query<Workspace | null> =>
  one(sql(db)`SELECT ${workspaceRow.columns} FROM workspaces WHERE workspace_id = ${workspaceId}`, workspaceRow.parse);

const memberSchema = z.object({ userId: z.string(), role: z.enum(roles) });
export type Member = z.infer<typeof memberSchema>;

const memberRow = rowOf(memberSchema);

/** Everyone with a role; whoever is not here is a viewer. A workspace has a handful. */
export const membersQuery = (db: Database, workspaceId: string): Query<Member[]> =>
  many(
    sql(db)`SELECT ${memberRow.columns} FROM members WHERE workspace_id = ${workspaceId} ORDER BY created_at, user_id`,
    memberRow.parse,
  );

/** At most so many, others at each turn, for the sweep by cron: after a few turns each has had its own. */
export const workspaceIdsQuery = (db: Database, limit: number, turn: number): Query<string[]> =>
  many(
    sql(db)`SELECT workspace_id FROM workspaces ORDER BY workspace_id LIMIT ${limit}
      OFFSET ${limit} * (${turn} % MAX(1, (SELECT (COUNT(*) + ${limit} - 1) / ${limit} FROM workspaces)))`,
    readWorkspaceId,
  );

/** What Slack calls it; null while nobody has asked. */
export const workspaceNameQuery = (db: Database, workspaceId: string): Query<string | null> =>
  one(sql(db)`SELECT name FROM workspaces WHERE workspace_id = ${workspaceId}`, column("name", z.nullable(z.string())));

/** What Slack calls it. */
export const setWorkspaceName = (db: Database, workspaceId: string, name: string): D1PreparedStatement =>
  sql(db)`UPDATE workspaces SET name = ${name} WHERE workspace_id = ${workspaceId}`;

export const insertWorkspace = (db: Database, workspaceId: string, now: string): D1PreparedStatement =>
  sql(db)`INSERT OR IGNORE INTO workspaces ${row({ workspaceId, createdAt: now, updatedAt: now })}`;

const granted = (workspaceId: string, member: Member, grantedBy: string, now: string): Fragment =>
  row({ workspaceId, ...memberRow.of(member), grantedBy, createdAt: now, updatedAt: now });

export const insertMember = (
  db: Database,
  workspaceId: string,
  member: Member,
  grantedBy: string,
  now: string,
): D1PreparedStatement => sql(db)`INSERT OR IGNORE INTO members ${granted(workspaceId, member, grantedBy, now)}`;

/** Gives a person a role, instead of the one they had. */
export const upsertMember = (
  db: Database,
  workspaceId: string,
  member: Member,
  grantedBy: string,
  now: string,
): D1PreparedStatement =>
  sql(db)`INSERT INTO members ${granted(workspaceId, member, grantedBy, now)}
    ON CONFLICT (workspace_id, user_id) DO UPDATE SET ${set({ role: member.role, grantedBy, updatedAt: now })}`;

/** Makes a person a viewer, who needs no row. */
export const deleteMember = (db: Database, workspaceId: string, userId: string): D1PreparedStatement =>
  sql(db)`DELETE FROM members WHERE workspace_id = ${workspaceId} AND user_id = ${userId}`;

/** A guard of its own: fails the batch unless the person is an admin. */
export const assertAdmin = (db: Database, workspaceId: string, userId: string): D1PreparedStatement =>
  sql(db)`INSERT INTO assertion (actual, expected) SELECT COUNT(*), 1 FROM members
    WHERE workspace_id = ${workspaceId} AND user_id = ${userId} AND role = 'admin'`;

/** A guard of its own: fails the batch that leaves a workspace without an admin. */
export const assertSomeAdmin = (db: Database, workspaceId: string): D1PreparedStatement =>
  sql(db)`INSERT INTO assertion (actual, expected)
    SELECT MIN(COUNT(*), 1), 1 FROM members WHERE workspace_id = ${workspaceId} AND role = 'admin'`;

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
  sql(db)`UPDATE workspaces SET ${set({ mode, approvalsNeeded, channelId, updatedAt: now })}
    WHERE workspace_id = ${workspaceId} AND mode = ${before.mode} AND approvals_needed = ${before.approvalsNeeded}
      AND channel_id IS ${before.channelId}`;

/** Notes that Slack has taken the app's token away. */
export const setDisconnected = (db: Database, workspaceId: string, now: string): D1PreparedStatement =>
  sql(db)`UPDATE workspaces SET disconnected_at = ${now}, updated_at = ${now} WHERE workspace_id = ${workspaceId}`;

/** Notes that the token is there again: cards that nobody could write may be out of date. */
export const setReconnected = (db: Database, workspaceId: string, now: string): Effectful =>
  staleCards(
    workspaceId,
    sql(db)`UPDATE workspaces SET disconnected_at = NULL, updated_at = ${now} WHERE workspace_id = ${workspaceId}`,
  );
