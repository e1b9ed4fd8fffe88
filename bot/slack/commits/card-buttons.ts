/** What can be done with a commit next. Everything is offered to everybody: the use case says who may. */
import type { ActionsBlockElement, Button, Overflow } from "@slack/types";
import { hasStarted } from "../../../shared/domain/commits/commit.ts";
import { encodeButton } from "../core/buttons/codec.ts";
import { menu, menuOption } from "../core/buttons/command-button.ts";
import { button } from "../blocks/blocks.ts";
import { approveButton, pushButtons, rejectButton } from "../components/commit-buttons.ts";
import type { CommitCardState } from "./card-state.ts";
import { isClosedCommit } from "../../../shared/domain/states.ts";

export const commitButtons = (state: CommitCardState): ActionsBlockElement[] => {
  const { commit } = state;
  if (isClosedCommit(commit)) return [];
  const details = button("Details", encodeButton("commit.diff", { number: commit.number, seenHash: commit.hash }));
  return [...nextStep(state), details, more(state)];
};

/** Slack takes 25 elements in a row: a push to one of even more targets is typed. */
const maxTargets = 22;

/** One of them at most is primary. */
const nextStep = ({ commit, mode, targets }: CommitCardState): Button[] => {
  if (commit.review === "in_review") return [approveButton(commit, mode, "primary"), rejectButton(commit)];
  const isMoving = targets.some(({ state: at }) => at === "in_flight");
  if (commit.review !== "approved" || commit.status === "failed" || isMoving) return [];
  return pushButtons(commit, targets, { style: "primary", max: maxTargets });
};

/** A menu has one confirmation for all its entries, and Drop discards for good: it is typed, or done on Home. */
const more = ({ commit, targets }: CommitCardState): Overflow => {
  const { number, review } = commit;
  return menu([
    menuOption("go", "Why", `why ${number}`),
    menuOption("go", "Status", `status ${number}`),
    menuOption("go", "Log", "log"),
    review === "draft" && menuOption("do", "Ask for review", `review ${number}`),
    review === "in_review" && menuOption("do", "Post again", `review ${number}`),
    !hasStarted(targets) && menuOption("do", "Reopen", `reopen ${number}`),
  ]);
};
