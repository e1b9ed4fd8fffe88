/** What needs a person, what is on its way and what waits for others, as blocks: for `/cv`, `/cv status` and Home. */
import { othersActionItem, unreadableRowMessage } from "../../../shared/messages/en/action-items.ts";
import { conflictMessage } from "../../../shared/messages/en/conflicts.ts";
import { conflictNote, reviewState } from "../../../shared/messages/en/states.ts";
import { knownConflicts } from "../../../shared/domain/commits/drift.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Button, KnownBlock, SectionBlock } from "@slack/types";
import type { Job } from "../../../shared/domain/pushes/push.ts";
import type { ActionItem, Step, UnderWay } from "../../../shared/domain/workspace/action-items.ts";
import { canReopen } from "../../../shared/domain/pushes/retry.ts";
import { isUnreadableChange } from "../../../shared/domain/unreadable-row.ts";
import type { Mode } from "../../../shared/domain/workspace/settings.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { listRow } from "../core/buttons/row-menu.ts";
import { anyOf, clipMarkup, mention, quoted } from "../blocks/text.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { lines, present, section } from "../blocks/blocks.ts";
import { changeLine, summarized } from "./change-lines.ts";
import { commitTitle, commitWords, overlapNote } from "./commit-lines.ts";
import {
  approveButton,
  askButton,
  cancelButton,
  diffButton,
  dropButton,
  pushButtons,
  rejectButton,
  reopenButton,
  resolveDrift,
  retryButton,
  showButton,
  whyButton,
} from "./commit-buttons.ts";
import { progressText } from "./job-messages.ts";

const titleOf = ({ commit }: Pick<Step, "commit">): string => commitTitle(commit, 160);

const pendingOf = ({ targets }: Step): string =>
  targets
    .filter(({ state }) => state === "pending")
    .map(({ target }) => quoted(target))
    .join(", ");

const failureOf = ({ commit, isUnknown }: Step): string =>
  isUnknown
    ? `it is unknown whether ${quoted(commit.errorTarget ?? "a target")} has applied it`
    : `its push failed at ${quoted(commit.errorTarget ?? "a target")}: ${quoted(commit.errorMessage ?? "no reason given", 200)}`;

/** The first of the recorded conflicts. */
const conflictLine = ({ targets }: Step): string => {
  const [first] = knownConflicts(targets).conflicts;
  return first ? mrkdwn(conflictMessage(first)) : "";
};

/** In a line: what is to be done, and why. */
export const actionItemLine = (actionItem: ActionItem): string => {
  switch (actionItem.kind) {
    case "commit": {
      const shown = actionItem.changes
        .slice(0, 3)
        .map((change) => `•  ${changeLine(summarized(change, actionItem.changes))}`);
      const rest = actionItem.changes.length - shown.length;
      return lines(
        `:inbox_tray: *${plural(actionItem.changes.length, "staged change")} of yours*: not in a commit yet`,
        shown,
        rest > 0 && `… and ${rest} more`,
      );
    }
    case "unreadable":
      return lines(
        `:warning: *${plural(actionItem.rows.length, "stored row")} cannot be read*, and everything else goes on without`,
        actionItem.rows.slice(0, 3).map((row) => `•  ${mrkdwn(unreadableRowMessage(row))}`),
        actionItem.rows.length > 3 && `… and ${actionItem.rows.length - 3} more`,
      );
    case "dead_letters":
      return `:mailbox: *${plural(actionItem.count, "message")} could not be delivered*: each waits to be sent again or discarded`;
    case "retry":
      return `:x: ${titleOf(actionItem)}: ${failureOf(actionItem)}`;
    case "split":
      return `:x: ${titleOf(actionItem)}: ${tooLargeText(actionItem)}`;
    case "approve": {
      const given =
        actionItem.approvedBy.length > 0 ? `, approved by ${actionItem.approvedBy.map(mention).join(", ")} so far` : "";
      return `:eyes: ${titleOf(actionItem)}: needs your approval${given}${conflictNote(actionItem.commit)}${overlapNote(actionItem.overlaps)}. ${commitWords(actionItem.commit, 80)}`;
    }
    case "push":
      return `:rocket: ${titleOf(actionItem)}: approved, ready to push to ${pendingOf(actionItem)}${overlapNote(actionItem.overlaps)}`;
    case "resolve":
      return `:warning: ${titleOf(actionItem)}: ${reviewState(actionItem.commit.review)}${conflictNote(actionItem.commit)}. ${conflictLine(actionItem)}`;
    case "unblock":
      return `:warning: ${titleOf(actionItem)}: too few people can approve it. Give somebody the role of approver, or change the settings.`;
    case "revise": {
      const by = actionItem.rejection ? ` by ${mention(actionItem.rejection.decidedBy)}` : "";
      const why = actionItem.rejection?.reason ? `: ${quoted(actionItem.rejection.reason, 300)}` : "";
      return `:no_entry: ${titleOf(actionItem)}: rejected${by}${why}`;
    }
    case "ask":
      return `:memo: ${titleOf(actionItem)}: a draft, nobody was asked to review it`;
  }
};

/** The same for notifications and screen readers: "approve commit #4". */
export const actionItemText = (actionItem: ActionItem): string => {
  if (actionItem.kind === "commit") return `commit ${plural(actionItem.changes.length, "staged change")}`;
  if (actionItem.kind === "unreadable") return `repair ${plural(actionItem.rows.length, "stored row")}`;
  if (actionItem.kind === "dead_letters")
    return `look after ${plural(actionItem.count, "message")} that could not be delivered`;
  return `${stepActions[actionItem.kind]} commit #${actionItem.commit.number}`;
};

const tooLargeText = (step: Step): string =>
  `too large for ${quoted(step.commit.errorTarget ?? "a target", 80)}, which would refuse it again. ${
    canReopen(step.targets)
      ? "Reopen it, and commit its changes in smaller parts."
      : "Stage what is still missing again, and commit it in smaller parts."
  }`;

const stepActions: Record<Step["kind"], string> = {
  retry: "retry",
  split: "commit in smaller parts what is in",
  approve: "approve",
  push: "push",
  resolve: "resolve the conflicts of",
  unblock: "find approvers for",
  revise: "reopen or drop",
  ask: "ask for the review of",
};

const buttonsOf = (actionItem: ActionItem, mode: Mode, style: "primary" | undefined): Button[] => {
  if (actionItem.kind === "commit") {
    return [
      commandButton("go", "Commit…", "commit", style ? { style } : {}),
      commandButton("go", "Edit or unstage", "staged"),
      commandButton("go", "Diff", "diff"),
    ];
  }
  if (actionItem.kind === "unreadable") {
    const [row] = actionItem.rows.filter(isUnreadableChange);
    return row ? [commandButton("do", `Unstage ${row.number}`, `unstage ${row.number}`)] : [];
  }
  if (actionItem.kind === "dead_letters")
    return [commandButton("go", "Look at them", "dead-letters", style ? { style } : {})];
  const { commit, targets } = actionItem;
  const { number } = commit;
  switch (actionItem.kind) {
    case "retry":
      return present<Button>([
        retryButton(commit, style),
        actionItem.isUnknown && cancelButton(number),
        whyButton(number),
        showButton(number),
      ]);
    case "split":
      return present<Button>([canReopen(targets) && reopenButton(number), whyButton(number), showButton(number)]);
    case "approve":
      return [approveButton(commit, null, mode, style), rejectButton(commit), diffButton(number), showButton(number)];
    case "push":
      return [...pushButtons(commit, targets, { style, max: 2 }), whyButton(number), showButton(number)];
    case "resolve":
      return [resolveDrift(number, style === "primary"), whyButton(number), showButton(number)];
    case "unblock":
      return [commandButton("go", "Roles", "roles"), commandButton("go", "Settings", "settings"), showButton(number)];
    case "revise":
      return [reopenButton(number), dropButton(number), showButton(number)];
    case "ask":
      return [askButton(number, style), diffButton(number), dropButton(number), showButton(number)];
  }
};

/** A message has about 9,500 characters: so many for each line. */
export const lineLength = 300;

/** One block an item, with one button or menu. Only the first one's button stands out, where it has one. */
export const actionItemBlocks = (actionItems: readonly ActionItem[], mode: Mode, max: number): KnownBlock[] => [
  ...actionItems
    .slice(0, max)
    .map((actionItem, index) =>
      listRow(
        clipMarkup(actionItemLine(actionItem), lineLength),
        buttonsOf(actionItem, mode, index === 0 ? "primary" : undefined),
      ),
    ),
  ...moreLine(actionItems.length - max, "commits"),
];

/** For a list that was cut; at most one block. */
export const moreLine = (count: number, command: string): SectionBlock[] =>
  count > 0 ? [{ ...section(`… and ${count} more`), accessory: commandButton("go", "Show all", command) }] : [];

const barLength = 10;

/** "▓▓▓▓░░░░░░ 40 %" */
export const progressBar = (percent: number): string => {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * barLength);
  return `${"▓".repeat(full)}${"░".repeat(barLength - full)} ${percent} %`;
};

const jobText = (job: Job): string => `${quoted(job.target, 80)}: ${progressText(job)}`;

export const underWayLine = ({ commit, jobs, percent }: UnderWay): string =>
  `:hourglass_flowing_sand: ${titleOf({ commit })}\n${progressBar(percent)}  ·  ${jobs.map(jobText).join("  ·  ")}`;

export const underWayBlocks = (onTheWay: readonly UnderWay[], max: number): SectionBlock[] => [
  ...onTheWay.slice(0, max).map((each) => ({
    ...section(clipMarkup(underWayLine(each), lineLength)),
    accessory: commandButton("go", "Status", `status ${each.commit.number}`),
  })),
  ...moreLine(onTheWay.length - max, "commits"),
];

export const waitingLine = (step: Step): string =>
  step.kind === "retry"
    ? `${titleOf(step)}: ${failureOf(step)}; ${anyOf(step.who)} may retry it`
    : `${titleOf(step)}: ${mrkdwn(othersActionItem(step))}`;

export const waitingBlocks = (waiting: readonly Step[], max: number): SectionBlock[] => [
  ...waiting.slice(0, max).map((step) => ({
    ...section(clipMarkup(`:busts_in_silhouette: ${waitingLine(step)}`, lineLength)),
    accessory: showButton(step.commit.number),
  })),
  ...moreLine(waiting.length - max, "commits"),
];
