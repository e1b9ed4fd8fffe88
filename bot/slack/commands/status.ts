import type { Job, Push } from "../../../shared/domain/push.ts";
import { showCommit } from "../../../shared/verbs/show-commit.ts";
import { showStatus } from "../../../shared/verbs/show-status.ts";
import { context, header, listSections, section } from "../cards/blocks.ts";
import { stageWords } from "../cards/job-words.ts";
import { plural, quoted } from "../text.ts";
import { type Command, type Reply, refuse, say } from "./command.ts";
import { commitLine } from "./commits.ts";
import { numberOf } from "./grammar.ts";
import { show } from "./show.ts";

export const status: Command = {
  name: "status",
  usage: "[#commit]",
  summary: "Shows where everything stands, or how far one commit is.",
  examples: ["/cv status", "/cv status 1"],
  role: "viewer",
  options: [],
  run: async (call) => {
    const { ctx, args } = call;
    const [word] = args.positionals;
    if (word !== undefined) {
      const number = numberOf(word);
      if (number === null) return show.run(call);
      const shown = await showCommit(ctx, number);
      if (!shown.ok) return refuse(shown.reason);
      return shown.value.jobs.length === 0 ? show.run(call) : jobsReply(number, shown.value.jobs);
    }
    const found = await showStatus(ctx);
    if (!found.ok) return refuse(found.reason);
    const { staged, commits, pushes, openJobs } = found.value;
    const own = staged.filter(({ createdBy }) => createdBy === ctx.actor.id);
    const waiting = commits.filter(({ review }) => review === "in_review");
    const ready = commits.filter(({ review, status: at }) => review === "approved" && at !== "applied_all");
    return {
      text: `${plural(own.length, "staged change")} of yours, ${plural(waiting.length, "commit")} in review, ${plural(ready.length, "commit")} ready to push, ${plural(openJobs.length, "job")} open`,
      blocks: [
        header("Where things stand"),
        section(`*Staged*  ${own.length} of yours, ${staged.length - own.length} of others`),
        ...(waiting.length > 0
          ? [section("*Waiting for review*"), ...listSections(waiting.map(commitLine), 2500)]
          : []),
        ...(ready.length > 0
          ? [section("*Approved, not applied everywhere*"), ...listSections(ready.map(commitLine), 2500)]
          : []),
        ...(openJobs.length > 0 ? [section("*On their way*"), ...listSections(openJobs.map(jobLine), 2500)] : []),
        ...(pushes.length > 0 ? [context(...pushes.slice(0, 5).map(pushLine))] : []),
      ],
    };
  },
};

const jobsReply = (number: number, jobs: readonly Job[]): Reply =>
  say([`*Commit #${number}*`, ...jobs.map(jobLine)].join("\n"));

const jobLine = (job: Job): string =>
  `${quoted(job.target)}: ${stageWords(job)}${job.attempt > 1 ? `, attempt ${job.attempt}` : ""}${job.errorMessage ? `: ${quoted(job.errorMessage)}` : ""}`;

const pushLine = (push: Push): string => `Push #${push.number} to ${quoted(push.scope)}: ${push.state}`;
