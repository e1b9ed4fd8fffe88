import { clip } from "../../../shared/messages/message.ts";
import type { KnownBlock, TaskCardBlock } from "@slack/types";
import { type Job, isBlocked, isWaiting } from "../../../shared/domain/pushes/push.ts";
import { quoted } from "../blocks/text.ts";
import { type Message, fit, listSections, unformatted } from "../blocks/blocks.ts";
import { jobDuration } from "../../../shared/messages/en/jobs.ts";
import { countsText, progressText } from "../components/job-messages.ts";
import { jobsOf } from "./push-card.ts";
import { keepsVectors, type Step, stepsOf } from "./push-steps.ts";
import { paragraph, richText, span } from "../blocks/rich-text.ts";
import type { PushCardState } from "./card-state.ts";

/** Of one plan (docs.slack.dev, "Plan block"). */
const maxTasks = 50;
/** Titles and details together, so that the message stays below what Slack takes. */
const maxCharacters = 8500;

/** The message in the thread that is edited while the targets work: a task for each step at each target. */
export const pushPlanCard = (state: PushCardState): Message => {
  const steps = jobsOf(state).flatMap((job) => targetSteps(state, job).map((each) => ({ job, step: each })));
  const tasks = steps.length <= maxTasks ? steps.map(({ job, step }) => stepTask(job, step)) : targetTasks(state);
  const plan: KnownBlock = {
    type: "plan",
    title: clip(planTitle(state), 150),
    tasks: tasks.map((task) => shortened(task, Math.floor(maxCharacters / tasks.length))),
  };
  return fit({ text: spoken(state), blocks: [plan] });
};

/** The same where Slack does not take a plan block. */
export const pushPlanFallback = (state: PushCardState): Message => {
  const lines = jobsOf(state).map((job) => `${icons[statusOf(job)]} ${line(state, job)}`);
  return fit({ text: spoken(state), blocks: listSections([`*${planTitle(state)}*`, ...lines]) });
};

const spoken = (state: PushCardState): string =>
  unformatted(
    `${planTitle(state)}. ${jobsOf(state)
      .map((job) => line(state, job))
      .join(". ")}`,
  );

const planTitles = {
  running: "Pushing",
  completed: "Pushed",
  failed: "Stopped while pushing",
  cancelled: "Cancelled the push of",
} as const satisfies Record<PushCardState["push"]["state"], string>;

const planTitle = ({ push, commit }: PushCardState): string => `${planTitles[push.state]} commit #${commit.number}`;

const isOver = ({ push }: PushCardState): boolean => push.state !== "running";

const targetSteps = (state: PushCardState, job: Job): Step[] =>
  stepsOf(job, keepsVectors(job.target, state.jobs), isOver(state));

const statusOf = (job: Job): TaskCardBlock["status"] => {
  switch (job.state) {
    case "pending":
      return job.dispatchedAt && !isBlocked(job) ? "in_progress" : "pending";
    case "processing":
      return "in_progress";
    case "completed":
      return "complete";
    case "cancelled":
      return "pending";
    default:
      return "error";
  }
};

const icons = {
  pending: ":white_circle:",
  in_progress: ":hourglass_flowing_sand:",
  complete: ":white_check_mark:",
  error: ":x:",
} as const satisfies Record<TaskCardBlock["status"], string>;

/** A target whose turn never came does not wait any more. */
const textOf = (state: PushCardState, job: Job): string =>
  isOver(state) && isWaiting(job) ? "Not started" : progressText(job);

const line = (state: PushCardState, job: Job): string => {
  const took = jobDuration(job);
  return `${quoted(job.target)}: ${textOf(state, job)}${job.attempt > 1 ? `, attempt ${job.attempt}` : ""}${took ? `, ${took}` : ""}`;
};

interface Task {
  id: string;
  title: string;
  status: TaskCardBlock["status"];
  detail: string;
}

const stepTask = (job: Job, { name, status, text, detail }: Step): Task => ({
  id: `${job.target}-${job.attempt}-${name}`,
  title: `${job.target}: ${text}`,
  status,
  detail,
});

/** One task a target, where the steps of all of them are too many. */
const targetTasks = (state: PushCardState): Task[] =>
  jobsOf(state)
    .slice(0, maxTasks)
    .map((job) => ({
      id: `${job.target}-${job.attempt}`,
      title: `${job.target}: ${textOf(state, job)}`,
      status: statusOf(job),
      detail: [
        job.errorMessage ?? countsText(job),
        job.attempt > 1 ? `attempt ${job.attempt}` : "",
        jobDuration(job) ?? "",
      ]
        .filter((part) => part !== "")
        .join(", "),
    }));

const shortened = ({ id, title, status, detail }: Task, maxCharacters: number): TaskCardBlock => ({
  type: "task_card",
  task_id: id,
  title: clip(title, Math.min(150, Math.ceil(maxCharacters / 2))),
  status,
  ...(detail === ""
    ? {}
    : { details: richText(paragraph(span(clip(detail, Math.min(600, Math.floor(maxCharacters / 2)))))) }),
});
