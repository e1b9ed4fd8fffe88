import type { Approval } from "../../../shared/domain/commits/commit.ts";
import { voidText } from "../../../shared/messages/en/approvals.ts";
import type { Job } from "../../../shared/domain/pushes/push.ts";
import { showCommit } from "../../../shared/use-cases/commits/show-commit.ts";
import { actions, blocksOf, context, section } from "../blocks/blocks.ts";
import { cancelledRows, netOperations, rowCount } from "../../../shared/domain/staging/net-operations.ts";
import { operationCounts } from "../../../shared/domain/staging/summary.ts";
import { cancelledMessage, sizeText } from "../../../shared/messages/en/commits.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { operationSections } from "../components/change-lines.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { type CommitState, commitActions, timelineButton } from "../components/commit-buttons.ts";
import { countsText, progressText } from "../components/job-messages.ts";
import { code, mention, moment, quoted } from "../blocks/text.ts";
import { type Reply, answer } from "../core/reply.ts";
import { byLine } from "./commit-card.ts";
import { overlapLines } from "../components/overlap-lines.ts";
import { conflictNote } from "../../../shared/messages/en/states.ts";
import { authorSections, conflictSections, standing } from "../components/commit-lines.ts";
import { numbered } from "../core/commands/numbered.ts";

export const show = numbered({
  name: "show",
  usage: "#commit",
  summary: "Shows a commit: its changes, who decided what, and where it is applied.",
  examples: ["/cv show 1"],
  permission: "read",
  run: ({ ctx }, number) => answer(showCommit(ctx, number), (shown) => commitReply(shown, ctx.actor.id)),
});

export const commitReply = (shown: CommitState, readerId: string): Reply => {
  const { commit, changes, targets, approvals, jobs } = shown;
  const { number } = commit;
  const decisions = approvals.map(
    (approval) =>
      `${decisionTexts[approval.decision]} by ${mention(approval.decidedBy)}, ${moment(approval.decidedAt)}${approval.reason ? `: ${quoted(approval.reason)}` : ""}${notCounted(shown, approval)}`,
  );
  const where = targets.map(({ target, state, error }) => {
    const job = jobs.findLast((each) => each.target === target);
    return `${quoted(target)}: ${job ? jobText(job) : state}${error ? `: ${quoted(error)}` : ""}`;
  });
  const names = targets.map(({ target }) => target);
  const operations = netOperations(changes, names);
  const cancelled = cancelledRows(changes, operations);
  const overlaps = overlapLines(shown.overlaps, operations);
  return {
    text: `Commit #${number}: ${operationCounts(operations)}. Status ${commit.status}, review ${commit.review}${conflictNote(commit)}.`,
    blocks: blocksOf(
      section(`*Commit #${number}*  ${quoted(operationCounts(operations), 500)}  ·  ${standing(commit)}`),
      context(
        `${byLine(commit)}, ${moment(commit.createdAt)}  ·  \`${commit.hash.slice(0, 7)}\`  ·  status ${code(commit.status)}  ·  ${sizeText(rowCount(operations), changes.length)}`,
      ),
      operationSections(operations, names),
      cancelled.length > 0 && context(...cancelled.slice(0, 10).map((row) => mrkdwn(cancelledMessage(row)))),
      authorSections(commit, changes),
      conflictSections(commit, targets),
      overlaps.length > 0 && context(...overlaps),
      decisions.length > 0 && context(...decisions),
      context(...where),
      actions(
        ...commitActions(shown, readerId),
        jobs.length > 0 && [commandButton("go", "Status", `status ${number}`), timelineButton(number)],
      ),
    ),
    again: `show ${number}`,
  };
};

const decisionTexts = {
  approved: ":white_check_mark: Approved",
  rejected: ":no_entry: Rejected",
  withdrawn: ":leftwards_arrow_with_hook: Approved and withdrawn",
} as const satisfies Record<Approval["decision"], string>;

const notCounted = ({ judgement }: CommitState, approval: Approval): string => {
  const because = judgement.voided.find((each) => each.approval === approval)?.because ?? "withdrawn";
  return because === "withdrawn" ? "" : `. It does not count: ${voidText(because)}`;
};

const jobText = (job: Job): string => `${progressText(job)} (${countsText(job)})`;
