/**
 * The app is installed in a workspace, or in all of an organisation. Slack has said so by exchanging a code, which is
 * the permission. Installing again replaces the tokens and resumes: history, roles and targets are as they were.
 */
import type { Encryption } from "../../encryption.ts";
import type { SlackInstallation } from "../../storage/workspace/installations.ts";
import { insertInstalledWorkspace, upsertInstallation } from "../../storage/workspace/installations.ts";
import { clearUninstalledOf, insertFirstAdmin, setReconnected } from "../../storage/workspace/workspaces.ts";
import type { Databases } from "../../storage/databases.ts";
import { type WriteContext, write, writeQuietly } from "../../storage/write.ts";
import type { At } from "../../storage/sql.ts";
import { insertEvent } from "../../storage/events/events.ts";

export interface SlackTokens {
  botToken: string;
  /** Null where the app does not rotate its tokens. */
  refreshToken: string | null;
}

export type InstallInput = Omit<SlackInstallation, "sealedTokens" | "keyVersion" | "installedAt"> & SlackTokens;

export const aboutInstallation = (workspaceId: string): string => `installation ${workspaceId}`;

export const installApp = async (
  ctx: Omit<WriteContext, "db"> & { databases: Databases; encryption: Encryption; now: string; traceId: string },
  { botToken, refreshToken, ...installation }: InstallInput,
): Promise<void> => {
  const { workspaceId, name, installedBy, isOrgWide } = installation;
  const at: At = { workspaceId, now: ctx.now };
  const tokens: SlackTokens = { botToken, refreshToken };
  const { keyVersion, text } = await ctx.encryption.seal(aboutInstallation(workspaceId), JSON.stringify(tokens));
  const stored = { ...installation, installedAt: ctx.now, sealedTokens: text, keyVersion };
  const event = { type: "workspace.installed" as const, data: { name } };
  const { databases } = ctx;
  if (isOrgWide) await Promise.all(databases.all.map(({ db }) => writeQuietly(db, [clearUninstalledOf(workspaceId)])));
  else
    await write({ ...ctx, db: databases.of(workspaceId) }, [
      insertInstalledWorkspace(at, { name, installedBy, organisationId: null }),
      insertFirstAdmin(at, installedBy),
      setReconnected(at),
      insertEvent(at, event, { kind: "slack", id: installedBy }, ctx.traceId),
    ]);
  // Tokens last: where only this fails the app is not installed yet, and installing it again completes it.
  await writeQuietly(databases.first, [upsertInstallation(stored, ctx.now)]);
};
