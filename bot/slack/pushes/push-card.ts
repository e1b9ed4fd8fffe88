import { duration } from "../../../shared/messages/en/times.ts";
import { summaryText } from "../../../shared/messages/en/commits.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Button } from "@slack/types";
import { type Job, isBlocked, isVerified } from "../../../shared/domain/pushes/push.ts";
import { canReopen, whyNoRetry } from "../../../shared/domain/pushes/retry.ts";
import { cancelButton, reopenButton, retryButton } from "../components/commit-buttons.ts";
import { mention, moment, quoted } from "../blocks/text.ts";
import { type Message, actions, blocksOf, context, fit, present, section, unformatted } from "../blocks/blocks.ts";
import { commitWords } from "../components/commit-lines.ts";
import { outageText, progressText } from "../components/job-messages.ts";
import type { PushCardState } from "./card-state.ts";
import { isStoppedJob } from "../../../shared/domain/states.ts";

export const jobsOf = ({ push, jobs }: PushCardState): Job[] => jobs.filter(({ pushId }) => pushId === push.id);

/** The message in the channel under which a push is shown. */
export const pushCard = (state: PushCardState): Message => {
  const { push, commit } = state;
  const targets = jobsOf(state)
    .map(({ target }) => target)
    .join(", then ");
  const line = statusLine(state);
  const buttons = buttonsOf(state);
  const blocks = blocksOf(
    section(`*Push #${push.number}*  commit #${commit.number}  ${quoted(summaryText(commit.summary), 300)}`),
    section(line),
    context(commitWords(commit)),
    context(
      `By ${mention(push.requestedBy)}  ·  to ${quoted(targets)}  ·  ${moment(push.createdAt)}${stopped(state)}${portalLink(state)}`,
    ),
    buttons.length > 0 && actions(...buttons),
  );
  const text = `Push #${push.number} of commit #${commit.number} to ${quoted(targets)}: ${unformatted(line)}`;
  return fit({ text, blocks });
};

const portalLink = ({ portal, push, workspaceId }: PushCardState): string =>
  portal === null ? "" : `  ·  <${portal}/pushes/${push.number}?workspace=${workspaceId}|Open in the portal>`;

const buttonsOf = (state: PushCardState): Button[] => {
  const { push, commit } = state;
  if (push.state === "running") {
    return [cancelButton(commit.number)];
  }
  const stoppedAt = stoppedJob(state);
  if (push.state !== "failed" || commit.review !== "approved" || !stoppedAt) return [];
  const never = whyNoRetry(stoppedAt, state.targets);
  if (never === null) return [retryButton(commit, "primary")];
  return never === "too_large" && canReopen(state.targets) ? [reopenButton(commit.number)] : [];
};

const stoppedJob = (state: PushCardState): Job | undefined => jobsOf(state).find(isStoppedJob);

const stopped = ({ push }: PushCardState): string =>
  (push.state === "failed" || push.state === "cancelled") && push.finishedAt
    ? `  ·  stopped after ${duration(Date.parse(push.finishedAt) - Date.parse(push.createdAt))}`
    : "";

const statusLine = (state: PushCardState): string => {
  switch (state.push.state) {
    case "running":
      return runningLine(state);
    case "completed":
      return completedLine(state);
    case "failed":
      return failedLine(state);
    case "cancelled":
      return cancelledLine(state);
  }
};

const names = (jobs: readonly Job[]): string => jobs.map(({ target }) => quoted(target)).join(" and ");

const runningLine = (state: PushCardState): string => {
  const jobs = jobsOf(state);
  const current = jobs.find(({ state: at }) => at === "pending" || at === "processing") ?? jobs[0];
  if (current && isBlocked(current))
    return `:hourglass: ${outageText(current)}. This push waits and goes on by itself; the next try is in about a minute.`;
  const done = jobs.filter(({ state: at }) => at === "completed").length;
  const percent = Math.floor(jobs.reduce((sum, job) => sum + percentOf(job), 0) / Math.max(jobs.length, 1));
  const parts = present<string>([
    `${quoted(current?.target ?? "")}: ${current ? progressText(current) : "Starting"}`,
    jobs.length > 1 && [`${done} of ${jobs.length} done`, `${percent} % in all`],
    `${duration(state.nowMs - Date.parse(state.push.createdAt))} so far`,
  ]);
  return `:hourglass_flowing_sand: ${parts.join("  ·  ")}`;
};

const percentOf = ({ state, percent }: Job): number => (state === "completed" ? 100 : percent);

const completedLine = (state: PushCardState): string => {
  const jobs = jobsOf(state);
  const facts = jobs.length > 1 ? `Applied to ${plural(jobs.length, "target")}` : `Applied to ${names(jobs)}`;
  if (!isVerified(jobs)) return `:white_check_mark: ${facts}, not verified yet.`;
  const differing = jobs.filter(({ synced }) => !synced);
  if (differing.length > 0) return `:warning: ${facts}, but ${names(differing)} has rows that differ from the commit.`;
  const searchable = jobs.some(({ searchableAt }) => searchableAt) ? ", searchable" : "";
  return `:white_check_mark: ${facts}${searchable} and verified live in ${tookOf(state)}.`;
};

const failedLine = (state: PushCardState): string => {
  const job = stoppedJob(state);
  if (!job) return ":x: Stopped before every target had it. The thread says why.";
  const effect = job.state === "timeout" ? "it is unknown whether it was applied" : "nothing was applied there";
  return `:x: Failed at ${quoted(job.target)}: ${effect}. The thread says why.`;
};

/** Who cancelled stands in the log. */
const cancelledLine = (state: PushCardState): string => {
  const jobs = jobsOf(state);
  const applied = jobs.filter(({ state: at }) => at === "completed");
  const left = jobs.filter(({ state: at }) => at !== "completed");
  const isOpen = state.targets.some(
    ({ target, state: at }) => at !== "applied" && left.some((job) => job.target === target),
  );
  const what =
    applied.length === 0
      ? "Nothing was applied."
      : `Applied to ${names(applied)}${left.length > 0 ? `, not applied to ${names(left)}` : ""}.`;
  const { number } = state.commit;
  return `:no_entry: Cancelled. ${what}${isOpen ? ` \`/cv push ${number} all\` pushes it again.` : ""}`;
};

const tookOf = (state: PushCardState): string => {
  const ends = jobsOf(state).map((job) => Date.parse(job.verifiedAt ?? job.completedAt ?? state.push.createdAt));
  return duration(Math.max(...ends) - Date.parse(state.push.createdAt));
};
