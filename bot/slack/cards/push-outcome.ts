import type { KnownBlock } from "@slack/types";
import type { Job } from "../../../shared/domain/push.ts";
import { encodeButton } from "../actions/codec.ts";
import { moment, quoted } from "../text.ts";
import { type Message, actions, button, context, fit, section } from "./blocks.ts";
import { countWords, totalWords, tookWords } from "./job-words.ts";
import type { PushCardState } from "./state.ts";

/** The reply that tells how one attempt at one target ended: cause, effect and next step when it failed. */
export const pushOutcomeCard = (state: PushCardState, job: Job, attempt: number): Message => {
  if (attempt < job.attempt) return superseded(job, attempt);
  const message = job.state === "completed" ? success(job) : failure(state, job);
  return fit(attempt > 1 ? { ...message, text: `${message.text} (attempt ${attempt})` } : message);
};

const success = (job: Job): Message => {
  const target = quoted(job.target);
  const counted = [countWords(job), totalWords(job), tookWords(job) ?? ""].filter((words) => words !== "");
  const facts = [
    `:white_check_mark: Applied${job.completedAt ? ` ${moment(job.completedAt)}` : ""}`,
    ...(job.searchableAt ? [`:mag: Searchable ${moment(job.searchableAt)}`] : []),
    ...(job.verifiedAt
      ? [
          job.synced
            ? `:lock: Verified ${moment(job.verifiedAt)}`
            : `:warning: Verified ${moment(job.verifiedAt)}: it does not hold what was asked for`,
        ]
      : []),
  ];
  const summary = `*${target}* has the change:  ${counted.join("  ·  ")}`;
  const state = job.verifiedAt ? "applied and verified" : "applied";
  return { text: `${target}: ${state}, ${countWords(job)}`, blocks: [section(summary), context(...facts)] };
};

const failure = ({ commit, jobs, push }: PushCardState, job: Job): Message => {
  const target = quoted(job.target);
  const unknown = job.state === "timeout";
  const cause = quoted(job.errorMessage ?? "no reason was given", 1500);
  const waiting = jobs.filter((other) => other.pushId === push.id && other.state === "pending" && other.id !== job.id);
  const rest = waiting.length > 0 ? ` ${waiting.map((other) => quoted(other.target)).join(", ")} was not started.` : "";
  const effect = unknown
    ? `It is not known whether ${target} applied the commit. It is asked every minute, and this message changes when it answers.`
    : `Nothing was applied to ${target}.${rest}`;
  const next =
    job.errorCode === "conflict"
      ? `Somebody changed the same rows. Retry looks at them again; if they still clash, \`/cv reopen ${commit.number}\` and stage what you want now.`
      : `Press Retry, or type \`/cv retry ${commit.number}\`, when ${target} works again: it is safe to repeat.`;
  const blocks: KnownBlock[] = [
    section(`:x: *${target}* ${unknown ? "gave no outcome" : "failed"}: ${cause}`),
    section(`${effect}\n${next}`),
    actions(
      button("Retry", encodeButton("push.retry", { number: commit.number, target: job.target }), { style: "primary" }),
    ),
  ];
  const text = `${target}: ${unknown ? "outcome unknown" : "failed"}. ${quoted(job.errorMessage ?? "No reason was given")}.`;
  return { text: `${text} ${next}`, blocks };
};

const superseded = (job: Job, attempt: number): Message => ({
  text: `${quoted(job.target)}: attempt ${attempt} failed and was tried again.`,
  blocks: [
    context(
      `:x: ${quoted(job.target)}: attempt ${attempt} failed and was tried again. Attempt ${job.attempt} tells how it went on.`,
    ),
  ],
});
