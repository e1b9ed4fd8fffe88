/** What somebody has changed under a commit, and what people choose about it: theirs, their own, or another value. */
import { type Conflict, groupConflicts, shownConflicts } from "../../domain/commits/conflict.ts";
import {
  type Choice,
  type OpenTargets,
  type Resolved,
  conflictsOf,
  isAbout,
  recreations,
  resolveChanges,
} from "../../domain/commits/resolve.ts";
import { driftOf } from "../../domain/commits/drift.ts";
import { type Commit, hasApplied } from "../../domain/commits/commit.ts";
import { contributorsOf } from "../../domain/commits/contributors.ts";
import { contentOf } from "../../domain/commits/commit-hash.ts";
import { entityOf } from "../../domain/portfolio/registry.ts";
import type { Change } from "../../domain/staging/change.ts";
import { targetsOf } from "../../domain/staging/net-effect.ts";
import { summaryOfChange } from "../../domain/staging/summary.ts";
import { checkValues } from "../../domain/staging/values.ts";
import { isClosedCommit, isOpenJob } from "../../domain/states.ts";
import { type Result, fail, ok } from "../../result.ts";
import { invalidateCards, invalidatePushesOfCommit } from "../../storage/cards.ts";
import {
  assertNoneApplied,
  leaveTargets,
  projectCommitStatus,
  setDrift,
} from "../../storage/commits/commit-targets.ts";
import { projectReview } from "../../storage/commits/approvals.ts";
import { invalidateOverlapping } from "../../storage/commits/overlaps.ts";
import { setContent } from "../../storage/commits/commits.ts";
import { takeNumber } from "../../storage/counters.ts";
import type { Batch } from "../../storage/database.ts";
import type { At } from "../../storage/sql.ts";
import { assertNoRunningJob, cancelWaitingJobs } from "../../storage/pushes/job-writes.ts";
import {
  commitStaged,
  discardFromCommit,
  insertChange,
  joinCommitted,
  rewriteCommitted,
} from "../../storage/staging/changes.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { drifted, seenOf } from "../pushes/drifted.ts";
import { readLive } from "../pushes/read-rows.ts";
import {
  type NotWritten,
  type ReadRefusal,
  type Session,
  type WriteRefusal,
  allows,
  commitBatch,
  repeatable,
} from "../session.ts";
import { recordDrift } from "./record-drift.ts";
import { type CommitDetails, loadCommit } from "./load-commit.ts";

export interface ConflictList {
  commit: Commit;
  /** At the targets that have not applied the commit; those that are the same at several are named once. */
  conflicts: Conflict[];
  /** Targets that could not be asked. */
  unanswered: string[];
  /** Stands for what the conflicts are now: `seen` of what is chosen about them. */
  seen: string;
}

/** The conflicts of a commit, as the targets show its rows now. */
export const listConflicts = async (
  ctx: UseCaseContext,
  number: number,
): Promise<Result<ConflictList, ReadRefusal<"commit_not_found">>> => {
  const loaded = await loadCommit(ctx, number, "read");
  if (!loaded.ok) return loaded;
  const { commit } = loaded.value;
  const { conflicts, unanswered, seen } = await lookAt(ctx, loaded.value);
  return ok({ commit, conflicts: groupConflicts(conflicts), unanswered, seen });
};

export interface ResolveInput {
  number: number;
  choices: readonly Choice[];
  /** `seen` of the conflicts that the person looked at: others are refused. Null when typed without looking. */
  seen: string | null;
}

export type ResolveReason = WriteRefusal<
  | "commit_not_found"
  | "not_author"
  | "already_closed"
  | "already_decided"
  | "already_applied"
  | "push_in_progress"
  | "no_conflicts"
  | "conflicts_changed"
  | "drifted"
  | "invalid_values"
>;

export interface ConflictsResolved {
  commit: Commit;
  /** How many fields, or rows as a whole, were decided. */
  decided: number;
  /** What is still in conflict. */
  left: Conflict[];
  /** Numbers of the changes of which nothing is left. */
  discarded: number[];
  /** Its approvals are of other content now. */
  voided: boolean;
}

/**
 * Rewrites a commit's changes on top of what is live at the targets that have not applied it. An approval stays where
 * the content is the same. A commit of which nothing is left is dropped.
 */
export const resolveConflicts = repeatable(
  async (ctx: UseCaseContext, input: ResolveInput): Promise<Result<ConflictsResolved, ResolveReason>> => {
    const loaded = await loadCommit(ctx, input.number, "resolve");
    if (!loaded.ok) return loaded;
    const details = loaded.value;
    const allowed = checkResolvable(ctx, details);
    if (!allowed.ok) return allowed;

    const { conflicts, unanswered, seen, open } = await lookAt(ctx, details);
    const { number } = input;
    if (conflicts.length === 0) return fail({ code: "no_conflicts", number, unanswered });
    const isOther =
      (input.seen !== null && input.seen !== seen) ||
      input.choices.some((choice) => !conflicts.some((conflict) => isAbout(choice, conflict)));
    if (isOther) {
      return fail({ code: "conflicts_changed", number, ...shownConflicts(groupConflicts(conflicts)), seen });
    }

    const choices = checkChoices(input.choices);
    if (!choices.ok) return choices;
    const resolved = resolveChanges(details.changes, open, choices.value, {
      userId: ctx.actor.id,
      newId: ctx.newId,
    });
    const created = checkRecreations(resolved, details.changes);
    if (!created.ok) return created;
    const left = conflictsOf(resolved.changes, open);
    // Only a row that another commit creates can be kept without an effect.
    if (resolved.decided === 0) return drifted(details.commit, left);
    return writeResolved(ctx, details, resolved, { leftAt: left, unanswered });
  },
);

interface Looked {
  open: OpenTargets;
  conflicts: Conflict[];
  unanswered: string[];
  seen: string;
}

/** Asks the targets that have not applied the commit for its rows. */
const lookAt = async (
  ctx: UseCaseContext,
  { session, commit, changes, targets }: CommitDetails & { session: Session },
): Promise<Looked> => {
  const asked = isClosedCommit(commit)
    ? []
    : session.targets.filter(({ name }) => targets.some(({ target, state }) => target === name && state !== "applied"));
  const { liveOf, unanswered } = await readLive(
    ctx,
    asked,
    changes.filter(({ action }) => action !== "CREATE"),
  );
  const open: OpenTargets = { targets: asked.map(({ name }) => name), liveOf };
  const conflicts = conflictsOf(changes, open);
  const answered = open.targets.filter((target) => !unanswered.includes(target));
  await recordDrift(ctx, { commit, targets }, byTarget(conflicts, answered));
  return { open, conflicts, unanswered, seen: await seenOf(commit, conflicts) };
};

const byTarget = (conflicts: readonly Conflict[], targets: readonly string[]) =>
  targets.map((target) => ({ target, conflicts: conflicts.filter((each) => each.targets.includes(target)) }));

const checkResolvable = (
  ctx: UseCaseContext,
  { session, commit, targets, approvals, jobs }: CommitDetails & { session: Session },
): Result<null, ResolveReason> => {
  const { number, review } = commit;
  if (commit.createdBy !== ctx.actor.id && !allows(session, "changeOthers")) {
    return fail({ code: "not_author", number, author: commit.createdBy });
  }
  if (isClosedCommit(commit)) return fail({ code: "already_closed", number, review });
  if (review === "rejected") {
    const decision = approvals.findLast((approval) => approval.decision === "rejected");
    const { decidedBy = null, decidedAt = null } = decision ?? {};
    return fail({ code: "already_decided", number, review, decidedBy, decidedAt });
  }
  const running = jobs.find((job) => job.dispatchedAt !== null && isOpenJob(job));
  if (running) return fail({ code: "push_in_progress", number, target: running.target, state: running.state });
  return targets.length > 0 && targets.every(({ state }) => state === "applied")
    ? fail({ code: "already_applied", number, targets: targets.map(({ target }) => target) })
    : ok(null);
};

/** Values as they were typed, read as their fields' kinds. */
const checkChoices = (choices: readonly Choice[]): Result<Choice[], ResolveReason> => {
  const checked: Choice[] = [];
  for (const choice of choices) {
    const { row, field, take } = choice;
    if (take === "mine" || take === "theirs" || !row || field === null) {
      checked.push(choice);
      continue;
    }
    const values = checkValues(entityOf(row.entityType), { [field]: take.value }, false);
    if (!values.ok) return values;
    checked.push({ ...choice, take: { value: values.value[field] ?? null } });
  }
  return ok(checked);
};

/** A row that is created again has to be complete. */
const checkRecreations = (resolved: Resolved, before: CommitDetails["changes"]): Result<null, ResolveReason> => {
  for (const { entityType, payload } of recreations(resolved, before)) {
    const values = checkValues(entityOf(entityType), {}, true, payload);
    if (!values.ok) return values;
  }
  return ok(null);
};

const writeResolved = async (
  ctx: UseCaseContext,
  { session, commit, changes, targets }: CommitDetails & { session: Session },
  resolved: Resolved,
  { leftAt, unanswered }: { leftAt: readonly Conflict[]; unanswered: readonly string[] },
): Promise<Result<ConflictsResolved, NotWritten>> => {
  const { workspaceId } = ctx;
  const at = atNow(ctx);
  const left = groupConflicts(leftAt);
  const names = session.targets.map(({ name }) => name);
  const remaining = targetsOf(resolved.changes, names);
  const isOver = remaining.length === 0 && !hasApplied(targets);
  const open = targets.filter(({ state }) => state !== "applied").map(({ target }) => target);
  const covered = targetsOf(changes, names);
  const done = open.filter((target) => covered.includes(target) && !remaining.includes(target));

  // What is applied everywhere that is left was approved as it is.
  const isDone = !isOver && open.every((target) => done.includes(target) || !covered.includes(target));
  const { hash, summary } = isOver || isDone ? commit : await contentOf(resolved.changes, names);
  const isSame = hash === commit.hash;
  const review = isOver ? "dropped" : commit.review === "approved" && !isSame ? "in_review" : commit.review;
  const contributors = contributorsOf(commit, isOver ? changes : resolved.changes);
  const drifts = driftsLeft(targets, leftAt, unanswered);
  const drifted = drifts.flatMap(({ target, drift }) => (drift ? [target] : []));
  const after: Commit = { ...commit, hash, summary, review, contributors, drifted };
  const ids = changes.map(({ id }) => id);
  const rewrite: Batch = isOver
    ? discardFromCommit(at, commit.id, ids, { keepCommit: true })
    : [
        rewriteChanges(at, commit.id, resolved),
        leaveTargets(at, commit.id, done),
        ...drifts.map(({ target, drift }) => setDrift(at, after, target, drift)),
        projectCommitStatus(at, commit.id),
      ];
  return commitBatch<ConflictsResolved>(
    ctx,
    {
      commit: after,
      decided: resolved.decided,
      left,
      discarded: (isOver ? changes : resolved.discarded).map(({ number }) => number),
      voided: commit.review === "approved" && review === "in_review",
    },
    [
      assertNoRunningJob(workspaceId, commit.id),
      assertNoneApplied(workspaceId, commit.id, open),
      ...projectReview(at, commit.id),
      setContent(at, commit, after),
      rewrite,
      ...projectReview(at, commit.id),
      cancelWaitingJobs(at, commit.id),
      invalidatePushesOfCommit(at, commit.id),
      invalidateCards(at, [commit.id, ...ids]),
      invalidateOverlapping(at, ids),
    ],
    ...(isOver ? [] : resolved.added.map((change) => stagedEvent(commit.id, change))),
    {
      type: "commit.conflicts_resolved",
      commitId: commit.id,
      data: { decided: resolved.decided, left: left.length, before: commit.hash, hash, targets: open },
    },
    ...(isOver ? [{ type: "commit.dropped" as const, commitId: commit.id }] : []),
  );
};

/** What is recorded of a target that gave no answer stays. */
const driftsLeft = (targets: CommitDetails["targets"], left: readonly Conflict[], unanswered: readonly string[]) =>
  targets
    .filter(({ state }) => state !== "applied")
    .map(({ target, drift }) => ({
      target,
      drift: unanswered.includes(target) ? drift : driftOf(left.filter((each) => each.targets.includes(target))),
    }));

const rewriteChanges = (at: At, commitId: string, { updated, discarded, added, joined }: Resolved): Batch => [
  rewriteCommitted(at, commitId, updated),
  discardFromCommit(
    at,
    commitId,
    discarded.map(({ id }) => id),
  ),
  ...added.map((change) => [
    takeNumber(at.workspaceId, "change"),
    insertChange(at.workspaceId, change),
    commitStaged(at, commitId, [change.id]),
  ]),
  joined ? joinCommitted(at, commitId, joined) : [],
];

/** Where targets part, each has a change of its own from then on. */
const stagedEvent = (commitId: string, change: Change) => {
  const { id: changeId, entityType, entityId, action } = change;
  const data = { changeId, summary: summaryOfChange(change), entityType, entityId, action };
  return { type: "change.staged" as const, commitId, data };
};
