/** What can be done with a commit next. Everything is offered to everybody: the use case says who may. */
import type { ActionsBlockElement, Button, Overflow } from "@slack/types";
import { hasBegun, hasStarted } from "../../../shared/domain/commits/commit.ts";
import type { Effect } from "../../../shared/domain/staging/summary.ts";
import { encodeButton } from "../core/buttons/codec.ts";
import { menu, menuOption } from "../core/buttons/command-button.ts";
import { button } from "../blocks/blocks.ts";
import { isDrifted } from "../../../shared/domain/commits/drift.ts";
import {
  approveButton,
  pushButtons,
  rejectButton,
  resolveDrift,
  withdrawButton,
  withoutDrift,
} from "../components/commit-buttons.ts";
import type { CommitCardState } from "./card-state.ts";
import { isClosedCommit } from "../../../shared/domain/states.ts";

/** @param effect of the commit */
export const commitButtons = (state: CommitCardState, effect: Effect): ActionsBlockElement[] => {
  const { commit } = state;
  if (isClosedCommit(commit)) return [];
  const details = button("Details", encodeButton("commit.diff", { number: commit.number, seenHash: commit.hash }));
  const { judgement, targets, jobs } = state;
  const canWithdraw = commit.review !== "rejected" && judgement.counted.length > 0 && !hasBegun({ targets, jobs });
  const isMoving = targets.some(({ state: at }) => at === "in_flight");
  const resolve = isDrifted(commit) && !isMoving ? [resolveDrift(commit.number, commit.review === "approved")] : [];
  return [
    ...resolve,
    ...nextStep(state, effect),
    details,
    ...(canWithdraw ? [withdrawButton(commit.number)] : []),
    more(state),
  ];
};

/** Slack takes 25 elements in a row: a push to one of even more targets is typed. */
const maxTargets = 21;

/** One of them at most is primary. */
const nextStep = ({ commit, mode, targets }: CommitCardState, effect: Effect): Button[] => {
  if (commit.review === "in_review") {
    const approve = approveButton(commit, effect, mode, "primary");
    // What a target has already cannot be rejected any more.
    return hasStarted(targets) ? [approve] : [approve, rejectButton(commit, "danger")];
  }
  const isMoving = targets.some(({ state: at }) => at === "in_flight");
  if (commit.review !== "approved" || commit.status === "failed" || isMoving) return [];
  if (isDrifted(commit)) return pushButtons(commit, withoutDrift(commit, targets), { max: maxTargets, each: true });
  return pushButtons(commit, targets, { style: "primary", max: maxTargets });
};

/** A menu has one confirmation for all its entries, and Drop discards for good: it is typed, or done from a list. */
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
