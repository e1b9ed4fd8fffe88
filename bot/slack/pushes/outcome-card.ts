import type { Button, KnownBlock } from "@slack/types";
import type { Job } from "../../../shared/domain/pushes/push.ts";
import { encodeButton } from "../core/buttons/codec.ts";
import { type NoRetry, canReopen, whyNoRetry } from "../../../shared/domain/pushes/retry.ts";
import { moment, quoted } from "../blocks/text.ts";
import { type Message, actions, button, context, fit, present, said, section, unformatted } from "../blocks/blocks.ts";
import { jobDuration } from "../../../shared/messages/en/jobs.ts";
import { reopenButton } from "../components/commit-buttons.ts";
import { countsText, totalsText } from "../components/job-messages.ts";
import type { PushCardState } from "./card-state.ts";
import { isStoppedJob } from "../../../shared/domain/states.ts";

/** The reply that shows how one attempt at one target ended: cause, effect and next step when it failed. */
export const pushOutcomeCard = (state: PushCardState, job: Job, attempt: number): Message => {
  if (attempt < job.attempt) return superseded(job, attempt);
  const message = outcome(state, job);
  return fit(attempt > 1 ? { ...message, text: `${message.text} (attempt ${attempt})` } : message);
};

/** Whether the channel shows it too: success stays in the thread, and so does what a newer attempt has replaced. */
export const isBroadcast = (job: Job, attempt = job.attempt): boolean => attempt === job.attempt && isStoppedJob(job);

const outcome = (state: PushCardState, job: Job): Message => {
  switch (job.state) {
    case "completed":
      return success(job);
    case "cancelled":
      return cancelled(state, job);
    default:
      return failure(state, job);
  }
};

const lateText = {
  timeout: ":information_source: It reported late; this outcome counts",
  failed: ":information_source: It had reported a failure before; this outcome counts",
} as const;

const success = (job: Job): Message => {
  const target = quoted(job.target);
  const counted = [countsText(job), totalsText(job), jobDuration(job) ?? ""].filter((part) => part !== "");
  const verified = job.verifiedAt && moment(job.verifiedAt);
  const facts = context(
    `:white_check_mark: Applied${job.completedAt ? ` ${moment(job.completedAt)}` : ""}`,
    job.completedAfter && lateText[job.completedAfter],
    job.searchableAt !== null && `:mag: Searchable ${moment(job.searchableAt)}`,
    verified &&
      (job.synced ? `:lock: Verified ${verified}` : `:warning: Verified ${verified}: its rows differ from the commit`),
  );
  const summary = `*${target}* has the change:  ${counted.join("  ·  ")}`;
  const facets = job.synced ? "applied and verified" : "applied, verified with differences";
  const text = [`${target}: ${verified ? facets : "applied"}`, countsText(job)]
    .filter((part) => part !== "")
    .join(", ");
  return { text, blocks: [section(summary), facts] };
};

const named = (jobs: readonly Job[]): string => jobs.map(({ target }) => quoted(target)).join(", ");

/** What became of the other targets of the same push. */
const othersText = ({ jobs, push }: PushCardState, job: Job): string => {
  const others = jobs.filter(({ pushId, id }) => pushId === push.id && id !== job.id);
  const applied = others.filter(({ state }) => state === "completed");
  // One that is taken back later has not been started either: what was said stays true.
  const waiting = others.filter(
    ({ state, dispatchedAt }) => (state === "pending" || state === "cancelled") && dispatchedAt === null,
  );
  return [
    ...(applied.length > 0 ? [` ${named(applied)} has it already.`] : []),
    ...(waiting.length > 0 ? [` ${named(waiting)} was not started.`] : []),
  ].join("");
};

const failure = (state: PushCardState, job: Job): Message => {
  const { number } = state.commit;
  const target = quoted(job.target);
  const unknown = job.state === "timeout";
  const cause = quoted(job.errorMessage ?? "no reason was given", 1500);
  const effect = unknown
    ? `It is unknown whether ${target} applied the commit. It is asked every minute, and this message changes when it answers.`
    : `Nothing was applied to ${target}.${othersText(state, job)}`;
  const never = whyNoRetry(job, state.targets);
  const next = never
    ? noRetryText(never, number, target, canReopen(state.targets))
    : job.errorCode === "conflict"
      ? `Somebody changed the same rows. Retry looks at them again; if they still clash, \`/cv resolve ${number}\` shows their values and what can be done.`
      : `Press Retry, or type \`/cv retry ${number}\`, when ${target} works again: it is safe to repeat.`;
  const blocks: KnownBlock[] = [
    section(`:x: *${target}* ${unknown ? "gave no outcome" : "failed"}: ${cause}`),
    section(`${effect}\n${next}`),
    ...present<Button>([
      never === null &&
        button("Retry", encodeButton("push.retry", { number, target: job.target }), { style: "primary" }),
      never === "too_large" && canReopen(state.targets) && reopenButton(number),
    ]).map((each) => actions(each)),
  ];
  const text = `${target}: ${unknown ? "outcome unknown" : "failed"}. ${quoted(job.errorMessage ?? "No reason was given")}.`;
  return { text: `${text} ${unformatted(next)}`, blocks };
};

const noRetryText = (because: NoRetry, number: number, target: string, reopens: boolean): string => {
  if (because === "applied") {
    return `The commit stays applied there. \`/cv verify\` compares what is live, and offers to push it again.`;
  }
  const why = `${target} takes less than this at once, so sending it again does not help.`;
  return reopens
    ? `${why} \`/cv reopen ${number}\` stages its changes again, to be committed in smaller parts.`
    : `${why} Stage what is still missing again, and commit it in smaller parts.`;
};

const cancelled = (state: PushCardState, job: Job): Message => {
  const isApplied = state.targets.some(({ target, state: at }) => target === job.target && at === "applied");
  return said(
    `:no_entry: *${quoted(job.target)}* was cancelled: nothing was applied there.${othersText(state, job)}${isApplied ? "" : ` \`/cv push ${state.commit.number} all\` pushes it again.`}`,
  );
};

const superseded = (job: Job, attempt: number): Message => ({
  text: `${quoted(job.target)}: attempt ${attempt} failed and was tried again.`,
  blocks: [
    context(
      `:x: ${quoted(job.target)}: attempt ${attempt} failed and was tried again. Attempt ${job.attempt} shows how it went on.`,
    ),
  ],
});
