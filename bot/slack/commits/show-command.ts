import type { Job } from "../../../shared/domain/pushes/push.ts";
import { showCommit } from "../../../shared/use-cases/commits/show-commit.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, context, listSections, section } from "../blocks/blocks.ts";
import { changeLine } from "../components/change-lines.ts";
import { commitActions, timelineButton } from "../components/commit-buttons.ts";
import { countsText, progressText } from "../components/job-messages.ts";
import { mention, moment, quoted } from "../blocks/text.ts";
import { refuse } from "../core/reply.ts";
import { standing } from "../components/commit-lines.ts";
import { numbered } from "../core/commands/numbered.ts";

export const show = numbered({
  name: "show",
  usage: "#commit",
  summary: "Shows a commit: its changes, who decided what, and where it is applied.",
  examples: ["/cv show 1"],
  permission: "read",
  options: [],
  run: async ({ ctx }, number) => {
    const shown = await showCommit(ctx, number);
    if (!shown.ok) return refuse(shown.reason);
    const { commit, changes, targets, approvals, jobs } = shown.value;
    const decisions = approvals.map(
      ({ decision, decidedBy, decidedAt, reason }) =>
        `${decision === "approved" ? ":white_check_mark: Approved" : ":no_entry: Rejected"} by ${mention(decidedBy)}, ${moment(decidedAt)}${reason ? `: ${quoted(reason)}` : ""}`,
    );
    const where = targets.map(({ target, state, error }) => {
      const job = jobs.findLast((each) => each.target === target);
      return `${quoted(target)}: ${job ? jobText(job) : state}${error ? `: ${quoted(error)}` : ""}`;
    });
    return {
      text: `Commit #${number}: ${quoted(commit.message)}. Status ${commit.status}, review ${commit.review}.`,
      blocks: [
        section(`*Commit #${number}*  ${quoted(commit.message, 500)}  ·  ${standing(commit)}`),
        context(
          `${mention(commit.createdBy)}, ${moment(commit.createdAt)}  ·  \`${commit.hash.slice(0, 7)}\`  ·  status \`${commit.status}\``,
        ),
        ...listSections(changes.map(changeLine), 4000),
        ...(decisions.length > 0 ? [context(...decisions)] : []),
        context(...where),
        actions(
          ...commitActions(shown.value, ctx.actor.id),
          ...(jobs.length > 0 ? [commandButton("go", "Status", `status ${number}`), timelineButton(number)] : []),
        ),
      ],
      again: `show ${number}`,
    };
  },
});

const jobText = (job: Job): string => `${progressText(job)} (${countsText(job)})`;
