/** Where a commit stands, in words. */
import { voidText } from "../../../shared/messages/en/approvals.ts";
import { type Commit, appliedEverywhere } from "../../../shared/domain/commits/commit.ts";
import { isDrifted } from "../../../shared/domain/commits/drift.ts";
import { shownApprovals } from "../../../shared/domain/commits/judgement.ts";
import { conflictNote } from "../../../shared/messages/en/states.ts";
import { anyOf, mention, moment, quoted } from "../blocks/text.ts";
import type { CommitCardState } from "./card-state.ts";

const reviewTexts = {
  draft: "It is a draft.",
  in_review: "It is in review.",
  approved: "It is approved.",
  rejected: "It was rejected.",
  dropped: "It was dropped.",
  reopened: "It was reopened; its changes are staged again.",
} as const satisfies Record<Commit["review"], string>;

const appliedTexts: Record<string, string> = {
  [appliedEverywhere]: "It is applied everywhere.",
  failed: "Its push failed.",
};

/** One sentence for where nothing is formatted. */
export const statusText = ({ commit }: CommitCardState): string => {
  const text = (commit.review === "approved" && appliedTexts[commit.status]) || reviewTexts[commit.review];
  return text.replace(/\.$/, `${conflictNote(commit)}.`);
};

/** Who has decided what and when, or who is waited for. */
export const statusLine = (state: CommitCardState): string => {
  const { commit, approvals } = state;
  switch (commit.review) {
    case "draft":
      return `:memo: Draft. \`/cv review ${commit.number}\` asks for review.`;
    case "in_review":
      return waitingLine(state);
    case "approved":
      return approvedLine(state);
    case "rejected": {
      const decision = approvals.findLast((approval) => approval.decision === "rejected");
      const why = decision?.reason ? `: ${quoted(decision.reason)}` : "";
      const who = decision ? ` by ${mention(decision.decidedBy)}, ${moment(decision.decidedAt)}` : "";
      return `:no_entry: Rejected${who}${why}. \`/cv reopen ${commit.number}\` stages its changes again, \`/cv drop ${commit.number}\` discards them.`;
    }
    case "dropped":
      return ":wastebasket: Dropped, with its changes.";
    case "reopened":
      return ":leftwards_arrow_with_hook: Reopened: its changes are staged again.";
  }
};

const waitingLine = ({ judgement }: CommitCardState): string => {
  const { counted: given, voided, missing, reviewers } = judgement;
  const soFar = given.length > 0 ? `Approved by ${given.map(({ decidedBy }) => mention(decidedBy)).join(", ")}. ` : "";
  const notCounted = voided.map(({ approval, because }) => `${mention(approval.decidedBy)}: ${voidText(because)}. `);
  const others = reviewers.filter((userId) => !given.some(({ decidedBy }) => decidedBy === userId));
  return others.length === 0
    ? ":warning: Nobody can approve this: an admin has to give somebody else the role of approver, or set solo mode."
    : `:hourglass_flowing_sand: ${soFar}${notCounted.join("")}Needs ${missing > 1 ? `${missing} approvals` : "approval"} by ${anyOf(others)}.`;
};

const approvedLine = (state: CommitCardState): string => {
  const { commit, targets } = state;
  const by = shownApprovals(state)
    .counted.map(({ decidedBy, decidedAt }) => `${mention(decidedBy)}, ${moment(decidedAt)}`)
    .join("; ");
  const approved = by === "" ? ":white_check_mark: Approved." : `:white_check_mark: Approved by ${by}.`;
  if (commit.status === appliedEverywhere)
    return `${approved} Applied to ${targets.map(({ target }) => quoted(target)).join(", ")}.`;
  if (commit.status === "failed") {
    return `${approved} :x: Push failed at ${quoted(commit.errorTarget ?? "a target")}: ${quoted(commit.errorMessage ?? "no reason was given")}. \`/cv retry ${commit.number}\` tries again.`;
  }
  const running = targets.filter(({ state: at }) => at === "in_flight").map(({ target }) => quoted(target));
  if (running.length > 0) return `${approved} On its way to ${running.join(", ")}.`;
  const applied = targets.filter(({ state: at }) => at === "applied").map(({ target }) => quoted(target));
  const soFar = applied.length > 0 ? `${approved} Applied to ${applied.join(", ")} so far.` : approved;
  if (isDrifted(commit)) return `${soFar} Its conflicts are to be resolved before a push.`;
  return applied.length > 0 ? soFar : `${approved} Ready to push.`;
};
