import type { KnownBlock, RichTextBlock, TaskCardBlock } from "@slack/types";
import { type Job, isWaiting } from "../../../shared/domain/push.ts";
import { clip, quoted } from "../text.ts";
import { type Message, fit, listSections } from "./blocks.ts";
import { countWords, stageWords, tookWords } from "./job-words.ts";
import { jobsOf } from "./push.ts";
import type { PushCardState } from "./state.ts";

/** The message in the thread that is edited while the targets work: one task per target. */
export const pushPlanCard = (state: PushCardState): Message => {
  const jobs = jobsOf(state);
  const title = planTitle(state);
  const plan: KnownBlock = {
    type: "plan",
    title: clip(title, 150),
    tasks: jobs.slice(0, 50).map((job) => task(state, job)),
  };
  return fit({ text: textOf(state), blocks: [plan] });
};

/** The same where Slack does not take a plan block. */
export const pushPlanFallback = (state: PushCardState): Message => {
  const jobs = jobsOf(state);
  return fit({
    text: textOf(state),
    blocks: listSections([
      `*${planTitle(state)}*`,
      ...jobs.map((job) => `${icons[statusOf(job)]} ${line(state, job)}`),
    ]),
  });
};

const textOf = (state: PushCardState): string =>
  `${planTitle(state)}. ${jobsOf(state)
    .map((job) => line(state, job))
    .join(". ")}`;

const planTitle = ({ push, commit }: PushCardState): string => {
  const what = `commit #${commit.number}`;
  if (push.state === "completed") return `Pushed ${what}`;
  return push.state === "failed" ? `Push of ${what} stopped` : `Pushing ${what}`;
};

const statusOf = (job: Job): TaskCardBlock["status"] => {
  switch (job.state) {
    case "pending":
      return job.dispatchedAt ? "in_progress" : "pending";
    case "processing":
      return "in_progress";
    case "completed":
      return "complete";
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
const wordsOf = ({ push }: PushCardState, job: Job): string =>
  push.state === "failed" && isWaiting(job) ? "Not started" : stageWords(job);

const line = (state: PushCardState, job: Job): string => {
  const took = tookWords(job);
  return `${quoted(job.target)}: ${wordsOf(state, job)}${job.attempt > 1 ? `, attempt ${job.attempt}` : ""}${took ? `, ${took}` : ""}`;
};

const task = (state: PushCardState, job: Job): TaskCardBlock => {
  const took = tookWords(job);
  const details = [countWords(job), job.attempt > 1 ? `attempt ${job.attempt}` : "", took ?? ""].filter(
    (part) => part !== "",
  );
  return {
    type: "task_card",
    task_id: `${job.target}-${job.attempt}`,
    title: clip(`${job.target}: ${wordsOf(state, job)}`, 150),
    status: statusOf(job),
    ...(details.length > 0 ? { details: richText(details.join(", ")) } : {}),
  };
};

const richText = (text: string): RichTextBlock => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text: clip(text, 3000) }] }],
});
