import { type Batch, read } from "../../storage/database.ts";
import { noteOrganisation } from "../../storage/directory.ts";
import { deleteTokens } from "../../storage/workspace/installations.ts";
import { deleteSignInsIn } from "../../storage/workspace/sign-ins.ts";
import {
  leaveOrganisation,
  organisationQuery,
  setDisconnected,
  setUninstalled,
  workspaceQuery,
  workspacesOfOrganisationQuery,
  workspacesSharingQuery,
} from "../../storage/workspace/workspaces.ts";
import { writeQuietly } from "../../storage/write.ts";
import { type UseCaseContext, atNow, inWorkspace } from "../context.ts";
import { commitBatch } from "../session.ts";

export type Because = "app_uninstalled" | "tokens_revoked";

/** As many workspaces of an organisation are looked up at once. */
const pageSize = 100;

/**
 * Slack has revoked the app's token: it is deleted, nobody is signed in, and nothing is written there any more. Where
 * the app was uninstalled, API tokens end as well until it is installed again: a workspace without the app is nobody's
 * to reach. With only the token revoked they go on, and Slack catches up.
 *
 * The context's workspace may be an organisation, whose installation was for all of its workspaces.
 */
export const disconnect = async (ctx: UseCaseContext, because: Because): Promise<void> => {
  await writeQuietly(ctx.databases.first, [deleteTokens(atNow(ctx))]);
  const found = await ctx.databases.find(workspaceQuery(ctx.workspaceId));
  if (found) await disconnectWorkspace(ctx, because);
  for (const { db } of ctx.databases.all) await disconnectAll({ ...ctx, db }, because);
};

/** Those of the organisation that are in this database. */
const disconnectAll = async (ctx: UseCaseContext, because: Because): Promise<void> => {
  for (let after = ""; ;) {
    const [page] = await read(ctx.db, workspacesOfOrganisationQuery(ctx.workspaceId, after, pageSize));
    for (const workspaceId of page) await disconnectWorkspace({ ...ctx, workspaceId }, because);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last;
  }
};

/**
 * An organisation has taken the app away from some of its workspaces (Slack's `team_access_revoked`, of at most 1,000).
 * Its token stays, for the others. The context's workspace is the organisation, or any that has the app by it.
 */
export const disconnectTeams = async (ctx: UseCaseContext, workspaceIds: readonly string[]): Promise<void> => {
  const { databases } = ctx;
  const organisation = (await databases.find(organisationQuery(ctx.workspaceId)))?.value ?? ctx.workspaceId;
  for (const workspaceId of await databases.gather(workspacesSharingQuery(organisation, workspaceIds))) {
    const own = inWorkspace(ctx, workspaceId);
    await disconnectWorkspace(own, "app_uninstalled", [leaveOrganisation(atNow(own))]);
    await writeQuietly(databases.first, [noteOrganisation(workspaceId, null)]);
  }
};

const disconnectWorkspace = async (ctx: UseCaseContext, because: Because, more: Batch = []): Promise<void> => {
  const at = atNow(ctx);
  const changes = [setDisconnected(at), deleteSignInsIn(ctx.workspaceId), more];
  await commitBatch(ctx, null, because === "app_uninstalled" ? [...changes, setUninstalled(at)] : changes, {
    type: "workspace.disconnected",
    data: { because },
  });
};
