import { type Message, code, list, message, strong } from "../../message.ts";
import type { RefusalMembers } from "../../../contract/refusals.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { commas } from "../grammar.ts";
import { targets, hint } from "./phrases.ts";

type Drift = RefusalMembers<"drifted">["drifts"][number];

const drift = ({ entityType, entityId, name, kind, fields }: Drift): Message => {
  switch (kind) {
    case "not_yet":
      return message`${entityType} ${strong(name)} (${code(entityId, 80)}) does not exist yet: push the commit that creates it first`;
    case "gone":
      return message`${entityType} ${strong(name)} (${code(entityId, 80)}) does not exist any more`;
    case "changed":
      return message`${entityType} ${strong(name)}: somebody else has changed ${commas(fields.map((field) => code(field, 40)))}`;
  }
};

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
  drifted: {
    title: "Target changed",
    detail: ({ number, target, drifts }) =>
      message`${target} has changed since commit #${number} was made, so nothing was sent:${list(drifts.map(drift))}${hint({ to: "reopen", number }, "stages its changes again, so that you can check them")}`,
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
