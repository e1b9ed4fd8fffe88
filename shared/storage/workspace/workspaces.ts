import * as z from "zod/mini";
import { time } from "../../domain/time.ts";
import { may, roles } from "../../domain/workspace/roles.ts";
import { type Mode, type Settings, settingsSchema } from "../../domain/workspace/settings.ts";
import {
  type Batch,
  type Effectful,
  type Query,
  assertCount,
  column,
  inOrderOf,
  many,
  mustChange,
  one,
} from "../database.ts";
import { staleCards } from "../cards.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, row, set, sql, verbatim } from "../sql.ts";

const readWorkspaceId = column("workspace_id", z.string());
const readOrganisationId = column("organisation_id", z.string());
const readName = column("name", z.nullable(z.string()));

const workspaceSchema = z.extend(settingsSchema, {
  id: z.string(),
  /** When the app was uninstalled or its token revoked; null while it is connected. */
  disconnectedAt: z.nullable(time),
  /** By /slack/install; null where the variables set it up. */
  installedBy: z.nullable(z.string()),
});
export type Workspace = z.infer<typeof workspaceSchema>;

const workspaceRow = rowOf(workspaceSchema, { from: { id: "workspace_id" } });

export const workspaceQuery = (workspaceId: string): Query<Workspace | null> =>
  one(workspaceRow)`SELECT ${workspaceRow.columns} FROM workspaces WHERE workspace_id = ${workspaceId}`;

const memberSchema = z.object({ userId: z.string(), role: z.enum(roles) });
export type Member = z.infer<typeof memberSchema>;

const memberRow = rowOf(memberSchema, { table: "members" });

/** Everyone with a role; whoever is not here is a viewer. A workspace has a handful. */
export const membersQuery = (workspaceId: string): Query<Member[]> =>
  inOrderOf(
    ["createdAt", "userId"],
    many(memberRow)`SELECT ${memberRow.columns}, created_at AS createdAt FROM members
      WHERE workspace_id = ${workspaceId}`,
  );

/** At most so many, others at each turn, for the sweep by cron: after a few turns each has had its own. */
export const workspaceIdsQuery = (limit: number, turn: number): Query<string[]> =>
  many(readWorkspaceId)`SELECT workspace_id FROM workspaces ORDER BY workspace_id LIMIT ${limit}
    OFFSET ${limit} * (${turn} % MAX(1, (SELECT (COUNT(*) + ${limit} - 1) / ${limit} FROM workspaces)))`;

const installedSchema = z.object({ id: z.string(), name: z.nullable(z.string()), installedBy: z.string() });
const installedRow = rowOf(installedSchema, { table: "workspaces", from: { id: "workspace_id" } });

/** Those that have the app, at most so many. */
export const installedWorkspacesQuery = (limit: number): Query<z.infer<typeof installedSchema>[]> =>
  many(installedRow)`SELECT ${installedRow.columns} FROM workspaces
    WHERE uninstalled_at IS NULL AND installed_by IS NOT NULL ORDER BY workspace_id LIMIT ${limit}`;

/** What Slack calls it; null while nobody has asked. */
export const workspaceNameQuery = (workspaceId: string): Query<string | null> =>
  one(readName)`SELECT name FROM workspaces WHERE workspace_id = ${workspaceId}`;

/** What Slack calls it. */
export const setWorkspaceName = (workspaceId: string, name: string): Sql =>
  sql`UPDATE workspaces SET name = ${name} WHERE workspace_id = ${workspaceId}`;

export const insertWorkspace = (at: At): Sql =>
  sql`INSERT OR IGNORE INTO workspaces ${row({ workspaceId: at.workspaceId, createdAt: at.now, updatedAt: at.now })}`;

const granted = (at: At, member: Member, grantedBy: string): Sql =>
  row({ workspaceId: at.workspaceId, ...memberRow.of(member), grantedBy, createdAt: at.now, updatedAt: at.now });

export const insertMember = (at: At, member: Member, grantedBy: string): Sql =>
  sql`INSERT OR IGNORE INTO members ${granted(at, member, grantedBy)}`;

/** Whoever has installed the app is its admin, unless there is one. */
export const insertFirstAdmin = (at: At, userId: string): Sql => {
  const { workspaceId, now } = at;
  const member = { workspaceId, userId, role: "admin", grantedBy: "installation", createdAt: now, updatedAt: now };
  const isUnclaimed = sql`NOT EXISTS (SELECT 1 FROM members WHERE workspace_id = ${workspaceId} AND role = 'admin')`;
  return sql`INSERT OR IGNORE INTO members ${row(member, isUnclaimed)}`;
};

/** Gives a person a role, instead of the one they had. */
export const upsertMember = (at: At, member: Member, grantedBy: string): Sql =>
  sql`INSERT INTO members ${granted(at, member, grantedBy)}
    ON CONFLICT (workspace_id, user_id) DO UPDATE SET ${set({ role: member.role, grantedBy, updatedAt: at.now })}`;

/** Makes a person a viewer, who needs no row. */
export const deleteMember = (workspaceId: string, userId: string): Sql =>
  sql`DELETE FROM members WHERE workspace_id = ${workspaceId} AND user_id = ${userId}`;

/** Fails the batch unless the person is an admin. */
export const assertAdmin = (workspaceId: string, userId: string): Sql =>
  assertCount(1)`members
    WHERE workspace_id = ${workspaceId} AND user_id = ${userId} AND role = 'admin'`;

/** Fails the batch that leaves a workspace without an admin. */
export const assertSomeAdmin = (workspaceId: string): Sql =>
  sql`INSERT INTO assertion (actual, expected)
    SELECT MIN(COUNT(*), 1), 1 FROM members WHERE workspace_id = ${workspaceId} AND role = 'admin'`;

/** SQL: a role that may approve. */
export const approves = verbatim(
  `IN (${roles
    .filter((role) => may(role, "approve"))
    .map((role) => `'${role}'`)
    .join(", ")})`,
);

/** Fails the batch unless one person at most may approve. */
export const assertOneApprover = (workspaceId: string): Sql =>
  sql`INSERT INTO assertion (actual, expected)
    SELECT MAX(COUNT(*), 1), 1 FROM members WHERE workspace_id = ${workspaceId} AND role ${approves}`;

/** Fails the batch unless the workspace is in this mode. */
export const assertMode = (workspaceId: string, mode: Mode): Sql =>
  assertCount(1)`workspaces WHERE workspace_id = ${workspaceId} AND mode = ${mode}`;

/** Writes the settings, unless somebody has changed them since they were read. */
export const updateSettings = (at: At, before: Settings, { mode, approvalsNeeded, channelId }: Settings): Batch =>
  mustChange(sql`UPDATE workspaces SET ${set({ mode, approvalsNeeded, channelId, updatedAt: at.now })}
    WHERE workspace_id = ${at.workspaceId} AND mode = ${before.mode} AND approvals_needed = ${before.approvalsNeeded}
      AND channel_id IS ${before.channelId}`);

/** Notes that Slack has taken the app's token away. */
export const setDisconnected = (at: At): Sql =>
  sql`UPDATE workspaces SET disconnected_at = ${at.now}, updated_at = ${at.now} WHERE workspace_id = ${at.workspaceId}`;

/** Notes that somebody has removed the app. */
export const setUninstalled = (at: At): Sql =>
  sql`UPDATE workspaces SET uninstalled_at = ${at.now} WHERE workspace_id = ${at.workspaceId}`;

/** Its organisation has installed the app again. What was not written meanwhile is, once somebody uses it there. */
export const clearUninstalledOf = (organisationId: string): Sql =>
  sql`UPDATE workspaces SET uninstalled_at = NULL WHERE organisation_id = ${organisationId}`;

/** Those that have the app by their organisation's installation, in order, after one of them. */
export const workspacesOfOrganisationQuery = (organisationId: string, after: string, limit: number): Query<string[]> =>
  many(readWorkspaceId)`SELECT workspace_id FROM workspaces
    WHERE organisation_id = ${organisationId} AND workspace_id > ${after} ORDER BY workspace_id LIMIT ${limit}`;

/** Whose installation the workspace shares; null where it has one of its own. */
export const organisationQuery = (workspaceId: string): Query<string | null> =>
  one(readOrganisationId)`SELECT organisation_id FROM workspaces
    WHERE workspace_id = ${workspaceId} AND organisation_id IS NOT NULL`;

/** Which of these have the app by the installation of this organisation. */
export const workspacesSharingQuery = (organisationId: string, workspaceIds: readonly string[]): Query<string[]> =>
  many(readWorkspaceId)`SELECT workspace_id FROM workspaces
    WHERE workspace_id ${among(workspaceIds)} AND organisation_id = ${organisationId} ORDER BY workspace_id`;

/** It has the app by its organisation no longer. Once it has it again, its next request notes that. */
export const leaveOrganisation = (at: At): Sql =>
  sql`UPDATE workspaces SET organisation_id = NULL WHERE workspace_id = ${at.workspaceId}`;

/** Notes that the token is there again: cards that nobody could write may be out of date. */
export const setReconnected = (at: At): Effectful =>
  staleCards(
    at,
  )`UPDATE workspaces SET disconnected_at = NULL, uninstalled_at = NULL, updated_at = ${at.now} WHERE workspace_id = ${at.workspaceId}`;
