/** The batch of a resolution: the commit's changes stand on what is live, and what follows from that. */
import { type Conflict, groupConflicts } from "../../domain/commits/conflict.ts";
import type { Resolved } from "../../domain/commits/resolve.ts";
import { driftOf } from "../../domain/commits/drift.ts";
import { type Commit, hasApplied } from "../../domain/commits/commit.ts";
import { contributorsOf } from "../../domain/commits/contributors.ts";
import { contentOf } from "../../domain/commits/commit-hash.ts";
import type { Change } from "../../domain/staging/change.ts";
import { targetsOf } from "../../domain/staging/net-effect.ts";
import { summaryOfChange } from "../../domain/staging/summary.ts";
import type { Result } from "../../result.ts";
import { invalidateCards } from "../../storage/cards.ts";
import {
  assertNoneApplied,
  leaveTargets,
  projectCommitStatus,
  setDrift,
} from "../../storage/commits/commit-targets.ts";
import { projectReview, settleReview } from "../../storage/commits/approvals.ts";
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
import { type NotWritten, type Session, commitBatch } from "../session.ts";
import type { CommitDetails } from "./load-commit.ts";

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

export const writeResolved = async (
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
      settleReview(at, commit.id),
      cancelWaitingJobs(at, commit.id),
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
