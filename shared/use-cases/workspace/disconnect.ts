import { setDisconnected } from "../../storage/workspace/workspaces.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { commitBatch } from "../session.ts";

/** Slack has revoked the app's token: nothing is written there until somebody uses the app again. */
export const disconnect = async (ctx: UseCaseContext, because: "app_uninstalled" | "tokens_revoked"): Promise<void> => {
  const at = atNow(ctx);
  await commitBatch(ctx, null, [setDisconnected(at)], {
    type: "workspace.disconnected",
    data: { because },
  });
};
