import { type Part, clipLine, message } from "../../message.ts";
import { unstopped } from "../grammar.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { conflictList } from "../conflicts.ts";
import { kilobytes, oversizedMessage } from "../sizes.ts";
import { supersedingList } from "../superseding.ts";
import { targets, hint } from "./phrases.ts";

/** The way on for a commit that no request to a target can hold. */
const inParts = (number: number, canReopen: boolean): Part =>
  canReopen
    ? hint({ to: "reopen", number }, "stages its changes again, to be committed in parts")
    : " Stage what is still missing again, and commit it in parts.";

export const pushRefusals = {
  push_not_found: { title: "Push not found", detail: ({ number }) => message`There is no push #${number}.` },
  job_not_found: { title: "Job not found", detail: ({ jobId }) => message`There is no job ${jobId}.` },
  not_pushed: {
    title: "Not pushed",
    detail: ({ number }) =>
      message`Commit #${number} was never pushed, so it has no timeline yet.${hint({ to: "checks", number }, "says what stands before a push")}`,
  },
  no_changes_for_target: {
    title: "No changes for the target",
    detail: ({ number, targets: names }) => message`Commit #${number} changes nothing at ${targets(names)}.`,
  },
  already_applied: {
    title: "Already applied",
    detail: ({ number, targets: names }) =>
      message`Commit #${number} is applied to ${targets(names)} already. Stage a new change to undo it.`,
  },
  push_in_progress: {
    title: "Push in progress",
    detail: ({ number, target, state }) =>
      state === "timeout"
        ? message`The outcome of commit #${number} at ${target} is unknown.${hint({ to: "retry", number }, "asks the target, and sends the commit again if needed")}`
        : message`A push of commit #${number} to ${target} is in progress.${hint({ to: "push_status", number }, "shows its progress")}`,
  },
  push_too_large: {
    title: "Commit too large to push",
    detail: ({ number, oversized, maxBytes, canReopen }) =>
      message`Commit #${number} is too large for one push, so nothing was sent: ${oversizedMessage(oversized)}. A target takes at most ${kilobytes(maxBytes)}.${inParts(number, canReopen)}`,
  },
  target_refused_size: {
    title: "Commit too large for the target",
    detail: ({ number, target, message: said, canReopen }) =>
      message`Commit #${number} is too large for ${target}, which would refuse it again: ${unstopped(clipLine(said, 300))}. Nothing was sent.${inParts(number, canReopen)}`,
  },
  superseded: {
    title: "Superseded by a newer commit",
    detail: ({ number, by, canReopen }) =>
      message`Newer commits have been applied to what commit #${number} changes, so nothing was sent:${supersedingList(by)}${canReopen ? hint({ to: "reopen", number }, "stages its changes again, on what is live now") : message` Stage what is still missing as new changes.`}`,
  },
  newer_on_its_way: {
    title: "A newer commit is on its way",
    detail: ({ number, by }) =>
      message`Newer commits that change the same as commit #${number} are on their way, so nothing was sent:${supersedingList(by)}${by[0] ? hint({ to: "push_status", number: by[0].commitNumber }, "shows how far that is") : ""}`,
  },
  drifted: {
    title: "Target changed",
    detail: ({ number, targets: names, conflicts, count }) =>
      message`${targets(names)} ${names.length === 1 ? "has" : "have"} changed since commit #${number} was made, so nothing was sent:${conflictList(conflicts, count)}${conflicts.every(({ kind }) => kind === "not_yet") ? "" : hint({ to: "resolve", number }, "shows what can be done")}`,
  },
  no_conflicts: {
    title: "No conflicts",
    detail: ({ number, unanswered }) =>
      unanswered.length === 0
        ? message`Nobody has changed the rows of commit #${number}, so there is nothing to resolve.`
        : message`${targets(unanswered)} gave no answer, so it is unknown whether somebody has changed the rows of commit #${number}. Try again.`,
  },
  conflicts_changed: {
    title: "Conflicts changed",
    detail: ({ number, conflicts, count }) =>
      message`The conflicts of commit #${number} are other ones than you looked at. Nothing was changed. They are now:${conflictList(conflicts, count)}${hint({ to: "resolve", number }, "shows them")}`,
  },
  nothing_to_retry: {
    title: "Nothing to retry",
    detail: ({ number }) => message`No push of commit #${number} has failed, so there is nothing to retry.`,
  },
  outcome_received: {
    title: "Outcome received",
    detail: ({ number, target }) =>
      message`${target} has answered for commit #${number} after all. Nothing was sent again.`,
  },
  outcome_unknown: {
    title: "Outcome unknown",
    detail: ({ number, target }) =>
      message`It is unknown whether ${target} applied commit #${number}, and it does not answer. Nothing was sent again. CV Ops asks it every minute.`,
  },
  nothing_to_cancel: {
    title: "Nothing to cancel",
    detail: ({ number }) => message`No push of commit #${number} is in progress, so there is nothing to cancel.`,
  },
  cancel_unconfirmed: {
    title: "Cancellation unconfirmed",
    detail: ({ number, targets: names }) =>
      message`${targets(names)} gave no answer, so it is unknown whether commit #${number} was applied there. Nothing was cancelled. Try again.`,
  },
} satisfies Partial<RefusalMessages>;
