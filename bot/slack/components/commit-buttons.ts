/** A button each for what a commit's state allows, in private replies and on Home; refused when that has changed. */
import type { Button } from "@slack/types";
import { type Commit, type CommitTarget, hasStarted, isOpenCommit } from "../../../shared/domain/commits/commit.ts";
import { isDrifted } from "../../../shared/domain/commits/drift.ts";
import { refusedSize } from "../../../shared/domain/pushes/retry.ts";
import { type Effect, effectOf } from "../../../shared/domain/staging/summary.ts";
import { netOperations } from "../../../shared/domain/staging/net-operations.ts";
import { clip } from "../../../shared/messages/message.ts";
import { may } from "../../../shared/domain/workspace/roles.ts";
import { hasBegun } from "../../../shared/domain/commits/commit.ts";
import { canMove, isOpenJob } from "../../../shared/domain/states.ts";
import type { CommitDetails } from "../../../shared/use-cases/commits/load-commit.ts";
import type { Session } from "../../../shared/use-cases/session.ts";
import type { Mode } from "../../../shared/domain/workspace/settings.ts";
import { encodeButton } from "../core/buttons/codec.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { button, present } from "../blocks/blocks.ts";

type Style = "primary" | undefined;

const styled = (style: Style) => (style ? { style } : {});

/** A commit of more rows is asked about before it is approved, and so is one that removes any. */
const maxUnasked = 10;

/** Why whoever approves is asked once more; empty where the click is enough. */
const approvalDoubts = ({ summary }: Pick<Commit, "summary">, effect: Effect | null, mode: Mode): string[] => {
  const isLarge = effect === null || effect.removes || effect.rows > maxUnasked;
  return present([
    isLarge && (summary === null ? "What it does has not been summed up." : `What it does: ${clip(summary, 200)}.`),
    mode === "solo" && "Solo mode: nobody else looks at it before it can be pushed.",
  ]);
};

/** @param effect of the commit as it is drawn; null where that was not read, as for the menus of lists */
export const approveButton = (commit: Commit, effect: Effect | null, mode: Mode, style?: Style): Button => {
  const { number, hash } = commit;
  const doubts = approvalDoubts(commit, effect, mode);
  return button("Approve", encodeButton("commit.approve", { number, seenHash: hash }), {
    ...styled(style),
    ...(doubts.length > 0 && {
      confirm: { title: `Approve commit #${number}?`, text: doubts.join(" "), confirm: "Approve" },
    }),
  });
};

/** It stands out where a message is about one commit. */
export const rejectButton = ({ number, hash }: Commit, style?: "danger"): Button =>
  button("Reject", encodeButton("commit.reject", { number, seenHash: hash }), style ? { style } : {});

/**
 * All at once where nothing has started yet, and each target that is left.
 * @param max targets that get a button: a push to one of even more is typed
 * @param each only to one target: not every one of them can be pushed to
 */
export const pushButtons = (
  { number, hash }: Commit,
  targets: readonly CommitTarget[],
  { style, max, each = false }: { style?: Style | undefined; max: number; each?: boolean },
): Button[] => {
  const pending = targets.filter(({ state }) => state === "pending").slice(0, max);
  const toAll = !each && !hasStarted(targets) && pending.length > 1;
  const id = (target: string) => encodeButton("commit.push", { number, seenHash: hash, target });
  return present<Button>([
    toAll && button("Push to all", id("all"), styled(style)),
    pending.map(({ target }, index) =>
      button(`Push to ${target}`, id(target), !toAll && index === 0 ? styled(style) : {}),
    ),
  ]);
};

export const retryButton = ({ number }: Commit, style?: Style): Button =>
  button("Retry", encodeButton("push.retry", { number }), styled(style));

export const cancelButton = (number: number): Button =>
  commandButton("do", "Cancel…", `cancel ${number}`, {
    confirm: {
      title: `Cancel the push of commit #${number}?`,
      text: "What a target has applied already stays. What is on its way is stopped where the target still can.",
      confirm: "Cancel the push",
      danger: true,
    },
  });

export const dropButton = (number: number): Button =>
  commandButton("do", "Drop", `drop ${number}`, {
    confirm: {
      title: `Drop commit #${number}?`,
      text: "It is discarded with its changes. To keep the changes, reopen it instead.",
      confirm: "Drop",
      danger: true,
    },
  });

export const reopenButton = (number: number): Button => commandButton("do", "Reopen", `reopen ${number}`);

export const withdrawButton = (number: number): Button =>
  commandButton("do", "Withdraw approval", `withdraw ${number}`);

export const askButton = (number: number, style?: Style): Button =>
  commandButton("do", "Ask for review", `review ${number}`, styled(style));

export const whyButton = (number: number): Button => commandButton("go", "Why?", `why ${number}`);

/** Where conflicts are recorded, it comes first. */
export const resolveDrift = (number: number, isPrimary: boolean): Button =>
  commandButton("go", "Resolve…", `resolve ${number}`, isPrimary ? { style: "primary" } : {});

/** Those at which no conflict is recorded. */
export const withoutDrift = ({ drifted }: Pick<Commit, "drifted">, targets: readonly CommitTarget[]): CommitTarget[] =>
  targets.filter(({ target }) => !drifted.includes(target));

export const resolveButton = (number: number): Button => commandButton("go", "Conflicts…", `resolve ${number}`);

export const showButton = (number: number): Button => commandButton("go", "Show", `show ${number}`);

export const diffButton = (number: number): Button => commandButton("go", "Details", `diff ${number}`);

export type CommitState = CommitDetails & { session: Session };

/** Everything that the reader may do with the commit now, what is expected of them first; only that stands out. */
export const commitActions = (state: CommitState, readerId: string): Button[] => {
  const { commit, targets, jobs, session } = state;
  const { number, review } = commit;
  const isOwn = commit.createdBy === readerId || may(session.role, "changeOthers");
  const moving = jobs.some(isOpenJob);
  const canClose = isOwn && may(session.role, "dropOwn") && !hasStarted(targets) && !moving;
  return present<Button>([
    reviewButtons(state, readerId, isOwn),
    applyButtons(state, moving),
    canWithdraw(state, readerId) && withdrawButton(number),
    diffButton(number),
    isOpenCommit(commit) && whyButton(number),
    isOwn &&
      may(session.role, "resolve") &&
      !moving &&
      isOpenCommit(commit) &&
      review !== "rejected" &&
      resolveButton(number),
    review === "in_review" &&
      isOwn &&
      may(session.role, "requestReview") &&
      commandButton("do", "Post its card again", `review ${number}`),
    canClose && canMove("review", review, "reopened") && reopenButton(number),
    canClose && canMove("review", review, "dropped") && dropButton(number),
  ]);
};

/** Their approval counts, and no push of it has begun. */
const canWithdraw = ({ targets, jobs, judgement }: CommitState, readerId: string): boolean =>
  judgement.review !== "rejected" &&
  judgement.counted.some(({ decidedBy }) => decidedBy === readerId) &&
  !hasBegun({ targets, jobs });

const reviewButtons = (
  { commit, changes, targets, judgement, session }: CommitState,
  readerId: string,
  isOwn: boolean,
): Button[] => {
  const { role, workspace } = session;
  if (commit.review === "draft") {
    return isOwn && may(role, "requestReview") ? [askButton(commit.number, "primary")] : [];
  }
  if (commit.review !== "in_review") return [];
  const approved = judgement.counted.some(({ decidedBy }) => decidedBy === readerId);
  const mayApprove =
    may(role, "approve") && !approved && (workspace.mode === "solo" || !commit.contributors.includes(readerId));
  const effect = (): Effect =>
    effectOf(
      netOperations(
        changes,
        targets.map(({ target }) => target),
      ),
    );
  return present<Button>([
    mayApprove && approveButton(commit, effect(), workspace.mode, "primary"),
    // What a target has already cannot be rejected any more.
    may(role, "reject") && !hasStarted(targets) && rejectButton(commit, "danger"),
  ]);
};

const applyButtons = ({ commit, targets, jobs, session: { role } }: CommitState, moving: boolean): Button[] => {
  if (commit.review !== "approved") return [];
  const failed = commit.status === "failed";
  return present<Button>([
    failed && may(role, "retry") && !refusedSize(jobs, targets) && retryButton(commit, "primary"),
    !failed &&
      !moving &&
      may(role, "push") &&
      (isDrifted(commit)
        ? pushButtons(commit, withoutDrift(commit, targets), { max: 15, each: true })
        : pushButtons(commit, targets, { style: "primary", max: 15 })),
    moving && may(role, "cancel") && cancelButton(commit.number),
  ]);
};

export const timelineButton = (number: number): Button => commandButton("go", "Timeline", `status ${number} --trace`);
