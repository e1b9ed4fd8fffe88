import type { Commit, CommitTarget } from "../../domain/commits/commit.ts";
import { type Check, type TargetAnswer, checksOf } from "../../domain/commits/checks.ts";
import { type Operation, netEffect } from "../../domain/staging/net-effect.ts";
import { netOperations } from "../../domain/staging/net-operations.ts";
import { type Effect, effectOf } from "../../domain/staging/summary.ts";
import { type Result, ok } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { targetsDownQuery } from "../../storage/pushes/target-health.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { Mode } from "../../domain/workspace/settings.ts";
import type { TargetClient } from "../../targets/client.ts";
import type { UseCaseContext } from "../context.ts";
import { type CommitDetails, loadCommit, oversizedOf, supersededOf } from "../commits/load-commit.ts";
import { recordDrift } from "../commits/record-drift.ts";
import { prepareOperations } from "../pushes/prepare-operations.ts";
import type { ReadRefusal, Session } from "../session.ts";
import { isClosedCommit } from "../../domain/states.ts";

export interface Explained {
  commit: Commit;
  /** Targets that a push would go to. */
  targets: string[];
  mode: Mode;
  /** Of the whole commit. */
  effect: Effect;
  /** In the order in which they are cleared. */
  checks: Check[];
}

/** Every check between a commit and its push. Targets are asked at once, each for about 1.5 s at most. */
export const explainPush = async (
  ctx: UseCaseContext,
  number: number,
): Promise<Result<Explained, ReadRefusal<"commit_not_found">>> => {
  const loaded = await loadCommit(ctx, number, "read");
  if (!loaded.ok) return loaded;
  const { session, commit, changes, judgement, jobs } = loaded.value;
  const targets = loaded.value.targets.filter(({ target }) => netEffect(changes, target).length > 0);
  const [answered, [down]] = await Promise.all([
    askTargets(ctx, session, loaded.value, targets),
    read(ctx.db, targetsDownQuery(ctx.workspaceId)),
  ]);
  await recordDrift(
    ctx,
    loaded.value,
    answered.flatMap((answer) => ("conflicts" in answer ? [answer] : [])),
  );
  const answers = answered.map((answer) => ({
    ...answer,
    downSince: down.find(({ target }) => target === answer.target)?.failingSince ?? null,
  }));
  const checks = checksOf({
    commit,
    reader: { userId: ctx.actor.id, role: session.role },
    members: session.members,
    judgement,
    changes: changes.length,
    targets,
    jobs,
    superseded: supersededOf(loaded.value),
    oversized: oversizedOf(loaded.value),
    answers,
  });
  const open = targets.filter(({ state }) => state !== "applied").map(({ target }) => target);
  const operations = netOperations(
    changes,
    targets.map(({ target }) => target),
  );
  return ok({ commit, targets: open, mode: session.workspace.mode, effect: effectOf(operations), checks });
};

/** Only those that a push would still go to. */
const askTargets = (
  ctx: UseCaseContext,
  session: Session,
  { commit, changes }: CommitDetails,
  targets: readonly CommitTarget[],
): Promise<TargetAnswer[]> => {
  if (isClosedCommit(commit)) return Promise.resolve([]);
  const open = session.targets.filter(({ name }) =>
    targets.some(({ target, state }) => target === name && state !== "applied"),
  );
  return Promise.all(open.map((target) => askTarget(ctx, target, netEffect(changes, target.name))));
};

/** The reads that a push makes as well; a commit that only adds rows makes one to see that the target is there. */
const askTarget = async (
  ctx: UseCaseContext,
  { name: target, ...binding }: TargetBinding,
  operations: readonly Operation[],
): Promise<TargetAnswer> => {
  const client = watched(ctx.targets({ name: target, ...binding }, ctx.traceId));
  const prepared = await prepareOperations(client, target, operations);
  const [first] = operations;
  if (!client.wasAsked() && first) await client.rows(first.entityType, [first.entityId]);
  const problem = client.problem();
  if (problem !== null) return { target, problem };
  return { target, conflicts: prepared.ok ? [] : prepared.reason.conflicts };
};

/** A client that asks its target no more after a failure, so that failures do not add up. */
const watched = (client: TargetClient): TargetClient & { wasAsked: () => boolean; problem: () => string | null } => {
  let asked = false;
  let failure: Extract<Awaited<ReturnType<TargetClient["rows"]>>, { ok: false }> | null = null;
  return {
    ...client,
    wasAsked: () => asked,
    problem: () => failure?.reason.message ?? null,
    rows: async (entityType, ids) => {
      if (failure) return failure;
      asked = true;
      const answer = await client.rows(entityType, ids);
      if (!answer.ok) failure = answer;
      return answer;
    },
  };
};
