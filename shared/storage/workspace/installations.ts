/** Slack installations: who has the app, with which tokens. */
import * as z from "zod/mini";
import { smokeWorkspace } from "../../domain/operations/smoke.ts";
import { type Query, column, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, row, set, sql } from "../sql.ts";

const installationSchema = z.object({
  /** Of the team; of the organisation where it is installed org-wide. */
  workspaceId: z.string(),
  name: z.string(),
  appId: z.string(),
  botUserId: z.string(),
  scopes: z.string(),
  organisationId: z.nullable(z.string()),
  isOrgWide: z.boolean(),
  installedBy: z.string(),
  installedAt: z.string(),
  /** Null: uninstalled. */
  sealedTokens: z.nullable(z.string()),
  keyVersion: z.nullable(z.string()),
  /** Of the bot's token; null: never. */
  expiresAt: z.nullable(z.string()),
});
export type SlackInstallation = z.infer<typeof installationSchema>;

const installationRow = rowOf(installationSchema, { table: "slack_installations", of: "i" });

/** Of the workspace, or of its organisation; its own comes first, and one with tokens before one without. */
export const installationQuery = (
  workspaceId: string,
  organisationId: string | null,
): Query<SlackInstallation | null> =>
  one(installationRow)`SELECT ${installationRow.columns} FROM slack_installations i
    WHERE i.workspace_id IN (${workspaceId}, ${organisationId ?? workspaceId},
      COALESCE((SELECT organisation_id FROM workspaces WHERE workspace_id = ${workspaceId}),
        (SELECT organisation_id FROM placements WHERE workspace_id = ${workspaceId}), ${workspaceId}))
    ORDER BY i.sealed_tokens IS NULL, i.workspace_id = ${workspaceId} DESC LIMIT 1`;

/** Installing again replaces everything. */
export const upsertInstallation = (installation: SlackInstallation, now: string): Sql => {
  const { workspaceId: _id, ...values } = installationRow.of(installation);
  return sql`INSERT INTO slack_installations ${row({ ...installationRow.of(installation), updatedAt: now })}
    ON CONFLICT (workspace_id) DO UPDATE SET ${set({ ...values, refreshingUntil: null, updatedAt: now })}`;
};

/** Of a workspace that has none, whatever has become of it. */
export const insertInstallation = (installation: SlackInstallation, now: string): Sql =>
  sql`INSERT OR IGNORE INTO slack_installations ${row({ ...installationRow.of(installation), updatedAt: now })}`;

/** Which of these workspaces have, or had, an installation of their own. */
export const installedAmongQuery = (workspaceIds: readonly string[]): Query<string[]> =>
  many(
    column("workspace_id", z.string()),
  )`SELECT workspace_id FROM slack_installations WHERE workspace_id ${among(workspaceIds)}`;

/** Whether any workspace or organisation has installed the app. */
export const someInstallationQuery = (): Query<number | null> =>
  one(column("found", z.number()))`SELECT 1 AS found FROM slack_installations WHERE key_version > '' LIMIT 1`;

/** A workspace that somebody has installed the app in: it is set up without what the variables say. */
export const insertInstalledWorkspace = (
  at: At,
  { name, installedBy, organisationId }: { name: string | null; installedBy: string; organisationId: string | null },
): Sql =>
  sql`INSERT INTO workspaces ${row({
    workspaceId: at.workspaceId,
    name,
    installedBy,
    organisationId,
    createdAt: at.now,
    updatedAt: at.now,
  })} ON CONFLICT (workspace_id) DO UPDATE SET organisation_id = ${organisationId}`;

/** A workspace that a variable has named: it is set up from now on without what the variables say. */
export const insertNamedWorkspace = (at: At, admin: string): Sql =>
  sql`INSERT INTO workspaces ${row({
    workspaceId: at.workspaceId,
    installedBy: admin,
    createdAt: at.now,
    updatedAt: at.now,
  })} ON CONFLICT (workspace_id) DO UPDATE SET installed_by = COALESCE(workspaces.installed_by, ${admin})`;

/** Workspaces without an installation that are none of these: nobody and no program reaches them. */
export const setUninstalledExcept = (workspaceIds: readonly string[], now: string): Sql =>
  sql`UPDATE workspaces SET uninstalled_at = ${now}
    WHERE uninstalled_at IS NULL AND workspace_id <> ${smokeWorkspace} AND NOT (workspace_id ${among(workspaceIds)})
      AND workspace_id NOT IN (SELECT workspace_id FROM slack_installations)
      AND COALESCE(organisation_id, '') NOT IN (SELECT workspace_id FROM slack_installations)`;

/** Deletes the tokens; what else is there says who had installed it. */
export const deleteTokens = (at: At): Sql =>
  sql`UPDATE slack_installations SET sealed_tokens = NULL, key_version = NULL, expires_at = NULL, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId}`;

const unchanged = ({ workspaceId, sealedTokens }: SlackInstallation): Sql =>
  sql`workspace_id = ${workspaceId} AND sealed_tokens = ${sealedTokens}`;

/** Changes no row where somebody else refreshes it, or has done so. */
export const claimRefresh = (installation: SlackInstallation, now: string, until: string): Sql =>
  sql`UPDATE slack_installations SET refreshing_until = ${until}
    WHERE ${unchanged(installation)} AND COALESCE(refreshing_until, '') < ${now}`;

interface SealedTokens {
  sealedTokens: string;
  keyVersion: string;
  expiresAt: string | null;
}

/** Unless it has been installed or removed meanwhile. */
export const replaceTokens = (installation: SlackInstallation, tokens: SealedTokens, now: string): Sql =>
  sql`UPDATE slack_installations SET ${set({ ...tokens, refreshingUntil: null, updatedAt: now })}
    WHERE ${unchanged(installation)}`;

/** Whose tokens end before `before`. */
export const endingInstallationsQuery = (before: string, limit: number): Query<SlackInstallation[]> =>
  many(installationRow)`SELECT ${installationRow.columns} FROM slack_installations i
    WHERE i.expires_at IS NOT NULL AND i.expires_at < ${before} ORDER BY i.expires_at LIMIT ${limit}`;

/** Whose tokens one of these keys has encrypted. */
export const installationsByKeyQuery = (keyVersions: readonly string[], limit: number): Query<SlackInstallation[]> =>
  many(installationRow)`SELECT ${installationRow.columns} FROM slack_installations i
    WHERE i.key_version ${among(keyVersions)} LIMIT ${limit}`;

const keyCountSchema = z.object({ keyVersion: z.string(), count: z.int() });

/** How many rows each key has encrypted. */
export const installationsByKeyCountQuery = (): Query<z.infer<typeof keyCountSchema>[]> =>
  many({ parse: (found) => keyCountSchema.parse(found) })`SELECT key_version AS keyVersion, COUNT(*) AS count
    FROM slack_installations WHERE key_version IS NOT NULL GROUP BY key_version`;

/** Changes no row where the state has been used. */
export const useInstallState = (hash: string, expiresAt: string): Sql =>
  sql`INSERT OR IGNORE INTO install_states ${row({ hash, expiresAt })}`;

export const pruneInstallStates = (before: string): Sql => sql`DELETE FROM install_states WHERE expires_at < ${before}`;
