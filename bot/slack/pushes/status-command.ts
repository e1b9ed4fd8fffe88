import { plural } from "../../../shared/messages/en/grammar.ts";
import { type Job, isBlocked } from "../../../shared/domain/pushes/push.ts";
import { type Reply, answer } from "../core/reply.ts";
import { type ActionItemList, listActionItems } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { showCommit } from "../../../shared/use-cases/commits/show-commit.ts";
import { actions, blocksOf, context, header, section } from "../blocks/blocks.ts";
import { type CommitState, commitActions, showButton, timelineButton } from "../components/commit-buttons.ts";
import { outageText, progressText } from "../components/job-messages.ts";
import { backlogNotes, outageNotes } from "../components/outage-notes.ts";
import { moreSections } from "../components/menus.ts";
import { actionItemBlocks, actionItemText, underWayBlocks, waitingBlocks } from "../components/action-items.ts";
import { tracePush } from "../../../shared/use-cases/pushes/trace-push.ts";
import { quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { commitLine } from "../components/commit-lines.ts";
import { numberOf } from "../core/commands/grammar.ts";
import { commitReply, show } from "../commits/show-command.ts";
import { timelineReply } from "./timeline-reply.ts";

export const status: Command = {
  name: "status",
  usage: "[#commit [--trace]]",
  summary: "Shows where everything stands, how far one commit is, or the timeline of its push.",
  examples: ["/cv status", "/cv status 1", "/cv status 1 --trace"],
  permission: "read",
  options: [{ name: "trace" }, { name: "page", short: "p", value: "the number of a page", isNumber: true }],
  run: async (call) => {
    const { ctx, args } = call;
    const [word] = args.positionals;
    const isTrace = args.switches.includes("trace");
    if (word === undefined && isTrace) return usageOf(status, "Say which commit's push, by the commit's number.");
    if (word === undefined) return answer(listActionItems(ctx), (list) => statusReply(list, ctx.actor.id));
    const number = numberOf(word);
    if (number === null) return show.run(call);
    if (isTrace) return answer(tracePush(ctx, number), (trace) => timelineReply(trace, args.numbers["page"]));
    return answer(showCommit(ctx, number), (shown) =>
      (shown.jobs.length === 0 ? commitReply : jobsReply)(shown, ctx.actor.id),
    );
  },
};

/** What a message has space for. */
const max = { actionItems: 4, onTheWay: 4, waiting: 5 } as const;

const statusReply = (list: ActionItemList, readerId: string): Reply => {
  const { session, staged, actionItems, onTheWay, waiting } = list;
  const own = staged.filter(({ createdBy }) => createdBy === readerId);
  // What is staged stands above.
  const steps = actionItems.filter(({ kind }) => kind !== "commit");
  const counts = `${plural(own.length, "staged change")} of yours, ${staged.length - own.length} of others, ${onTheWay.length} on the way, ${waiting.length} waiting for others`;
  return {
    text: `${list.down.map(({ target }) => `${quoted(target, 80)} is not answering. `).join("")}${counts}. ${steps.length === 0 ? "No action items." : `For you: ${steps.slice(0, 20).map(actionItemText).join(", ")}.`}`,
    blocks: blocksOf(
      header("Where things stand"),
      outageNotes(list.down),
      backlogNotes(list.backlog, session.role),
      section(`*Staged*  ${own.length} of yours, ${staged.length - own.length} of others`),
      steps.length > 0 && [
        section("*Action items*"),
        ...actionItemBlocks(steps, session.workspace.mode, max.actionItems),
      ],
      onTheWay.length > 0 && [section("*On the way*"), ...underWayBlocks(onTheWay, max.onTheWay)],
      waiting.length > 0 && [section("*Waiting for others*"), ...waitingBlocks(waiting, max.waiting)],
      steps.length + onTheWay.length + waiting.length === 0 && section("No commit waits for anything."),
      moreSections(session.role),
    ),
    again: "status",
  };
};

const jobsReply = (state: CommitState, readerId: string): Reply => {
  const { commit, jobs } = state;
  const { number } = commit;
  return {
    text: `Commit #${number}: ${jobs.map((job) => `${quoted(job.target, 80)} ${progressText(job)}`).join(", ")}`,
    blocks: [
      section([`*Commit #${number}*`, ...jobs.slice(-20).map(jobLine)].join("\n")),
      context(commitLine(commit)),
      actions(...commitActions(state, readerId), timelineButton(number), showButton(number)),
    ],
    again: `status ${number}`,
  };
};

const jobLine = (job: Job): string =>
  `${quoted(job.target)}: ${progressText(job)}${isBlocked(job) ? ` (${outageText(job)})` : ""}${job.attempt > 1 ? `, attempt ${job.attempt}` : ""}${job.errorMessage ? `: ${quoted(job.errorMessage)}` : ""}`;
