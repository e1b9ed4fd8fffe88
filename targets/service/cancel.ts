import type { CancelAnswer, CancelRequest } from "../../shared/targets/protocol.ts";
import { readReceipt, recordCancel } from "./receipts.ts";

/** Settles an unknown outcome: the job was already applied, or every attempt up to this one is fenced. */
export const cancelJob = async (db: D1Database, request: CancelRequest, nowMs: number): Promise<CancelAnswer> => {
  await recordCancel(db, request, request.attempt, nowMs).run();
  const existing = await readReceipt(db, request);
  return existing?.state === "applied"
    ? { state: "applied", result: existing.result }
    : { state: "cancelled", result: null };
};
