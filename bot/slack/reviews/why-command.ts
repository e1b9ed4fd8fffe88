import type { Button } from "@slack/types";
import { type Check, hasPassed, isClear, nextStep } from "../../../shared/domain/commits/checks.ts";
import { type Explained, explainPush } from "../../../shared/use-cases/reviews/explain-checks.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, blocksOf, context, listSections, section } from "../blocks/blocks.ts";
import { approveButton, cancelButton } from "../components/commit-buttons.ts";
import { commitTitle, commitWords } from "../components/commit-lines.ts";
import { type Reply, answer } from "../core/reply.ts";
import { checkMessage } from "../../../shared/messages/en/checks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { numbered } from "../core/commands/numbered.ts";

export const why = numbered({
  name: "why",
  usage: "#commit",
  summary: "Says what stands between a commit and its push, and who can clear it.",
  examples: ["/cv why 1"],
  permission: "read",
  run: ({ ctx }, number) => answer(explainPush(ctx, number), whyReply),
});

const whyReply = (explained: Explained): Reply => {
  const { commit, checks } = explained;
  const { number } = commit;
  const verdict = verdictOf(checks);
  const next = nextButton(explained);
  return {
    text: `Commit #${number}: ${verdict}`,
    blocks: blocksOf(
      section(`${commitTitle(commit)}\n${verdict}`),
      context(commitWords(commit)),
      listSections(checks.map(checkLine), 6000),
      actions(next, commandButton("go", "Look again", `why ${number}`)),
      context("The targets were asked just now."),
    ),
    again: `why ${number}`,
  };
};

const icons = {
  open: ":white_check_mark:",
  blocked: ":no_entry:",
  unknown: ":grey_question:",
  note: ":hourglass:",
} as const;

const checkLine = (check: Check): string => {
  // That all of it is applied closes the way to another push, and is good news.
  const icon = check.name === "not_applied" ? icons.open : icons[check.state];
  return `${icon} ${mrkdwn(checkMessage(check))}`;
};

const verdictOf = (checks: readonly Check[]): string => {
  if (isClear(checks)) {
    const waits = checks.some(({ name, state }) => name === "reachable" && state === "note");
    return waits ? "Nothing stands in the way of a push, but it would wait." : "Nothing stands in the way of a push.";
  }
  const closed = checks.filter((check) => !hasPassed(check));
  if (closed.every(({ name }) => name === "not_applied"))
    return "It is applied everywhere, so nothing is left to push.";
  return `${closed.length} of ${checks.length} checks ${closed.length === 1 ? "fails" : "fail"}.`;
};

const labels: Record<string, string> = { review: "Ask for review", reopen: "Reopen", retry: "Retry" };

/** For the first check that the reader can clear, or the push itself when all have passed. */
const nextButton = ({ commit, checks, targets, mode, effect }: Explained): Button | null => {
  const { number } = commit;
  if (isClear(checks)) {
    const label = targets.length > 1 ? "Push to all" : `Push to ${targets[0] ?? "all"}`;
    return commandButton("do", label, `push ${number}`, { style: "primary" });
  }
  const command = nextStep(checks)?.command;
  if (!command) return null;
  const [verb = ""] = command.split(" ");
  switch (verb) {
    case "roles":
      return commandButton("go", "Give roles…", "roles", { style: "primary" });
    case "approve":
      return approveButton(commit, effect, mode, "primary");
    case "cancel":
      return cancelButton(number);
    case "resolve":
      return commandButton("go", "Resolve conflicts…", command, { style: "primary" });
    default:
      return commandButton("do", labels[verb] ?? verb, command, { style: "primary" });
  }
};
