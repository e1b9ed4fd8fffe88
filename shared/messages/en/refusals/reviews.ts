import { voidText } from "../approvals.ts";
import { type Message, message, moment, next, person } from "../../message.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { allOf, anyOf, commas, plural, withArticle } from "../grammar.ts";
import { ask, hint } from "./phrases.ts";
import { reviewState } from "../states.ts";

/** More than these are left out. */
const maxLost = 3;

const lostApprovals = (voided: readonly { userId: string; because: string }[]): Message =>
  voided.slice(0, maxLost).flatMap(({ userId, because }) => message` ${person(userId)} ${voidText(because)}.`);

export const reviewRefusals = {
  invalid_reviewers: {
    title: "Invalid reviewers",
    detail: ({ number, userIds, reviewers }) =>
      message`${allOf(userIds.map(person))} may not approve commit #${number}. ${ask(reviewers)}`,
  },
  already_decided: {
    title: "Already decided",
    detail: ({ number, review, decidedBy, decidedAt, next: to }) => {
      const by = decidedBy ? message` by ${person(decidedBy)}` : "";
      const at = decidedAt ? message`, ${moment(decidedAt)}` : "";
      const push = review === "approved" && to ? hint({ to, number }, "is the next step") : "";
      return message`Commit #${number} was ${reviewState(review)} already${by}${at}.${push}`;
    },
  },
  commit_changed: {
    title: "Commit changed",
    detail: ({ number }) =>
      message`Commit #${number} has changed since you looked at it. Look at it again, then decide.${hint({ to: "show", number }, "shows it")}`,
  },
  not_in_review: {
    title: "Not in review",
    detail: ({ number, review }) =>
      message`Commit #${number} is not in review: it is ${review === "draft" ? withArticle("draft") : reviewState(review)}.`,
  },
  self_approval: {
    title: "Approval by the author",
    detail: ({ number, reviewers }) =>
      reviewers.length > 0
        ? message`You wrote commit #${number}, so somebody else has to approve it: ${anyOf(reviewers.map(person))}.`
        : message`You wrote commit #${number}, so somebody else has to approve it, and nobody else may. An admin gives somebody the role.${next({ to: "solo_mode" }, (how) => message`Or an admin chooses ${how}.`)}`,
  },
  contributor_approval: {
    title: "Approval by a contributor",
    detail: ({ number, changes, reviewers }) => {
      const what = changes.length === 1 ? "a change" : "changes";
      const which = commas(changes.map((each) => String(each)));
      const yours = message`You have edited ${what} of commit #${number} (${which}), so somebody else has to approve it`;
      return reviewers.length > 0
        ? message`${yours}: ${anyOf(reviewers.map(person))}.`
        : message`${yours}, and nobody else may. An admin gives somebody the role.${hint({ to: "give_role", role: "approver" }, "gives it")}`;
    },
  },
  no_approval: {
    title: "No approval to withdraw",
    detail: ({ number }) => message`You have not approved commit #${number}, so there is nothing to withdraw.`,
  },
  already_approved: {
    title: "Already approved",
    detail: ({ number, missing }) =>
      message`You have approved commit #${number} already. It needs ${plural(missing, "more approval")} by somebody else.`,
  },
  not_approved: {
    title: "Not approved",
    detail: ({ number, review, missing, reviewers, voided = [], isApplied = false }) => {
      if (isApplied)
        return message`The approvals of commit #${number} do not count any more, so it is not pushed again.${lostApprovals(voided)} Stage a fix instead.`;
      switch (review) {
        case "draft":
          return message`Commit #${number} is a draft. Request a review first.${hint({ to: "review", number }, "requests it")}`;
        case "rejected":
        case "dropped":
        case "reopened":
          return message`Commit #${number} was ${review}, so it cannot be pushed.`;
        default:
          return message`Commit #${number} is not approved yet.${lostApprovals(voided)}${missing > 1 ? message` It needs ${missing} more approvals.` : ""} ${ask(reviewers)}`;
      }
    },
  },
} satisfies Partial<RefusalMessages>;
