/**
 * Records what a target has applied and the bot's database lost when it was put back in time. Where the commit stands
 * here with the same content, its push does as well from now on; else what is live counts as pushed.
 */
import { isOpenCommit } from "../../domain/commits/commit.ts";
import { keyOf } from "../../domain/commits/history.ts";
import type { JobOutcome } from "../../domain/pushes/job-outcome.ts";
import { netEffect } from "../../domain/staging/net-effect.ts";
import { isOpenJob } from "../../domain/states.ts";
import { systemActor } from "../../domain/workspace/actor.ts";
import { insertCard, invalidateCards } from "../../storage/cards.ts";
import { appliedChangesQuery } from "../../storage/commits/history.ts";
import { moveCommitTarget, projectCommitStatus } from "../../storage/commits/commit-targets.ts";
import { setAppliedBy } from "../../storage/commits/commits.ts";
import { takeNumber } from "../../storage/counters.ts";
import { mustChange, read } from "../../storage/database.ts";
import { insertEvent } from "../../storage/events/events.ts";
import { insertJob } from "../../storage/pushes/job-writes.ts";
import { insertPush } from "../../storage/pushes/pushes.ts";
import { insertForgottenJob } from "../../storage/pushes/reconciled.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import { write } from "../../storage/write.ts";
import type { TargetClient } from "../../targets/client.ts";
import type { AppliedJob, ApplyResult, JobReport } from "../../targets/protocol.ts";
import { type LoadedCommit, loadCommit } from "../commits/load-commit.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { prepareBlind } from "../pushes/prepare-operations.ts";
import { recordOutcome } from "../pushes/record-outcome.ts";
import type { Session } from "../session.ts";
import { compareTargets } from "./compare-targets.ts";
import type { JobsCompared } from "./list-applied-jobs.ts";

export interface ReadBack {
  /** Commits that count as applied there from now on. */
  recorded: number[];
  /** Commits that only the target has; null where it does not say their number. */
  forgotten: (number | null)[];
  /** Rows that are accepted as they are live, because these have written them. */
  accepted: number;
  /** Jobs that are still to be read. */
  more: number;
  problem: string | null;
}

/** In one request; a person who waits asks again. */
const maxRead = 50;
/** A batch takes an event for each row. */
const maxAccepted = 300;

export const readBackJobs = async (
  ctx: UseCaseContext,
  session: Session,
  client: TargetClient,
  target: TargetBinding,
  { lostByBot, notRecorded }: JobsCompared,
): Promise<ReadBack> => {
  const result: ReadBack = { recorded: [], forgotten: [], accepted: 0, more: 0, problem: null };
  const all = [...notRecorded, ...lostByBot].toSorted((one, other) => one.revision - other.revision);
  const forgotten: AppliedJob[] = [];
  for (const job of all.slice(0, maxRead)) {
    const isLost = lostByBot.includes(job);
    const recorded = await record(ctx, session, client, target, job, isLost);
    if (recorded !== "not recorded" && job.commit) result.recorded.push(job.commit.number);
    // Under this id the target has applied something else than what stands here: its rows count, and no retry of it.
    if (recorded === "of other content" || (recorded === "not recorded" && isLost)) forgotten.push(job);
  }
  result.more = Math.max(0, all.length - maxRead);
  if (forgotten.length === 0) return result;
  const accepted = await acceptRows(ctx, session, target, forgotten);
  if (typeof accepted !== "number") return { ...result, ...accepted };
  return { ...result, accepted, forgotten: forgotten.map(({ commit }) => commit?.number ?? null) };
};

type Recorded = "recorded" | "of other content" | "not recorded";

const record = async (
  ctx: UseCaseContext,
  session: Session,
  client: TargetClient,
  target: TargetBinding,
  job: AppliedJob,
  isLost: boolean,
): Promise<Recorded> => {
  const loaded = job.commit && (await loadCommit({ ...ctx, idempotencyKey: null }, job.commit.number, "verify"));
  const same = loaded?.ok && loaded.value.commit.hash === job.commit?.hash ? loaded.value : null;
  if (isLost && !(same && (await insertLost(ctx, session, target, job, same)))) return "not recorded";
  const report = await client.job(job.jobId);
  if (!report.ok || !report.value?.result) return "not recorded";
  for (const outcome of outcomesOf(report.value, report.value.result)) {
    const actor = systemActor("reconciliation");
    await recordOutcome(ctx, { jobId: job.jobId, attempt: job.attempt, outcome, actor, webhook: null });
  }
  return same || job.commit === null ? "recorded" : "of other content";
};

const outcomesOf = ({ searchableAt, verifiedAt }: JobReport, result: ApplyResult): JobOutcome[] => {
  const { d1Count, vectorCount, synced } = result;
  const isFound = searchableAt !== null;
  return [
    { kind: "completed", result },
    ...(isFound ? [{ kind: "searchable" as const, vectorCount: vectorCount ?? 0 }] : []),
    ...(verifiedAt === null
      ? []
      : [{ kind: "verified" as const, result: { d1Count, vectorCount, synced: synced ?? true } }]),
  ];
};

/** The push of it is here again, with the id under which the target has it. */
const insertLost = async (
  ctx: UseCaseContext,
  { workspace }: Session,
  target: TargetBinding,
  job: AppliedJob,
  { commit, changes, targets, jobs }: LoadedCommit,
): Promise<boolean> => {
  const own = targets.find((each) => each.target === target.name);
  const isBusy = jobs.some((each) => each.target === target.name && isOpenJob(each));
  if (!own || own.state === "applied" || isBusy || !isOpenCommit(commit)) return false;
  const at = atNow(ctx);
  const pushId = ctx.newId();
  const push = { id: pushId, commitId: commit.id, scope: target.name, requestedBy: ctx.actor.id };
  const channelId = workspace.channelId ?? ctx.actor.id;
  const card = { id: ctx.newId(), kind: "push" as const, subjectId: pushId, channelId };
  const written = await write(ctx, [
    takeNumber(ctx.workspaceId, "push"),
    insertPush(ctx.workspaceId, { ...push, channelId, traceId: ctx.traceId, createdAt: at.now }),
    insertJob(at, {
      id: job.jobId,
      pushId,
      commitId: commit.id,
      target: target.name,
      position: target.position,
      operations: prepareBlind(netEffect(changes, target.name)),
      dispatch: { at: at.now, deadlineAt: at.now },
    }),
    mustChange(moveCommitTarget(at, commit.id, target.name, "in_flight", null)),
    projectCommitStatus(at, commit.id),
    setAppliedBy(ctx.workspaceId, commit.id, ctx.actor.id),
    insertCard(at, card),
    insertCard(at, { ...card, id: ctx.newId(), kind: "push_plan", parentCardId: card.id }),
    invalidateCards(at, [commit.id]),
  ]);
  return written.written;
};

/** What these jobs have written, and differs from what is expected, is expected as it is. */
const acceptRows = async (
  ctx: UseCaseContext,
  session: Session,
  target: TargetBinding,
  forgotten: readonly AppliedJob[],
): Promise<number | { problem: string }> => {
  const [applied] = await read(ctx.db, appliedChangesQuery(ctx.workspaceId));
  const compared = await compareTargets(ctx, { ...session, targets: [target] }, applied);
  const [answered] = compared.answered;
  if (!answered) return { problem: compared.checks[0]?.problem ?? "did not answer" };
  const written = forgotten.some(({ rows }) => rows === null)
    ? null
    : new Set(forgotten.flatMap(({ rows }) => (rows ?? []).map(({ entityType, id }) => `${entityType}/${id}`)));
  const differing = new Map(
    compared.differences
      .filter((each) => each.unlike === null && (written === null || written.has(keyOf(each))))
      .map((each) => [keyOf(each), each]),
  );
  const rows = [...differing.values()].slice(0, maxAccepted);
  const at = atNow(ctx);
  const outcome = await write(ctx, [
    ...rows.map(({ entityType, entityId }) => {
      const row = answered.live.get(entityType)?.find(({ id }) => id === entityId);
      const data = { target: target.name, entityType, entityId, action: row ? "CREATE" : "DELETE" };
      const event = { type: "target.accepted" as const, data: { ...data, values: row?.values ?? {} } };
      return insertEvent(at, event, ctx.actor, ctx.traceId);
    }),
    // The rest is accepted when somebody asks again.
    ...(differing.size > maxAccepted
      ? []
      : forgotten.map(({ jobId, commit, appliedAt }) =>
          insertForgottenJob(at, {
            jobId,
            target: target.name,
            commitNumber: commit?.number ?? null,
            commitHash: commit?.hash ?? null,
            appliedAt,
          }),
        )),
  ]);
  return outcome.written ? rows.length : { problem: "somebody else changed something at the same time" };
};
