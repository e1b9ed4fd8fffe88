import type { Commit } from "../../domain/commits/commit.ts";
import { netEffect } from "../../domain/staging/net-effect.ts";
import type { Job } from "../../domain/pushes/push.ts";
import { whyNoRetry } from "../../domain/pushes/retry.ts";
import { type Result, fail, ok } from "../../result.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { assertApproved, settleReview } from "../../storage/commits/approvals.ts";
import { assertNoneNewer } from "../../storage/commits/history.ts";
import { moveCommitTarget, projectCommitStatus } from "../../storage/commits/commit-targets.ts";
import { mustChange } from "../../storage/database.ts";
import { retryJob } from "../../storage/pushes/job-writes.ts";
import { insertPushMessage } from "../../storage/outbox.ts";
import { movePush } from "../../storage/pushes/pushes.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { Operations } from "../../targets/protocol.ts";
import { chooseTargets } from "../choose-targets.ts";
import { type UseCaseContext, atNow, inMs } from "../context.ts";
import { type CommitDetails, type LoadedCommit, loadCommit } from "../commits/load-commit.ts";
import { recordDrift } from "../commits/record-drift.ts";
import { drifted } from "./drifted.ts";
import { checkApproved, checkFits, checkNotSuperseded, checkSizeTaken } from "./start-push.ts";
import { prepareOperations } from "./prepare-operations.ts";
import { type NotWritten, type WriteRefusal, commitBatch, repeatable } from "../session.ts";
import { askTarget } from "./settle-job.ts";
import { isClosedCommit, isStoppedJob } from "../../domain/states.ts";

export type RetryReason = WriteRefusal<
  | "commit_not_found"
  | "unknown_target"
  | "nothing_to_retry"
  | "not_approved"
  | "outcome_received"
  | "outcome_unknown"
  | "superseded"
  | "newer_on_its_way"
  | "push_too_large"
  | "target_refused_size"
  | "drifted"
>;

export interface Retried {
  commit: Commit;
  target: string;
  attempt: number;
}

/** Sends the failed job of a commit again: the same key, one attempt higher. An unknown outcome is asked for first. */
export const retryPush = repeatable(
  async (
    ctx: UseCaseContext,
    input: { number: number; target: string | null },
  ): Promise<Result<Retried, RetryReason>> => {
    const loaded = await loadCommit(ctx, input.number, "retry");
    if (!loaded.ok) return loaded;
    const details = loaded.value;
    const chosen = chooseTargets(details.session.targets, input.target ? [input.target] : []);
    if (!chosen.ok) return chosen;
    const stopped = isClosedCommit(details.commit) ? null : lastStopped(details, chosen.value);
    const target = chosen.value.find(({ name }) => name === stopped?.target);
    const never = stopped ? whyNoRetry(stopped, details.targets) : null;
    if (!stopped || !target || never === "applied") return fail({ code: "nothing_to_retry", number: input.number });
    const taken = checkSizeTaken(details, [target]);
    if (!taken.ok) return taken;
    const approved = checkApproved(details);
    if (!approved.ok) return approved;
    const fits = checkFits(details, [target]);
    if (!fits.ok) return fits;
    const current = checkNotSuperseded(details, [target.name]);
    if (!current.ok) return current;

    if (stopped.state === "timeout") {
      const asked = await settleFirst(ctx, input.number, stopped);
      if (!asked.ok) return asked;
    }
    const operations = await prepareOperations(
      ctx.targets(target, ctx.traceId),
      target.name,
      netEffect(details.changes, target.name),
    );
    const conflicts = operations.ok ? [] : operations.reason.conflicts;
    if (!operations.ok || operations.value.isCompared) {
      await recordDrift(ctx, details, [{ target: target.name, conflicts }]);
    }
    if (!operations.ok) return drifted(details.commit, conflicts);

    const retried: Retried = { commit: details.commit, target: target.name, attempt: stopped.attempt + 1 };
    return writeRetry(ctx, details, retried, stopped, operations.value.operations);
  },
);

/** The newest job of each target counts; of those that stopped, the first in the order of application. */
const lastStopped = ({ jobs }: CommitDetails, targets: TargetBinding[]): Job | null => {
  for (const { name } of targets) {
    const newest = jobs.findLast((job) => job.target === name && job.state !== "cancelled");
    if (newest && isStoppedJob(newest)) return newest;
  }
  return null;
};

/** Only a target's word settles an unknown outcome; after it the job has failed, or there is nothing to send again. */
const settleFirst = async (ctx: UseCaseContext, number: number, job: Job): Promise<Result<null, RetryReason>> => {
  if ((await askTarget(ctx, job)) !== "recorded") {
    return fail({ code: "outcome_unknown", number, target: job.target });
  }
  const again = await loadCommit(ctx, number, "retry");
  if (!again.ok) return again;
  const now = again.value.jobs.find(({ id }) => id === job.id);
  return now?.state === "failed" ? ok(null) : fail({ code: "outcome_received", number, target: job.target });
};

const writeRetry = async (
  ctx: UseCaseContext,
  { newer }: LoadedCommit,
  retried: Retried,
  job: Job,
  operations: Operations,
): Promise<Result<Retried, NotWritten>> => {
  const { workspaceId } = ctx;
  const at = atNow(ctx);
  const { commit, attempt } = retried;
  const about = { commitId: commit.id, pushId: job.pushId, jobId: job.id, attempt };
  return commitBatch(
    ctx,
    retried,
    [
      assertApproved(workspaceId, commit),
      settleReview(at, commit.id),
      assertNoneNewer(workspaceId, commit.id, [job.target], newer),
      retryJob(at, job, operations, inMs(ctx, ctx.timeouts.dispatchMs)),
      mustChange(moveCommitTarget(at, commit.id, job.target, "in_flight", null)),
      projectCommitStatus(at, commit.id),
      movePush(at, job.pushId, "running"),
      insertPushMessage(at, ctx.newId(), { jobId: job.id, attempt }),
      invalidateCards(at, [commit.id, job.pushId, job.id]),
    ],
    { type: "push.retried", ...about, data: { target: job.target } },
    { type: "job.dispatched", ...about, data: { target: job.target } },
  );
};
