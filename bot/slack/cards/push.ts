import type { KnownBlock } from "@slack/types";
import { type Job, isVerified } from "../../../shared/domain/push.ts";
import { encodeButton } from "../actions/codec.ts";
import { duration, mention, moment, plural, quoted } from "../text.ts";
import { type Message, actions, button, context, fit, section } from "./blocks.ts";
import { stageWords } from "./job-words.ts";
import type { PushCardState } from "./state.ts";

/** The jobs of this push. */
export const jobsOf = ({ push, jobs }: PushCardState): Job[] => jobs.filter(({ pushId }) => pushId === push.id);

/** The message in the channel under which a push is told. */
export const pushCard = (state: PushCardState): Message => {
  const { push, commit } = state;
  const targets = jobsOf(state)
    .map(({ target }) => target)
    .join(", then ");
  const line = statusLine(state);
  const canRetry = push.state === "failed" && commit.review === "approved" && stoppedJob(state) !== undefined;
  const blocks: KnownBlock[] = [
    section(`*Push #${push.number}*  commit #${commit.number}  ${quoted(commit.message, 300)}`),
    section(line),
    context(`By ${mention(push.requestedBy)}  ·  to ${quoted(targets)}  ·  ${moment(push.createdAt)}`),
    ...(canRetry
      ? [actions(button("Retry", encodeButton("push.retry", { number: commit.number }), { style: "primary" }))]
      : []),
  ];
  return fit({
    text: `Push #${push.number} of commit #${commit.number} to ${quoted(targets)}: ${line.replace(/^:\w+: /, "")}`,
    blocks,
  });
};

const stoppedJob = (state: PushCardState): Job | undefined =>
  jobsOf(state).find((job) => job.state === "failed" || job.state === "timeout");

const statusLine = (state: PushCardState): string => {
  const jobs = jobsOf(state);
  const stopped = stoppedJob(state);
  const { push } = state;
  if (stopped && push.state === "failed") {
    const effect = stopped.state === "timeout" ? "it is not known whether it was applied" : "nothing was applied there";
    return `:x: Failed at ${quoted(stopped.target)}: ${effect}. The thread says why.`;
  }
  if (push.state === "completed") {
    const facts =
      jobs.length > 1 ? `Applied to ${plural(jobs.length, "target")}` : `Applied to ${quoted(jobs[0]?.target ?? "")}`;
    if (!isVerified(jobs)) return `:white_check_mark: ${facts}, not verified yet.`;
    const differing = jobs.filter(({ synced }) => !synced).map(({ target }) => quoted(target));
    if (differing.length > 0)
      return `:warning: ${facts}, but ${differing.join(" and ")} does not hold what was asked for.`;
    const searchable = jobs.some(({ searchableAt }) => searchableAt) ? ", searchable" : "";
    return `:white_check_mark: ${facts}${searchable} and verified live in ${tookOf(state)}.`;
  }
  const current = jobs.find(({ state: at }) => at === "pending" || at === "processing") ?? jobs[0];
  const done = jobs.filter(({ state: at }) => at === "completed").length;
  return `:hourglass_flowing_sand: ${quoted(current?.target ?? "")}: ${current ? stageWords(current) : "Starting"}${jobs.length > 1 ? `  ·  ${done} of ${jobs.length} done` : ""}`;
};

const tookOf = (state: PushCardState): string => {
  const ends = jobsOf(state).map((job) => Date.parse(job.verifiedAt ?? job.completedAt ?? state.push.createdAt));
  return duration(Math.max(...ends) - Date.parse(state.push.createdAt));
};
