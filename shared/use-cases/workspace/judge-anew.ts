/** What another policy, or other roles, make of the commits that are open: their approvals are judged anew. */
import type { Approval, Commit, CommitTarget } from "../../domain/commits/commit.ts";
import { type Policy, judge } from "../../domain/commits/judgement.ts";
import { invalidateCards, invalidatePushesOfCommit } from "../../storage/cards.ts";
import { approvalsOfOpenCommitsQuery, projectReviews } from "../../storage/commits/approvals.ts";
import { targetsOfOpenCommitsQuery } from "../../storage/commits/commit-targets.ts";
import { openCommitsQuery } from "../../storage/commits/commits.ts";
import type { Batch } from "../../storage/database.ts";
import type { At } from "../../storage/sql.ts";
import type { NewEvent } from "../../storage/events/events.ts";
import type { EventType } from "../../domain/events/event-types.ts";

/** A workspace has a handful of them; with more, whoever changes the policy has to close some first. */
const maxOpen = 2000;

export const openReviewsQueries = (workspaceId: string) =>
  [
    openCommitsQuery(workspaceId, maxOpen),
    approvalsOfOpenCommitsQuery(workspaceId),
    targetsOfOpenCommitsQuery(workspaceId),
  ] as const;

export interface JudgedAnew {
  /** Commits that have enough approvals now. */
  approved: Commit[];
  /** Approved commits that need more approvals now. */
  returned: Commit[];
}

export const judgeAnew = (
  commits: readonly Commit[],
  approvals: readonly Approval[],
  targets: readonly CommitTarget[],
  policy: Policy,
): JudgedAnew => {
  const moved = commits
    .map((commit) => {
      const own = targets.filter(({ commitId }) => commitId === commit.id);
      return { commit, review: judge({ commit, targets: own, approvals }, policy).review };
    })
    .filter(({ commit, review }) => commit.review !== review)
    .toSorted((a, b) => a.commit.number - b.commit.number);
  const to = (wanted: "approved" | "in_review"): Commit[] =>
    moved.filter(({ review }) => review === wanted).map(({ commit }) => commit);
  return { approved: to("approved"), returned: to("in_review") };
};

/** Conflicts when another request has approved or withdrawn something meanwhile. */
export const writeJudgedAnew = (at: At, { approved, returned }: JudgedAnew): Batch => [
  projectReviews(at, { approved: approved.length, returned: returned.length }),
  invalidateCards(
    at,
    [...approved, ...returned].map(({ id }) => id),
  ),
  // Whether the card of a failed push offers a retry depends on the approvals.
  ...[...approved, ...returned].map(({ id }) => invalidatePushesOfCommit(at, id)),
];

export const judgedAnewEvents = (
  { approved, returned }: JudgedAnew,
  because: "settings" | "role" | "left",
): (NewEvent & { type: EventType })[] => [
  ...approved.map(({ id, hash }) => ({ type: "commit.approved" as const, commitId: id, data: { hash, because } })),
  ...returned.map(({ id, hash }) => ({ type: "approval.voided" as const, commitId: id, data: { hash, because } })),
];
