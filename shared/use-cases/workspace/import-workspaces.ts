/**
 * Workspaces that WORKSPACES names, and that of SLACK_BOT_TOKEN: variables of releases in which a workspace was no row.
 * Each becomes rows once, with its token encrypted. What a row says already stays, also that the app was removed.
 */
import type { Encryption } from "../../encryption.ts";
import { log } from "../../log.ts";
import { read } from "../../storage/database.ts";
import type { Databases } from "../../storage/databases.ts";
import { type ConfiguredTarget, insertTarget, targetsQuery, unsealed } from "../../storage/pushes/targets.ts";
import {
  insertInstallation,
  insertNamedWorkspace,
  installedAmongQuery,
  setUninstalledExcept,
} from "../../storage/workspace/installations.ts";
import { insertFirstAdmin, workspaceNameQuery, workspaceQuery } from "../../storage/workspace/workspaces.ts";
import { writeQuietly } from "../../storage/write.ts";
import { nowOf } from "../context.ts";
import { type SlackTokens, aboutInstallation } from "./install-app.ts";

export interface NamedWorkspace {
  workspaceId: string;
  botToken: string;
  /** The first admin; empty: nobody. */
  admin: string;
  targets: readonly ConfiguredTarget[];
}

interface ImportContext {
  databases: Databases;
  encryption: Encryption;
  nowMs: () => number;
}

/** Those that have no row yet. */
export const notImported = async <Named extends Pick<NamedWorkspace, "workspaceId">>(
  { databases }: Pick<ImportContext, "databases">,
  named: readonly Named[],
): Promise<Named[]> => {
  const [installed] = await read(databases.first, installedAmongQuery(named.map(({ workspaceId }) => workspaceId)));
  return named.filter(({ workspaceId }) => !installed.includes(workspaceId));
};

/** Done twice, also at the same time, it changes nothing more. */
export const importWorkspace = async (ctx: ImportContext, named: NamedWorkspace): Promise<void> => {
  const { workspaceId, botToken, admin, targets } = named;
  const at = { workspaceId, now: nowOf(ctx) };
  const db = ctx.databases.of(workspaceId);
  const [workspace, name, stored] = await read(
    db,
    workspaceQuery(workspaceId),
    workspaceNameQuery(workspaceId),
    targetsQuery(workspaceId),
  );
  const tokens: SlackTokens = { botToken, refreshToken: null };
  const { keyVersion, text } = await ctx.encryption.seal(aboutInstallation(workspaceId), JSON.stringify(tokens));
  // As a session does it: who has set the workspace up, or has given it targets, is not overruled by a variable.
  const isSetUp = stored.length > 0 || (workspace?.installedBy ?? null) !== null;
  await writeQuietly(db, [
    insertNamedWorkspace(at, admin),
    ...(admin === "" ? [] : [insertFirstAdmin(at, admin)]),
    ...(isSetUp
      ? []
      : targets.map((target, position) => insertTarget({ ...target, ...unsealed, workspaceId, position }, at.now))),
  ]);
  // Last: until it is there, all of it is done again.
  await writeQuietly(ctx.databases.first, [
    insertInstallation(
      {
        workspaceId,
        name: name ?? workspaceId,
        // Slack says these with an installation alone; nothing needs them.
        appId: "",
        botUserId: "",
        scopes: "",
        organisationId: null,
        isOrgWide: false,
        installedBy: admin,
        installedAt: at.now,
        sealedTokens: text,
        keyVersion,
        expiresAt: null,
      },
      at.now,
    ),
  ]);
  log("workspaces.imported", { workspaceId });
};

export interface Imported {
  imported: number;
  /** Whose rows could not be written: the log says why. */
  failed: number;
}

/**
 * @param isWhole no other workspace has the app: those that WORKSPACES has ceased to name stay without it
 * @param max workspaces
 */
export const importWorkspaces = async (
  ctx: ImportContext,
  named: readonly NamedWorkspace[],
  { isWhole, max }: { isWhole: boolean; max: number },
): Promise<Imported> => {
  const missing = (await notImported(ctx, named)).slice(0, max);
  const done = await Promise.allSettled(missing.map((each) => importWorkspace(ctx, each)));
  for (const [index, each] of done.entries())
    if (each.status === "rejected")
      log("workspaces.not_imported", { workspaceId: missing[index]?.workspaceId ?? null, error: String(each.reason) });
  const failed = done.filter(({ status }) => status === "rejected").length;
  // Those that it has named until now are from before there was a second database.
  if (isWhole && failed === 0)
    await writeQuietly(ctx.databases.first, [
      setUninstalledExcept(
        named.map(({ workspaceId }) => workspaceId),
        nowOf(ctx),
      ),
    ]);
  return { imported: done.length - failed, failed };
};
