import { deleteSignInsIn } from "../../storage/workspace/sign-ins.ts";
import { setDisconnected } from "../../storage/workspace/workspaces.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { commitBatch } from "../session.ts";

/** Slack has revoked the app's token: nobody is signed in, and nothing is written there until the app is used again. */
export const disconnect = async (ctx: UseCaseContext, because: "app_uninstalled" | "tokens_revoked"): Promise<void> => {
  const at = atNow(ctx);
  await commitBatch(ctx, null, [setDisconnected(at), deleteSignInsIn(ctx.workspaceId)], {
    type: "workspace.disconnected",
    data: { because },
  });
};
