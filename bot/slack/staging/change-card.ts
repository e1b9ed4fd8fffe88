import type { Commit, CommitTarget } from "../../../shared/domain/commits/commit.ts";
import { mention, quoted } from "../blocks/text.ts";
import { type Message, context, fit, lines, section, unformatted } from "../blocks/blocks.ts";
import { changeLine, changeText, noteLine, summarized } from "../components/change-lines.ts";
import type { Change } from "../../../shared/domain/staging/change.ts";

export interface ChangeCardState {
  change: Change;
  /** Null while it is not committed. */
  commit: Commit | null;
  targets: CommitTarget[];
}

/** The reply under the message from which a change was staged: where the change stands. */
export const changeCard = (state: ChangeCardState): Message => {
  const { change } = state;
  const where = whereText(state);
  return fit({
    text: `Change ${change.number}: ${changeText(summarized(change))}. ${unformatted(where)}`,
    blocks: [
      section(
        lines(
          `Staged by ${mention(change.createdBy)} as change *${change.number}*:\n${changeLine(summarized(change))}`,
          noteLine(change),
        ),
      ),
      context(where),
    ],
  });
};

const whereText = (state: ChangeCardState): string => {
  const { change, commit } = state;
  if (!commit) {
    return change.state === "discarded"
      ? ":wastebasket: Unstaged."
      : ":inbox_tray: Staged. `/cv commit` asks for its review.";
  }
  return commitText(state, commit);
};

const commitText = (state: ChangeCardState, commit: Commit): string => {
  const where = `commit #${commit.number}`;
  switch (commit.review) {
    case "draft":
      return `:memo: In ${where}, a draft.`;
    case "in_review":
      return `:hourglass_flowing_sand: In ${where}, which is in review.`;
    case "approved":
      return appliedText(state, commit, where);
    case "rejected":
      return `:no_entry: In ${where}, rejected. \`/cv reopen ${commit.number}\` stages it again.`;
    case "dropped":
      return `:wastebasket: Dropped with ${where}.`;
    case "reopened":
      return `:leftwards_arrow_with_hook: Staged again from ${where}.`;
  }
};

/** Only the targets of this change count. */
const appliedText = ({ change, targets }: ChangeCardState, commit: Commit, where: string): string => {
  const own = targets.filter(({ target }) => change.targets.includes(target));
  const at = (state: (typeof own)[number]["state"]): string =>
    own
      .filter((each) => each.state === state)
      .map(({ target }) => quoted(target))
      .join(", ");
  const [applied, failed, running] = [at("applied"), at("failed"), at("in_flight")];
  const soFar = applied === "" ? "" : ` Applied to ${applied}.`;
  if (failed !== "")
    return `:x: The push of ${where} failed at ${failed}.${soFar} \`/cv retry ${commit.number}\` tries again.`;
  if (running !== "") return `:hourglass_flowing_sand: In ${where}, on its way to ${running}.${soFar}`;
  if (applied === "") return `:white_check_mark: In ${where}, approved.`;
  const left = at("pending");
  return left === ""
    ? `:white_check_mark: Applied to ${applied}, with ${where}.`
    : `:white_check_mark: In ${where}, applied to ${applied} so far; ${left} is left.`;
};
