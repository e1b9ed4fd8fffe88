/** Every reason for which a verb refuses, in words: what was wrong, which rule, what to do. One exhaustive switch. */
import { plural } from "../../shared/messages/en/grammar.ts";
import { permissionWords } from "../../shared/domain/workspace/permission-messages.ts";
import type { CancelReason } from "../../shared/use-cases/pushes/cancel-push.ts";
import type { CloseReason } from "../../shared/use-cases/commits/close-commit.ts";
import type { CreateCommitReason } from "../../shared/use-cases/commits/create-commit.ts";
import type { CreateTokenReason } from "../../shared/use-cases/workspace/create-token.ts";
import type { RevokeTokenReason } from "../../shared/use-cases/workspace/revoke-token.ts";
import type { DecideDeadLetterReason } from "../../shared/use-cases/dead-letters/decide-dead-letter.ts";
import type { DecideReason } from "../../shared/use-cases/reviews/decide-commit.ts";
import type { Drift } from "../../shared/use-cases/pushes/prepare-operations.ts";
import type { EditReason } from "../../shared/use-cases/staging/edit-change.ts";
import type { UnknownStatus } from "../../shared/use-cases/commits/list-commits.ts";
import type { ReindexReason } from "../../shared/use-cases/portfolio/reindex-targets.ts";
import type { RequestReviewReason } from "../../shared/use-cases/reviews/request-review.ts";
import type { RetryReason } from "../../shared/use-cases/pushes/retry-push.ts";
import type { RoleReason } from "../../shared/use-cases/workspace/set-role.ts";
import type { SearchReason } from "../../shared/use-cases/portfolio/search-portfolio.ts";
import type { SettingsReason } from "../../shared/use-cases/workspace/set-settings.ts";
import type { StageReason } from "../../shared/use-cases/staging/stage-change.ts";
import type { StartPushReason } from "../../shared/use-cases/pushes/start-push.ts";
import type { TraceReason } from "../../shared/use-cases/pushes/trace-push.ts";
import type { UnstageReason } from "../../shared/use-cases/staging/unstage-changes.ts";
import type { CreateWebhookReason } from "../../shared/use-cases/webhooks/create-webhook.ts";
import type { DeliveryNotFound } from "../../shared/use-cases/webhooks/list-deliveries.ts";
import type { ReplayReason } from "../../shared/use-cases/webhooks/replay-deliveries.ts";
import type { RotateWebhookReason } from "../../shared/use-cases/webhooks/rotate-webhook-secret.ts";
import type { SwitchWebhookReason } from "../../shared/use-cases/webhooks/switch-webhook.ts";
import type { UpdateWebhookReason } from "../../shared/use-cases/webhooks/update-webhook.ts";
import { standingOf } from "./dead-letters/dead-letter-messages.ts";
import type { GrammarProblem } from "./core/commands/grammar.ts";
import { anyOf, mention, moment, quoted } from "./blocks/text.ts";

export type Reason =
  | GrammarProblem
  | StageReason
  | UnstageReason
  | EditReason
  | UnknownStatus
  | RoleReason
  | SettingsReason
  | CreateCommitReason
  | CloseReason
  | RequestReviewReason
  | DecideReason
  | DecideDeadLetterReason
  | TraceReason
  | StartPushReason
  | CancelReason
  | SearchReason
  | ReindexReason
  | CreateWebhookReason
  | UpdateWebhookReason
  | SwitchWebhookReason
  | RotateWebhookReason
  | ReplayReason
  | DeliveryNotFound
  | RetryReason
  | CreateTokenReason
  | RevokeTokenReason;

/** In mrkdwn. Nothing was changed when a verb refuses. */
// oxlint-disable-next-line max-lines-per-function -- one exhaustive switch, a case a reason
export const explain = (reason: Reason): string => {
  switch (reason.code) {
    case "unclosed_quote":
      return `A quote is never closed: \`"${quoted(reason.after, 30)}\`. Close it, or write \`\\"\` for a quote that is part of the text.`;
    case "unknown_option":
      return `There is no option \`${quoted(reason.typed, 40)}\` here. ${
        reason.suggestion ? `Did you mean \`${reason.suggestion}\`?` : known("Options", reason.allowed)
      }`;
    case "option_value_required":
      return `\`${quoted(reason.option, 40)}\` needs ${reason.value} after it.`;
    case "duplicate_field":
      return `\`${quoted(reason.field, 40)}\` is given twice. Give it once; several values of a list are separated by commas.`;
    case "forbidden":
      return `Only ${article(reason.needed)} may ${permissionWords[reason.permission]}; you are ${article(reason.role)}. Ask ${anyOf(reason.whoMay)}.`;
    case "insufficient_scope":
      return `The token ${quoted(reason.token, 60)} may not ${permissionWords[reason.permission]}: it was made without the scope \`${reason.scope}\`. \`/cv tokens new\` makes another.`;
    case "conflict":
      return "Somebody was faster and changed this a moment ago. Nothing was changed by you; look at it and try again.";
    case "duplicate_request":
      return "This was done already when it came in the first time. Nothing was changed twice.";
    case "unknown_target":
      return `\`${quoted(reason.typed, 40)}\` is not a target. ${
        reason.suggestion ? `Did you mean \`${reason.suggestion}\`?` : known("Targets", reason.allowed)
      }`;
    case "unknown_entity_type":
      return `There is no entity type \`${quoted(reason.typed, 40)}\`. ${
        reason.suggestion ? `Did you mean \`${reason.suggestion}\`?` : known("Types", reason.allowed)
      }`;
    case "invalid_values":
      return [
        `${reason.problems.length === 1 ? "This does" : "These do"} not fit ${article(reason.entityType)}, so nothing was staged:`,
        ...reason.problems.map(
          ({ field, rule, example }) =>
            `•  \`${quoted(field, 40)}\` ${quoted(rule)}${rule.endsWith("?") ? "" : "."} For example \`${quoted(example, 200)}\``,
        ),
      ].join("\n");
    case "row_not_found": {
      const where = reason.target ? ` at ${quoted(reason.target)}` : "";
      const hint = reason.target
        ? `It exists elsewhere: name the target that has it with \`--target\`.`
        : reason.suggestions.length > 0
          ? `Did you mean ${reason.suggestions.map((id) => `\`${quoted(id, 80)}\``).join(" or ")}?`
          : "Give its id, such as `python-1`, or its exact name.";
      return `There is no ${reason.entityType} \`${quoted(reason.typed, 80)}\`${where}. ${hint}`;
    }
    case "values_required":
      return `Say what to change: \`field=value\`, for example \`/cv stage update ${reason.entityType} &lt;id&gt; name="New name"\`.`;
    case "values_not_allowed":
      return "A delete takes no `field=value`. To change the row instead, use `/cv stage update`.";
    case "no_change":
      return `*${quoted(reason.name)}* has ${reason.fields.length === 1 ? "this value" : "these values"} already: ${reason.fields.map((field) => `\`${quoted(field, 40)}\``).join(", ")}. Nothing to stage.`;
    case "staged_for_deletion":
      return `*${quoted(reason.name)}* is staged for removal as change ${reason.number}. \`/cv unstage ${reason.number}\` first.`;
    case "nothing_staged":
      return "You have nothing staged. Start with `/cv stage update technology python-1 experience_years=8`.";
    case "change_not_found":
      return `There is no staged change ${reason.numbers.join(", ")}. \`/cv staged\` lists them.`;
    case "not_author":
      return `#${reason.number} belongs to ${mention(reason.author)}; only they or an admin may do that.`;
    case "change_committed":
      return `Change ${reason.number} is part of commit #${reason.commit.commitNumber}. ${
        reason.commit.status === "pending"
          ? `\`/cv reopen ${reason.commit.commitNumber}\` stages its changes again, and then it can be edited.`
          : `That is on its way or applied (${reason.commit.status}), so it stays as it is: stage a new change.`
      }`;
    case "change_not_editable":
      return `Change ${reason.number} removes a row, so it has no values to edit. \`/cv unstage ${reason.number}\` takes it back.`;
    case "nothing_to_edit":
      return `Say what to change: \`field=value\`, for example \`/cv edit ${reason.number} name="New name"\`.`;
    case "missing_dependency":
      return `Change ${reason.number} is about a row that change ${reason.on} makes, so it cannot go without it. Choose both: \`--only ${reason.on},${reason.number}\`.`;
    case "invalid_reviewers":
      return `${reason.userIds.map(mention).join(" and ")} may not approve commit #${reason.number}. ${
        reason.reviewers.length > 0
          ? `${anyOf(reason.reviewers)} may.`
          : "Nobody may: an admin gives somebody the role with `/cv roles @person approver`."
      }`;
    case "not_pushed":
      return `Commit #${reason.number} was never pushed, so there is no timeline yet. \`/cv why ${reason.number}\` says what stands in between.`;
    case "dead_letter_not_found":
      return `There is no message ${reason.number} that could not be delivered. \`/cv dead-letters --all\` lists them.`;
    case "dead_letter_settled":
      return `Message ${reason.number} needs nothing from you now: ${standingOf({ ...reason, reason: null })}. \`/cv dead-letters show ${reason.number}\` says more.`;
    case "not_retryable":
      return reason.queue === "slack"
        ? `Message ${reason.number} is something that was asked for in Slack: whoever asked does it again there. \`/cv dead-letters discard ${reason.number} &lt;reason&gt;\` closes it.`
        : `Nothing would take message ${reason.number} if it were sent again. \`/cv dead-letters discard ${reason.number} &lt;reason&gt;\` closes it.`;
    case "reason_required":
      return `Say why: \`/cv dead-letters discard ${reason.number} pushed again since\`.`;
    case "reason_too_long":
      return `The reason has ${reason.length} characters; it may have ${reason.maxLength}.`;
    case "token_name_required":
      return `Say what the token is for, in 1 to ${reason.maxLength} characters: \`/cv tokens new CI\`.`;
    case "scopes_required":
      return known("Say what the token may do. Scopes", reason.allowed);
    case "unknown_scope":
      return `There is no scope \`${quoted(reason.typed, 40)}\`. ${
        reason.suggestion ? `Did you mean \`${reason.suggestion}\`?` : known("Scopes", reason.allowed)
      }`;
    case "scope_exceeds_role":
      return `You are ${article(reason.role)}, so a token of yours could do nothing with the scope \`${reason.scope}\`.`;
    case "token_lifetime_out_of_range":
      return `A token lives ${reason.min} to ${reason.max} days. For example \`/cv tokens new CI --days 90\`.`;
    case "too_many_tokens":
      return `You have ${reason.max} tokens. \`/cv tokens\` lists them: revoke one first.`;
    case "token_not_allowed":
      return "A token makes no tokens.";
    case "token_not_found":
      return `You have no token ${reason.number}. \`/cv tokens\` lists them.`;
    case "token_inactive":
      return `Token ${reason.number} is ${reason.state} already.`;
    case "unknown_status":
      return `There is no status \`${quoted(reason.typed, 40)}\`. ${
        reason.suggestion ? `Did you mean \`${reason.suggestion}\`?` : known("There are", reason.allowed)
      }`;
    case "approvals_out_of_range":
      return `A commit needs ${reason.min} to ${reason.max} approvals. For example \`/cv settings approvals 2\`.`;
    case "solo_mode_one_approval":
      return "In solo mode one approval is enough, as there may be nobody else. `/cv settings mode team` first.";
    case "last_admin":
      return `${mention(reason.userId)} is the last admin, and there has to be one. Make somebody else an admin first: \`/cv roles @person admin\`.`;
    case "message_required":
      return 'Say in a few words what the commit does: `/cv commit -m "Skill updates"`.';
    case "message_too_long":
      return `The message has ${reason.length} characters; it may have ${reason.maxLength}.`;
    case "empty_commit":
      return `Your staged changes (${reason.numbers.join(", ")}) cancel each other out: nothing would change. \`/cv unstage all\` discards them.`;
    case "commit_not_found":
      return `There is no commit #${reason.number}. \`/cv commits\` lists them.`;
    case "already_pushed":
      return `Commit #${reason.number} is on its way or applied (${reason.status}), so it stays as it is. Stage a new change to undo it.`;
    case "already_closed":
      return `Commit #${reason.number} is ${reason.review} already.`;
    case "already_decided":
      return "decidedBy" in reason ? decided(reason) : `Commit #${reason.number} is ${reason.review} already.`;
    case "commit_changed":
      return `Commit #${reason.number} has changed since this card was shown. Look at it again: \`/cv show ${reason.number}\`.`;
    case "not_in_review":
      return `Commit #${reason.number} is not waiting for review: it is ${reason.review === "draft" ? "a draft" : reason.review}.`;
    case "self_approval":
      return `You wrote commit #${reason.number}, so somebody else has to approve it: ${anyOf(reason.reviewers)}.${
        reason.reviewers.length === 0
          ? " An admin can give somebody the role, or switch with `/cv settings mode solo`."
          : ""
      }`;
    case "already_approved":
      return `You have approved commit #${reason.number} already; it needs ${plural(reason.missing, "more approval")} by somebody else.`;
    case "not_approved":
      return notApproved(reason);
    case "no_changes_for_target":
      return `Commit #${reason.number} changes nothing in ${reason.targets.map((name) => quoted(name)).join(", ")}.`;
    case "push_in_progress":
      return reason.state === "timeout"
        ? `What became of commit #${reason.number} at ${quoted(reason.target)} is not known yet. \`/cv retry ${reason.number}\` asks and tries again.`
        : `Commit #${reason.number} is on its way to ${quoted(reason.target)}. \`/cv status ${reason.number}\` shows how far.`;
    case "drifted":
      return [
        `${quoted(reason.target)} has changed under commit #${reason.number}, so nothing was sent:`,
        ...reason.drifts.map(driftLine),
        `\`/cv reopen ${reason.number}\` stages its changes again, so that you can look at them and stage what you want now.`,
      ].join("\n");
    case "nothing_to_retry":
      return `Nothing of commit #${reason.number} has failed (${reason.status}), so there is nothing to retry.`;
    case "outcome_received":
      return `${quoted(reason.target)} answers for commit #${reason.number} after all: see its thread. Nothing was sent again.`;
    case "outcome_unknown":
      return `It is not known whether ${quoted(reason.target)} applied commit #${reason.number}, and it does not answer. Nothing was sent again; it is asked every minute.`;
    case "nothing_to_cancel":
      return `Nothing of commit #${reason.number} is on its way (${reason.status}), so there is nothing to cancel.`;
    case "already_applied":
      return `Commit #${reason.number} is applied to ${reason.targets.map((name) => quoted(name)).join(" and ")} already. Stage a new change to undo it.`;
    case "cancel_unconfirmed":
      return `${reason.targets.map((name) => quoted(name)).join(" and ")} gave no answer, so it is not known whether commit #${reason.number} was applied there, and nothing was cancelled. It is asked again; \`/cv cancel ${reason.number}\` may be repeated.`;
    case "query_required":
      return "Say what to look for: `/cv search Python`.";
    case "query_too_long":
      return `The search has ${reason.length} characters; it may have ${reason.maxLength}.`;
    case "search_unavailable":
      return reason.unanswered.length === 0
        ? "None of the targets has a search."
        : `No target has searched: ${targetProblems(reason.unanswered)}. Try again in a minute.`;
    case "webhook_not_found":
      return `There is no webhook ${reason.number}. \`/cv webhooks\` lists them.`;
    case "delivery_not_found":
      return `There is no delivery ${reason.number}. \`/cv webhooks failures &lt;number&gt;\` lists what a webhook did not take.`;
    case "webhook_state_unchanged":
      return `Webhook ${reason.number} is ${reason.state} already.`;
    case "webhook_disabled":
      return `Webhook ${reason.number} is disabled, so nothing is sent there. \`/cv webhooks enable ${reason.number}\` first.`;
    case "delivery_pending":
      return `Delivery ${reason.number} is on its way already.`;
    case "invalid_time_range":
      return "The time to replay ends before it begins. For example `--since 2h`.";
    case "overlap_out_of_range":
      return `The secret before signs as well for ${reason.min} to ${reason.max} whole hours. For example \`--overlap 24\`.`;
    case "too_many_webhooks":
      return `A workspace has ${reason.max} webhooks at most. \`/cv webhooks\` lists them, and removes one.`;
    case "url_not_allowed":
      return `The address ${quoted(reason.message)}. For example \`https://hooks.example.com/cv\`.`;
    case "url_too_long":
      return `The address has ${reason.length} characters; it may have ${reason.maxLength}.`;
    case "events_required":
      return "Say which events, separated by commas: `--events job.*,commit.approved`, or `*` for all.";
    case "unknown_event":
      return `There is no event \`${quoted(reason.typed, 40)}\`. ${
        reason.suggestion
          ? `Did you mean \`${reason.suggestion}\`?`
          : known(
              "Events",
              reason.allowed.filter((name) => name.endsWith("*")),
            )
      }`;
    case "unknown_profile":
      return `There is no profile \`${quoted(reason.typed, 40)}\`. ${
        reason.suggestion ? `Did you mean \`${reason.suggestion}\`?` : known("Profiles", reason.allowed)
      }`;
    case "description_too_long":
      return `The description has ${reason.length} characters; it may have ${reason.maxLength}.`;
    case "reindex_failed":
      return reason.failed.length === 0
        ? `${reason.without.map((name) => quoted(name)).join(" and ")} has no index to rebuild.`
        : `No target has begun to rebuild its index: ${targetProblems(reason.failed)}. Try again in a minute.`;
  }
};

const known = (what: string, names: readonly string[]): string =>
  names.length === 0 ? "It takes none." : `${what}: ${names.map((name) => `\`${quoted(name, 40)}\``).join(", ")}.`;

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;

const decided = ({
  number,
  review,
  decidedBy,
  decidedAt,
}: {
  number: number;
  review: string;
  decidedBy: string | null;
  decidedAt: string | null;
}): string => {
  const who = decidedBy ? ` by ${mention(decidedBy)}` : "";
  const when = decidedAt ? `, ${moment(decidedAt)}` : "";
  const next = review === "approved" ? ` \`/cv push ${number} all\` is the next step.` : "";
  return `Commit #${number} was ${review} already${who}${when}.${next}`;
};

const notApproved = (reason: Extract<StartPushReason, { code: "not_approved" }>): string => {
  const { number, review, reviewers } = reason;
  switch (review) {
    case "draft":
      return `Commit #${number} is a draft. \`/cv review ${number}\` asks for the approval that it needs.`;
    case "rejected":
    case "dropped":
    case "reopened":
      return `Commit #${number} was ${review}, so it cannot be pushed.`;
    default:
      return reviewers.length === 0
        ? `Commit #${number} needs approval, and nobody can give it: an admin has to make somebody an approver, or choose \`/cv settings mode solo\`.`
        : `Commit #${number} is not approved yet. Ask ${anyOf(reviewers)}.`;
  }
};

const targetProblems = (problems: readonly { target: string; message: string }[]): string =>
  problems.map(({ target, message }) => `${quoted(target)} ${quoted(message).replace(/\.$/, "")}`).join("; ");

const driftLine = ({ entityType, entityId, name, kind, fields }: Drift): string =>
  kind === "not_yet"
    ? `•  ${entityType} *${quoted(name)}* (\`${quoted(entityId, 80)}\`) is not there yet: push the commit that makes it first`
    : kind === "gone"
      ? `•  ${entityType} *${quoted(name)}* (\`${quoted(entityId, 80)}\`) is not there any more`
      : `•  ${entityType} *${quoted(name)}*: somebody else has changed ${fields.map((field) => `\`${quoted(field, 40)}\``).join(", ")}`;
