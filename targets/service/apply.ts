import { fail, ok, type Result } from "../../shared/result.ts";
import type { ApplyRequest, Operations } from "../../shared/targets/protocol.ts";
import { type CallbackEvent, resendCallbacks, writeCallback } from "./callbacks.ts";
import { configOf } from "./config.ts";
import { findConflicts } from "./conflicts.ts";
import type { Claimed } from "./claimed.ts";
import { claimNext, claimStatements, claimedBy, routeTo } from "./deliver.ts";
import { commitBatch, assertChanges } from "./assertion.ts";
import { readReceipt, recordConflicts, recordResult, takeKey, type Receipt } from "./receipts.ts";
import type { Refusal } from "./refusal.ts";
import type { AppliedWork, ApplyJob, JobKey, Target, TargetEnv } from "./target.ts";
import { validateOperations } from "./validate.ts";
import { writeStatements } from "./write-rows.ts";

/** The number of batches tried under concurrent writes, before the caller has to send the request again. */
const maxTries = 3;

export interface Applied {
  /** The commit was already applied. */
  repeated: boolean;
  /** The first of the job's reports, for this invocation to send. */
  callback: Claimed | null;
  /** What the batch has done beside the rows; null when it was another one. */
  work: AppliedWork | null;
}

/**
 * Applies a commit completely or not at all, once for each key. `repeated` means that the commit was already applied,
 * and its reports are sent again. One round trip, unless the
 * batch is rolled back: only then is the key looked at.
 */
export const applyCommit = async <Env extends TargetEnv>(
  env: Env,
  target: Target<Env>,
  request: ApplyRequest,
  context: { traceparent: string | null; nowMs: number },
): Promise<Result<Applied, Refusal>> => {
  const route = routeTo(env, configOf(env), request.callbackUrl);
  if (!route.ok) return fail({ code: "callback_not_allowed", message: `callbackUrl: ${route.reason.message}` });
  const { portfolioId, jobId } = request;
  const key: JobKey = { portfolioId, jobId };

  const operations = validateOperations(request.operations);
  const jobOf = (valid: Operations): ApplyJob => ({ ...key, request, operations: valid, ...context });
  for (let tries = 0; tries < maxTries; tries += 1) {
    const applied = operations.ok ? await tryApply(env, target, jobOf(operations.value)) : null;
    if (applied) return ok(applied);
    const answer = answerFrom(await readReceipt(env.DB, key), request.attempt);
    if (answer?.ok) return ok({ ...answer.value, work: null, callback: await resend(env.DB, request, context.nowMs) });
    if (answer) return answer;
    if (!operations.ok) return operations;
    const conflicts = await findConflicts(env.DB, target.deletes, portfolioId, operations.value);
    if (conflicts.length > 0) await recordConflicts(env.DB, jobOf(operations.value), conflicts).run();
  }
  return fail({ code: "busy" });
};

/** The result of an existing key for this attempt; null when the attempt may take the key. */
const answerFrom = (existing: Receipt | null, attempt: number): Result<{ repeated: true }, Refusal> | null => {
  if (!existing) return null;
  if (existing.state === "applied") return ok({ repeated: true });
  if (attempt > existing.attempt) return null;
  return existing.state === "cancelled"
    ? fail({ code: "cancelled" })
    : fail({ code: "conflict", conflicts: existing.conflicts ?? [] });
};

/** @returns the first of the reports */
const resend = async (db: D1Database, request: ApplyRequest, nowMs: number): Promise<Claimed | null> =>
  claimedBy(
    await db.batch([
      ...resendCallbacks(db, request, request.callbackUrl, nowMs),
      ...claimStatements(db, request, nowMs),
    ]),
  );

/** One batch: the receipt, the rows, their effects, and the callbacks. Null when it was rolled back. */
const tryApply = async <Env extends TargetEnv>(
  env: Env,
  target: Target<Env>,
  job: ApplyJob,
): Promise<Applied | null> => {
  const { DB: db } = env;
  const report = (type: "job.progress" | "job.completed", content: Partial<CallbackEvent>): D1PreparedStatement =>
    writeCallback(db, job, { type, target: target.name, ...content }, job.nowMs);
  const effects = await target.effects(env, job);
  const before = [takeKey(db, job), assertChanges(db, 1), ...writeStatements(db, target.deletes, job)];
  const results = await commitBatch(db, [
    ...before,
    ...effects,
    recordResult(db, target, job),
    report("job.progress", { fields: { stage: "writing", percent: target.writingPercent } }),
    report("job.completed", { set: { "$.result": "json(result)" } }),
    // A first attempt has no report that was tried before.
    ...(job.request.attempt === 1 ? [claimNext(db, job, job.nowMs)] : claimStatements(db, job, job.nowMs)),
  ]);
  if (!results) return null;
  const work = { operations: job.operations, effects: results.slice(before.length, before.length + effects.length) };
  return { repeated: false, callback: claimedBy(results), work };
};
