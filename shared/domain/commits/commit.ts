import { type CommitTargetState, type ReviewState, isStartedTarget, isClosedCommit } from "../states.ts";

export interface Commit {
  id: string;
  number: number;
  message: string;
  hash: string;
  review: ReviewState;
  /** Projection of its targets: pending, applied_d1cv, applied_ai, applied_all, failed. */
  status: string;
  createdBy: string;
  createdAt: string;
  appliedBy: string | null;
  errorTarget: string | null;
  errorMessage: string | null;
}

export interface CommitTarget {
  commitId: string;
  target: string;
  state: CommitTargetState;
  error: string | null;
  appliedAt: string | null;
}

export interface Approval {
  commitId: string;
  commitHash: string;
  decision: "approved" | "rejected";
  reason: string | null;
  decidedBy: string;
  decidedAt: string;
}

/** The part of a target's name that stands in a status: "ai-agent" is "ai". */
export const statusPart = (target: string): string => (target === "ai-agent" ? "ai" : target);

/** The reference's one-word status of a commit, from where it stands at each of its targets. */
export const statusOf = (targets: readonly Pick<CommitTarget, "target" | "state">[]): string => {
  if (targets.some(({ state }) => state === "failed")) return "failed";
  const applied = targets.filter(({ state }) => state === "applied");
  if (applied.length === 0) return "pending";
  if (applied.length === targets.length) return appliedEverywhere;
  return `applied_${applied.map(({ target }) => statusPart(target)).join("_")}`;
};

/** Of a commit that every one of its targets has. */
export const appliedEverywhere = "applied_all";

/** It may still be reviewed or pushed: neither closed nor applied everywhere. */
export const isOpenCommit = (commit: Pick<Commit, "review" | "status">): boolean =>
  !isClosedCommit(commit) && commit.status !== appliedEverywhere;

/** Approvals that count: for the content as it is now. */
export const validApprovals = (commit: Pick<Commit, "id" | "hash">, approvals: readonly Approval[]): Approval[] =>
  approvals.filter(
    ({ commitId, commitHash, decision }) =>
      commitId === commit.id && commitHash === commit.hash && decision === "approved",
  );

export const hasStarted = (targets: readonly Pick<CommitTarget, "state">[]): boolean => targets.some(isStartedTarget);
