import { type Batch, read } from "../../storage/database.ts";
import { deleteTokens } from "../../storage/workspace/installations.ts";
import { deleteSignInsIn } from "../../storage/workspace/sign-ins.ts";
import {
  leaveOrganisation,
  setDisconnected,
  setUninstalled,
  workspaceQuery,
  workspacesOfOrganisationQuery,
  workspacesSharingQuery,
} from "../../storage/workspace/workspaces.ts";
import { write } from "../../storage/write.ts";
import { type UseCaseContext, atNow } from "../context.ts";
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
  await write(ctx, [deleteTokens(atNow(ctx))]);
  const [workspace] = await read(ctx.db, workspaceQuery(ctx.workspaceId));
  if (workspace) await disconnectWorkspace(ctx, because);
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
  const [sharing] = await read(ctx.db, workspacesSharingQuery(ctx.workspaceId, workspaceIds));
  for (const workspaceId of sharing) {
    const own = { ...ctx, workspaceId };
    await disconnectWorkspace(own, "app_uninstalled", [leaveOrganisation(atNow(own))]);
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
