import { read } from "../storage/database.ts";
import { insertInbox, partsQuery } from "../storage/inbox.ts";
import { writeQuietly } from "../storage/write.ts";
import { type UseCaseContext, nowOf } from "./context.ts";

/**
 * undone: it has had no effect, and will have none, even if an earlier try of it should still reach D1. done: it had its
 * effect. partly: some of the changes that came together with it are staged.
 */
export type Became = "undone" | "done" | "partly";

/** Ends a request that nobody tries any more: its inbox key is taken, so that it cannot have its effect later. */
export const fenceRequest = async (
  ctx: Pick<UseCaseContext, "db" | "nowMs">,
  workspaceId: string,
  inboxKey: string,
): Promise<Became> => {
  const fenced = await writeQuietly(ctx.db, [insertInbox(ctx.db, workspaceId, inboxKey, nowOf(ctx))]);
  if (!fenced.written) return "done";
  const [parts] = await read(ctx.db, partsQuery(ctx.db, workspaceId, inboxKey));
  return parts > 0 ? "partly" : "undone";
};
