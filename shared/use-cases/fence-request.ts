import { read } from "../storage/database.ts";
import { insertIdempotencyRecord, recordedPartsQuery } from "../storage/idempotency-records.ts";
import { writeQuietly } from "../storage/write.ts";
import { type UseCaseContext, atNow } from "./context.ts";

/**
 * undone: it has had no effect, and will have none, even if an earlier try of it should still reach D1. done: it had
 * its effect. partly: some of the changes that came together with it are staged.
 */
export type Became = "undone" | "done" | "partly";

/** Ends a request that nobody tries any more: its idempotency key is taken, so that it cannot have its effect later. */
export const fenceRequest = async (
  ctx: Pick<UseCaseContext, "db" | "workspaceId" | "nowMs">,
  idempotencyKey: string,
): Promise<Became> => {
  const fenced = await writeQuietly(ctx.db, [insertIdempotencyRecord(atNow(ctx), idempotencyKey)]);
  if (!fenced.written) return "done";
  const [parts] = await read(ctx.db, recordedPartsQuery(ctx.workspaceId, idempotencyKey));
  return parts > 0 ? "partly" : "undone";
};
