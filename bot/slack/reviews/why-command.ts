import type { Button } from "@slack/types";
import { type Check, hasPassed, isClear, nextStep } from "../../../shared/domain/commits/checks.ts";
import { type Explained, explainPush } from "../../../shared/use-cases/reviews/explain-checks.ts";
import { encodeButton } from "../core/buttons/codec.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, button, context, listSections, section } from "../blocks/blocks.ts";
import { quoted } from "../blocks/text.ts";
import { refuse } from "../core/reply.ts";
import { checkLine } from "./check-lines.ts";
import { numbered } from "../core/commands/numbered.ts";

export const why = numbered({
  name: "why",
  usage: "#commit",
  summary: "Says what stands between a commit and its push, and who can clear it.",
  examples: ["/cv why 1"],
  permission: "read",
  options: [],
  run: async ({ ctx }, number) => {
    const explained = await explainPush(ctx, number);
    if (!explained.ok) return refuse(explained.reason);
    const { commit, checks } = explained.value;
    const verdict = verdictOf(checks);
    const next = nextButton(explained.value);
    return {
      text: `Commit #${number}: ${verdict}`,
      blocks: [
        section(`*Commit #${number}*  ${quoted(commit.message, 500)}\n${verdict}`),
        ...listSections(checks.map(checkLine), 6000),
        ...(next ? [actions(next)] : []),
        context("The targets were asked just now."),
      ],
      again: `why ${number}`,
    };
  },
});

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
const nextButton = ({ commit, checks, targets, mode }: Explained): Button | null => {
  const { number } = commit;
  if (isClear(checks)) {
    const label = targets.length > 1 ? "Push to all" : `Push to ${targets[0] ?? "all"}`;
    return commandButton("do", label, `push ${number}`, { style: "primary" });
  }
  const check = nextStep(checks);
  const [verb = ""] = check?.command?.split(" ") ?? [];
  if (!check?.command) return null;
  if (verb === "roles") return commandButton("go", "Give roles…", "roles", { style: "primary" });
  if (verb === "approve") {
    const confirm = {
      title: `Approve commit #${number}?`,
      text: "Solo mode: nobody else looks at it before it can be pushed.",
      confirm: "Approve",
    };
    const id = encodeButton("commit.approve", { number, seenHash: commit.hash });
    return button("Approve", id, { style: "primary", ...(mode === "solo" ? { confirm } : {}) });
  }
  if (verb === "cancel") {
    const confirm = {
      title: `Cancel the push of commit #${number}?`,
      text: "What a target has not applied yet is taken back. What is applied stays.",
      confirm: "Cancel the push",
      deny: "Keep it",
      danger: true,
    };
    return commandButton("do", "Cancel the push", check.command, { style: "danger", confirm });
  }
  return commandButton("do", labels[verb] ?? verb, check.command, { style: "primary" });
};
