import { fail, ok, type Result } from "../../shared/result.ts";
import type { ApplyRequest } from "../../shared/targets/protocol.ts";
import { type CallbackEvent, resendCallbacks, writeCallback } from "./callbacks.ts";
import { configOf } from "./config.ts";
import { findConflicts } from "./conflicts.ts";
import { routeTo } from "./deliver.ts";
import { commitBatch, assertChanges } from "./assertion.ts";
import { readReceipt, recordConflicts, recordResult, takeKey, type Receipt } from "./receipts.ts";
import type { Refusal } from "./refusal.ts";
import type { ApplyJob, JobKey, Target, TargetEnv } from "./target.ts";
import { validateOperations } from "./validate.ts";
import { writeStatements } from "./write-rows.ts";

/** The number of batches tried under concurrent writes, before the caller has to send the request again. */
const maxTries = 3;

/**
 * Applies a commit completely or not at all, once for each key. `repeated` means that the commit was already applied,
 * and its reports are sent again.
 */
export const applyCommit = async <Env extends TargetEnv>(
  env: Env,
  target: Target<Env>,
  request: ApplyRequest,
  context: { traceparent: string | null; nowMs: number },
): Promise<Result<{ repeated: boolean }, Refusal>> => {
  const route = routeTo(env, configOf(env), request.callbackUrl);
  if (!route.ok) return fail({ code: "callback_not_allowed", message: `callbackUrl: ${route.reason.message}` });
  const { portfolioId, jobId } = request;
  const key: JobKey = { portfolioId, jobId };

  for (let tries = 0; tries < maxTries; tries += 1) {
    const answer = answerFrom(await readReceipt(env.DB, key), request.attempt);
    if (answer) {
      if (answer.ok) await env.DB.batch(resendCallbacks(env.DB, key, request.callbackUrl, context.nowMs));
      return answer;
    }
    const operations = validateOperations(request.operations);
    if (!operations.ok) return operations;
    const job: ApplyJob = { ...key, request, operations: operations.value, ...context };
    if (await tryApply(env, target, job)) return ok({ repeated: false });
    const conflicts = await findConflicts(env.DB, target.deletes, portfolioId, job.operations);
    if (conflicts.length > 0) await recordConflicts(env.DB, job, conflicts).run();
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

/** One batch: the receipt, the rows, their effects, and the callbacks. False when it was rolled back. */
const tryApply = async <Env extends TargetEnv>(env: Env, target: Target<Env>, job: ApplyJob): Promise<boolean> => {
  const { DB: db } = env;
  const report = (type: "job.progress" | "job.completed", content: Partial<CallbackEvent>): D1PreparedStatement =>
    writeCallback(db, job, { type, target: target.name, ...content }, job.nowMs);
  const statements = [
    takeKey(db, job),
    assertChanges(db, 1),
    ...writeStatements(db, target.deletes, job),
    ...(await target.effects(env, job)),
    recordResult(db, target, job),
    report("job.progress", { fields: { stage: "writing", percent: target.writingPercent } }),
    report("job.completed", { set: { "$.result": "json(result)" } }),
  ];
  return commitBatch(db, statements);
};
