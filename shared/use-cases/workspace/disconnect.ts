import { deleteSignInsIn } from "../../storage/workspace/sign-ins.ts";
import { setDisconnected } from "../../storage/workspace/workspaces.ts";
import { deleteTokens } from "../../storage/workspace/installations.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { commitBatch } from "../session.ts";

/** Slack has revoked the app's token: it is deleted, nobody is signed in, and nothing is written there any more. */
export const disconnect = async (ctx: UseCaseContext, because: "app_uninstalled" | "tokens_revoked"): Promise<void> => {
  const at = atNow(ctx);
  await commitBatch(ctx, null, [setDisconnected(at), deleteTokens(at), deleteSignInsIn(ctx.workspaceId)], {
    type: "workspace.disconnected",
    data: { because },
  });
};
