import { read } from "../storage/database.ts";
import { insertIdempotencyRecord, recordedPartsQuery } from "../storage/idempotency-records.ts";
import { writeQuietly } from "../storage/write.ts";
import { type UseCaseContext, nowOf } from "./context.ts";

/**
 * undone: it has had no effect, and will have none, even if an earlier try of it should still reach D1. done: it had
 * its effect. partly: some of the changes that came together with it are staged.
 */
export type Became = "undone" | "done" | "partly";

/** Ends a request that nobody tries any more: its idempotency key is taken, so that it cannot have its effect later. */
export const fenceRequest = async (
  ctx: Pick<UseCaseContext, "db" | "nowMs">,
  workspaceId: string,
  idempotencyKey: string,
): Promise<Became> => {
  const fenced = await writeQuietly(ctx.db, [
    insertIdempotencyRecord({ workspaceId, now: nowOf(ctx) }, idempotencyKey),
  ]);
  if (!fenced.written) return "done";
  const [parts] = await read(ctx.db, recordedPartsQuery(workspaceId, idempotencyKey));
  return parts > 0 ? "partly" : "undone";
};
