import type { Button, KnownBlock } from "@slack/types";
import { hasStarted, validApprovals } from "../../../shared/domain/commit.ts";
import { encodeButton } from "../actions/codec.ts";
import { anyOf, mention, moment, plural, quoted } from "../text.ts";
import { type Message, actions, button, context, fit, listSections, section } from "./blocks.ts";
import { changeLine } from "./change-lines.ts";
import type { CommitCardState } from "./state.ts";

/** The card on which a commit is reviewed, and from which it is pushed. */
export const commitCard = (state: CommitCardState): Message => {
  const { commit, changes, targets } = state;
  const title = `*Commit #${commit.number}*  ${quoted(commit.message, 500)}`;
  const where = targets.map(({ target }) => target).join(", ");
  const buttons = buttonsOf(state);
  const blocks: KnownBlock[] = [
    section(title),
    context(
      `By ${mention(commit.createdBy)}  ·  ${plural(changes.length, "change")} to ${quoted(where)}  ·  ${moment(commit.createdAt)}  ·  \`${commit.hash.slice(0, 7)}\``,
    ),
    ...listSections(changes.map(changeLine), 4000),
    context(statusLine(state)),
    ...(buttons.length > 0 ? [actions(...buttons)] : []),
  ];
  return fit({ text: `Commit #${commit.number}: ${quoted(commit.message)}. ${statusWords(state)}`, blocks });
};

const statusWords = ({ commit }: CommitCardState): string => {
  switch (commit.review) {
    case "draft":
      return "It is a draft.";
    case "in_review":
      return "It waits for review.";
    case "approved":
      return appliedWords[commit.status] ?? "It is approved.";
    case "rejected":
      return "It was rejected.";
    case "dropped":
      return "It was dropped.";
    case "reopened":
      return "It was reopened; its changes are staged again.";
  }
};

const appliedWords: Record<string, string> = {
  applied_all: "It is applied everywhere.",
  failed: "Its push failed.",
};

const statusLine = (state: CommitCardState): string => {
  const { commit, approvals, reviewers, approvalsNeeded } = state;
  switch (commit.review) {
    case "draft":
      return `:memo: Draft. \`/cv review ${commit.number}\` asks for review.`;
    case "in_review": {
      const given = validApprovals(commit, approvals);
      const soFar =
        given.length > 0 ? `Approved by ${given.map(({ decidedBy }) => mention(decidedBy)).join(", ")}. ` : "";
      const missing = approvalsNeeded - given.length;
      const others = reviewers.filter((userId) => !given.some(({ decidedBy }) => decidedBy === userId));
      return others.length === 0
        ? ":warning: Nobody can approve this: an admin has to give somebody else the role of approver, or set solo mode."
        : `:hourglass_flowing_sand: ${soFar}Waits for ${missing > 1 ? `${missing} approvals` : "approval"} by ${anyOf(others)}.`;
    }
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

const approvedLine = (state: CommitCardState): string => {
  const { commit, targets } = state;
  const by = validApprovals(commit, state.approvals)
    .map(({ decidedBy, decidedAt }) => `${mention(decidedBy)}, ${moment(decidedAt)}`)
    .join("; ");
  const approved = `:white_check_mark: Approved by ${by}.`;
  if (commit.status === "applied_all")
    return `${approved} Applied to ${targets.map(({ target }) => quoted(target)).join(", ")}.`;
  if (commit.status === "failed") {
    return `${approved} :x: Push failed at ${quoted(commit.errorTarget ?? "a target")}: ${quoted(commit.errorMessage ?? "")}. \`/cv retry ${commit.number}\` tries again.`;
  }
  const running = targets.filter(({ state: at }) => at === "in_flight").map(({ target }) => quoted(target));
  if (running.length > 0) return `${approved} On its way to ${running.join(", ")}.`;
  const applied = targets.filter(({ state: at }) => at === "applied").map(({ target }) => quoted(target));
  return applied.length > 0 ? `${approved} Applied to ${applied.join(", ")} so far.` : `${approved} Ready to push.`;
};

const buttonsOf = (state: CommitCardState): Button[] => {
  const { commit, targets, mode } = state;
  const value = { number: commit.number, seenHash: commit.hash };
  const diff = button("Diff", encodeButton("commit.diff", value));
  if (commit.review === "in_review") {
    const confirmSolo = {
      title: `Approve commit #${commit.number}?`,
      text: "Solo mode: nobody else looks at it before it can be pushed.",
      confirm: "Approve",
    };
    return [
      button("Approve", encodeButton("commit.approve", value), {
        style: "primary",
        ...(mode === "solo" ? { confirm: confirmSolo } : {}),
      }),
      button("Reject", encodeButton("commit.reject", value), {
        style: "danger",
        confirm: {
          title: `Reject commit #${commit.number}?`,
          text: "Its changes wait until it is reopened or dropped. To give a reason, type /cv reject with it instead.",
          confirm: "Reject",
          danger: true,
        },
      }),
      diff,
    ];
  }
  // Slack takes 25 buttons: a push to one of even more targets is typed.
  const pushable = targets.filter(({ state: at }) => at === "pending").slice(0, 23);
  if (commit.review !== "approved" || commit.status === "failed" || pushable.length === 0) {
    return commit.review === "dropped" || commit.review === "reopened" ? [] : [diff];
  }
  if (targets.some(({ state: at }) => at === "in_flight")) return [diff];
  const untouched = !hasStarted(targets) && pushable.length > 1;
  return [
    ...(untouched
      ? [button("Push to all", encodeButton("commit.push", { ...value, target: "all" }), { style: "primary" })]
      : []),
    ...pushable.map(({ target }) =>
      button(
        `Push to ${target}`,
        encodeButton("commit.push", { ...value, target }),
        untouched ? {} : { style: "primary" },
      ),
    ),
    diff,
  ];
};
