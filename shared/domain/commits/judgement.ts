/**
 * Whether a commit is approved: the one place that says so. Approvals are judged when they are used, with the members,
 * the roles and the policy of that moment. `projectReview` of storage is the same in SQL.
 */
import type { ReviewState } from "../states.ts";
import { type Role, may } from "../workspace/roles.ts";
import type { Mode } from "../workspace/settings.ts";
import { type Approval, type Commit, type CommitTarget, appliedEverywhere } from "./commit.ts";

/** Why an approval does not count. own: by its author, as only solo mode allows. */
export const voidReasons = ["withdrawn", "other_content", "not_approver", "own", "contributor"] as const;
export type VoidReason = (typeof voidReasons)[number];

export interface Policy {
  mode: Mode;
  approvalsNeeded: number;
  /** Everyone with a role. */
  members: readonly { userId: string; role: Role }[];
}

export interface Judgement {
  /** Approvals that count, oldest first. */
  counted: Approval[];
  voided: { approval: Approval; because: VoidReason }[];
  needed: number;
  /** How many more are needed. */
  missing: number;
  /** Enough of them count. */
  isApproved: boolean;
  /** Who may approve it, those who have included. */
  reviewers: string[];
  /** Where its review stands; stored is what stood there when it was written last. */
  review: ReviewState;
}

export interface Judged {
  commit: Pick<Commit, "id" | "hash" | "review" | "status" | "createdBy" | "contributors">;
  targets: readonly Pick<CommitTarget, "state">[];
  approvals: readonly Approval[];
}

export const judge = ({ commit, targets, approvals }: Judged, policy: Policy): Judgement => {
  const given = approvals.filter(({ commitId, decision }) => commitId === commit.id && decision !== "rejected");
  const judged = given.map((approval) => ({ approval, because: voidReason(commit, approval, policy) }));
  const counted = judged.filter(({ because }) => because === null).map(({ approval }) => approval);
  const voided = judged.flatMap(({ approval, because }) => (because === null ? [] : [{ approval, because }]));
  const needed = policy.approvalsNeeded;
  const missing = Math.max(needed - counted.length, 0);
  const isApproved = missing === 0;
  const review = isOpenQuestion(commit, targets) ? (isApproved ? "approved" : "in_review") : commit.review;
  return { counted, voided, needed, missing, isApproved, reviewers: approversOf(commit.contributors, policy), review };
};

/**
 * The approvals as people and clients see them. What is applied everywhere keeps those that it was given: no role and
 * no policy of later undoes them.
 */
export const shownApprovals = ({
  commit,
  approvals,
  judgement,
}: Pick<Judged, "commit" | "approvals"> & { judgement: Judgement }): Pick<Judgement, "counted" | "voided"> => {
  if (commit.status !== appliedEverywhere) return judgement;
  const isOfContent = ({ decision, commitHash }: Approval) => decision === "approved" && commitHash === commit.hash;
  const given = [...judgement.counted, ...judgement.voided.map(({ approval }) => approval)];
  return {
    counted: approvals.filter((approval) => given.includes(approval) && isOfContent(approval)),
    voided: judgement.voided.filter(({ approval }) => !isOfContent(approval)),
  };
};

/** Those who may approve what these people have contributed to. */
export const approversOf = (contributors: readonly string[], { mode, members }: Omit<Policy, "approvalsNeeded">) =>
  members
    .filter(({ userId, role }) => may(role, "approve") && (mode === "solo" || !contributors.includes(userId)))
    .map(({ userId }) => userId);

/** Its review is asked for and nothing is done with its answer: what is on its way finishes. */
const isOpenQuestion = ({ review, status }: Judged["commit"], targets: Judged["targets"]): boolean =>
  (review === "in_review" || review === "approved") &&
  status !== appliedEverywhere &&
  !targets.some(({ state }) => state === "in_flight");

const voidReason = (
  { hash, createdBy, contributors }: Judged["commit"],
  { decision, commitHash, decidedBy }: Approval,
  { mode, members }: Policy,
): VoidReason | null => {
  if (decision === "withdrawn") return "withdrawn";
  if (commitHash !== hash) return "other_content";
  const member = members.find(({ userId }) => userId === decidedBy);
  if (!member || !may(member.role, "approve")) return "not_approver";
  if (mode === "solo" || !contributors.includes(decidedBy)) return null;
  return decidedBy === createdBy ? "own" : "contributor";
};
