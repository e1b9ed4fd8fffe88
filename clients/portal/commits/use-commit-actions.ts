import { plural } from "../../../shared/messages/en/grammar.ts";
import type { ShownCommit } from "./shown-commit.ts";
import { useClient } from "../app/session-context.ts";
import { type Key, keys } from "../data/keys.ts";
import { usePeople } from "../data/people.ts";
import { useAction } from "../data/use-action.ts";
import { allOf, anyOf } from "../messages/format.ts";

/** What is for the commit's author, or an admin. */
const useAuthorActions = (number: number, affects: readonly Key[]) => {
  const client = useClient();
  const resolve = useAction({
    run: (given: Parameters<typeof client.resolveConflicts>[1], options) =>
      client.resolveConflicts({ number }, given, options),
    done: ({ review, meta: { decided, voided } }) =>
      [
        `Resolved ${plural(decided, "conflict")}.`,
        ...(review === "dropped" ? [`Nothing is left of commit #${number}, so it was dropped.`] : []),
        ...(voided ? [`Commit #${number} needs approval again.`] : []),
      ].join(" "),
    affects,
  });
  const reopen = useAction({
    run: (_: void, options) => client.reopenCommit({ number }, options),
    done: ({ meta: { changeCount } }) =>
      `${plural(changeCount, "change")} of commit #${number} ${changeCount === 1 ? "is" : "are"} staged again.`,
    affects,
  });
  const drop = useAction({
    run: (_: void, options) => client.dropCommit({ number }, options),
    done: () => `Commit #${number} is dropped.`,
    affects,
  });
  return { resolve, reopen, drop };
};

/** Each action shows its result in a toast. */
export const useCommitActions = ({ number, hash }: ShownCommit) => {
  const client = useClient();
  const { nameOf } = usePeople();
  const ofCommit = [keys.commit(number), keys.checks(number), keys.history(number)];
  const affects = [...ofCommit, keys.pushes, keys.actionItems, keys.commits];
  const affectsStaged = [...affects, keys.staged];
  // The hash names the reviewed content; the server refuses another.
  const approve = useAction({
    run: (_: void, options) => client.approveCommit({ number }, { hash }, options),
    done: ({ meta: { missing } }) =>
      missing === 0
        ? `Commit #${number} is approved.`
        : `Approved. Commit #${number} needs ${plural(missing, "more approval")}.`,
    affects,
  });
  const reject = useAction({
    run: ({ reason }: { reason: string }, options) => client.rejectCommit({ number }, { hash, reason }, options),
    done: () => `Commit #${number} is rejected.`,
    affects,
  });
  const withdraw = useAction({
    run: (_: void, options) => client.withdrawApproval({ number }, options),
    done: ({ meta: { missing } }) =>
      missing === 0
        ? `Your approval of commit #${number} is withdrawn; it has enough without it.`
        : `Your approval is withdrawn. Commit #${number} needs ${plural(missing, "more approval")}.`,
    affects,
  });
  const push = useAction({
    run: ({ scope }: { scope: string }, options) => client.startPush({ scope }, { commit: number }, options),
    done: ({ number: push, jobs }) => `Push ${push} to ${allOf(jobs.map(({ target }) => target))} has started.`,
    affects,
  });
  const retry = useAction({
    run: (_: void, options) => client.retryPush({ number }, {}, options),
    done: ({ meta: { target, attempt } }) => `Sent to ${target} again, attempt ${attempt}.`,
    affects,
  });
  const cancel = useAction({
    run: (_: void, options) => client.cancelPush({ number }, options),
    done: ({ meta: { cancelled, applied, unknown } }) =>
      [
        cancelled.length > 0 ? `Cancelled at ${allOf(cancelled)}.` : "No target could cancel it.",
        ...(applied.length > 0 ? [`${allOf(applied)} had already applied it.`] : []),
        ...(unknown.length > 0 ? [`${allOf(unknown)} gave no answer; its outcome is checked again.`] : []),
      ].join(" "),
    affects,
  });
  const review = useAction({
    run: (_: void, options) => client.requestReview({ number }, {}, options),
    done: ({ meta: { reviewers } }) =>
      reviewers.length === 0
        ? `Commit #${number} is in review, but nobody may approve it yet.`
        : `Commit #${number} needs approval by ${anyOf(reviewers.map(nameOf))}.`,
    affects,
  });
  const { resolve, reopen, drop } = useAuthorActions(number, affectsStaged);
  const all = { approve, reject, withdraw, push, retry, cancel, review, resolve, reopen, drop };
  /** Whether an action is running. */
  const isBusy = Object.values(all).some((action) => action.isBusy);
  return { ...all, isBusy };
};

export type CommitActions = ReturnType<typeof useCommitActions>;
