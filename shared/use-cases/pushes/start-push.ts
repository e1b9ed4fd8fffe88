import type { Refusal } from "../../contract/refusals.ts";
import { canReopen, refusedSize } from "../../domain/pushes/retry.ts";
import { netEffect } from "../../domain/staging/net-effect.ts";
import { isWaiting } from "../../domain/pushes/push.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { NewJob } from "../../storage/pushes/job-writes.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import { maxRequestBytes } from "../../targets/protocol.ts";
import { chooseTargets } from "../choose-targets.ts";
import { type UseCaseContext, inMs, nowOf } from "../context.ts";
import {
  type CommitDetails,
  type LoadedCommit,
  loadCommit,
  oversizedOf,
  supersededAt,
} from "../commits/load-commit.ts";
import { recordDrift } from "../commits/record-drift.ts";
import { drifted } from "./drifted.ts";
import { prepareOperations } from "./prepare-operations.ts";
import { type Session, type WriteRefusal, repeatable } from "../session.ts";
import { type PushStarted, writePush } from "./write-push.ts";
import { isOpenJob } from "../../domain/states.ts";

export interface StartPushInput {
  number: number;
  /** `all`, or a target's name or alias. */
  scope: string;
  /** Where its thread goes, unless the workspace has a channel for cards; null: to whoever pushes. */
  channelId: string | null;
}

export type StartPushReason = WriteRefusal<
  | "commit_not_found"
  | "unknown_target"
  | "not_approved"
  | "no_changes_for_target"
  | "already_applied"
  | "push_in_progress"
  | "superseded"
  | "newer_on_its_way"
  | "push_too_large"
  | "target_refused_size"
  | "drifted"
>;

/** Starts to apply an approved commit: one job per target, the first of which leaves at once. */
export const startPush = repeatable(
  async (ctx: UseCaseContext, input: StartPushInput): Promise<Result<PushStarted, StartPushReason>> => {
    const loaded = await loadCommit(ctx, input.number, "push");
    if (!loaded.ok) return loaded;
    const details = loaded.value;
    const { session, commit } = details;
    const check = checkApproved(details);
    if (!check.ok) return check;
    const targets = targetsToPush(session, details, input.scope);
    if (!targets.ok) return targets;

    const fits = checkFits(details, targets.value);
    if (!fits.ok) return fits;
    const taken = checkSizeTaken(details, targets.value);
    if (!taken.ok) return taken;
    const current = checkNotSuperseded(
      details,
      targets.value.map(({ name }) => name),
    );
    if (!current.ok) return current;

    const push = { id: ctx.newId(), commitId: commit.id };
    const jobs = await prepareJobs(ctx, details, targets.value, push.id);
    if (!jobs.ok) return jobs;

    const names = targets.value.map(({ name }) => name);
    const channelId = session.workspace.channelId ?? input.channelId ?? ctx.actor.id;
    const scope = names.length > 1 ? "all" : (names[0] ?? "all");
    return writePush(ctx, details, jobs.value, { ...push, scope, channelId, isAgain: false });
  },
);

/** What is applied stays so: of that, its approvals are not asked for again. */
export const checkApproved = ({ commit, judgement }: CommitDetails): Result<null, Refusal<"not_approved">> => {
  const { review, missing, reviewers, counted, voided } = judgement;
  if (review === "approved") return ok(null);
  return fail({
    code: "not_approved",
    number: commit.number,
    review,
    missing,
    reviewers: reviewers.filter((userId) => !counted.some(({ decidedBy }) => decidedBy === userId)),
    voided: voided.map(({ approval, because }) => ({ userId: approval.decidedBy, because })),
  });
};

/** A target refuses what is larger, however often it is sent. */
export const checkFits = (
  details: LoadedCommit,
  targets: readonly { name: string }[],
): Result<null, Refusal<"push_too_large">> => {
  const oversized = oversizedOf(details).filter(({ target }) => targets.some(({ name }) => name === target));
  if (oversized.length === 0) return ok(null);
  return fail({
    code: "push_too_large",
    number: details.commit.number,
    oversized,
    maxBytes: maxRequestBytes,
    canReopen: canReopen(details.targets),
  });
};

/** A target may take less at once than others. */
export const checkSizeTaken = (
  { commit, jobs, targets: all }: LoadedCommit,
  targets: readonly { name: string }[],
): Result<null, Refusal<"target_refused_size">> => {
  const asked = all.filter(({ target }) => targets.some(({ name }) => name === target));
  const refused = refusedSize(jobs, asked);
  if (!refused) return ok(null);
  const { target, errorMessage } = refused;
  return fail({
    code: "target_refused_size",
    number: commit.number,
    target,
    message: errorMessage ?? "",
    canReopen: canReopen(all),
  });
};

/** An older commit must not win over what a newer one has applied to the same field, or is about to. */
export const checkNotSuperseded = (
  loaded: LoadedCommit,
  targets: readonly string[],
): Result<null, Refusal<"superseded" | "newer_on_its_way">> => {
  const { number } = loaded.commit;
  const { by, isOnItsWay } = supersededAt(loaded, targets);
  if (by.length === 0) return ok(null);
  return isOnItsWay
    ? fail({ code: "newer_on_its_way", number, by })
    : fail({ code: "superseded", number, by, canReopen: canReopen(loaded.targets) });
};

const targetsToPush = (
  session: Session,
  { commit, targets, jobs }: CommitDetails,
  scope: string,
): Result<TargetBinding[], StartPushReason> => {
  const chosen = chooseTargets(session.targets, [scope]);
  if (!chosen.ok) return chosen;
  const withOperations = chosen.value.filter(({ name }) => targets.some(({ target }) => target === name));
  const names = (list: { name: string }[]) => list.map(({ name }) => name);
  if (withOperations.length === 0) {
    return fail({ code: "no_changes_for_target", number: commit.number, targets: names(chosen.value) });
  }
  const open = withOperations.filter(
    ({ name }) => !targets.some(({ target, state }) => target === name && state === "applied"),
  );
  if (open.length === 0)
    return fail({ code: "already_applied", number: commit.number, targets: names(withOperations) });
  const running = jobs.find(
    (job) =>
      isOpenJob(job) &&
      open.some(({ name }) => name === job.target) &&
      (!isWaiting(job) || jobs.some((other) => other.pushId === job.pushId && isOpenJob(other) && !isWaiting(other))),
  );
  if (running)
    return fail({ code: "push_in_progress", number: commit.number, target: running.target, state: running.state });
  return ok(open);
};

const prepareJobs = async (
  ctx: UseCaseContext,
  details: CommitDetails,
  targets: TargetBinding[],
  pushId: string,
): Promise<Result<NewJob[], StartPushReason>> => {
  const { commit, changes } = details;
  const prepared = await Promise.all(
    targets.map(async (target) => ({
      target,
      operations: await prepareOperations(
        ctx.targets(target, ctx.traceId),
        target.name,
        netEffect(changes, target.name),
      ),
    })),
  );
  const found = prepared.map(({ target, operations }) => ({
    target: target.name,
    conflicts: operations.ok ? [] : operations.reason.conflicts,
    isCompared: !operations.ok || operations.value.isCompared,
  }));
  await recordDrift(
    ctx,
    details,
    found.filter(({ isCompared }) => isCompared),
  );
  const conflicts = found.flatMap((each) => each.conflicts);
  if (conflicts.length > 0) return drifted(commit, conflicts);
  const jobs: NewJob[] = [];
  for (const [index, { target, operations }] of prepared.entries()) {
    if (!operations.ok) throw new Error("A target without conflicts has its operations");
    jobs.push({
      id: ctx.newId(),
      pushId,
      commitId: commit.id,
      target: target.name,
      position: target.position,
      operations: operations.value.operations,
      dispatch: index === 0 ? { at: nowOf(ctx), deadlineAt: inMs(ctx, ctx.timeouts.dispatchMs) } : null,
    });
  }
  return ok(jobs);
};
