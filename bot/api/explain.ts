/** Every reason for which the API refuses, in plain words for whoever writes the program: one exhaustive switch. */
import { permissionWords } from "../../shared/domain/workspace/permission-messages.ts";
import type { CancelReason } from "../../shared/use-cases/pushes/cancel-push.ts";
import type { CloseReason } from "../../shared/use-cases/commits/close-commit.ts";
import type { CreateCommitReason } from "../../shared/use-cases/commits/create-commit.ts";
import type { CreateTokenReason } from "../../shared/use-cases/workspace/create-token.ts";
import type { DecideDeadLetterReason } from "../../shared/use-cases/dead-letters/decide-dead-letter.ts";
import type { DecideReason } from "../../shared/use-cases/reviews/decide-commit.ts";
import type { EditReason } from "../../shared/use-cases/staging/edit-change.ts";
import type { ShowJobReason, ShowPushReason } from "../../shared/use-cases/pushes/follow-push.ts";
import type { UnknownStatus } from "../../shared/use-cases/commits/list-commits.ts";
import type { Drift } from "../../shared/use-cases/pushes/prepare-operations.ts";
import type { ListRowsReason } from "../../shared/use-cases/portfolio/list-rows.ts";
import type { ReindexReason } from "../../shared/use-cases/portfolio/reindex-targets.ts";
import type { RequestReviewReason } from "../../shared/use-cases/reviews/request-review.ts";
import type { RetryReason } from "../../shared/use-cases/pushes/retry-push.ts";
import type { RevokeTokenReason } from "../../shared/use-cases/workspace/revoke-token.ts";
import type { RoleReason } from "../../shared/use-cases/workspace/set-role.ts";
import type { SearchReason } from "../../shared/use-cases/portfolio/search-portfolio.ts";
import type { SettingsReason } from "../../shared/use-cases/workspace/set-settings.ts";
import type { StageReason } from "../../shared/use-cases/staging/stage-change.ts";
import type { StartPushReason } from "../../shared/use-cases/pushes/start-push.ts";
import type { TraceReason } from "../../shared/use-cases/pushes/trace-push.ts";
import type { UnstageReason } from "../../shared/use-cases/staging/unstage-changes.ts";
import { type WebhookReason, explainWebhookReason } from "./explain-webhooks.ts";
import type { FieldError } from "./parse.ts";

/** What only a request over HTTP can have wrong. */
export type HttpReason =
  | { code: "invalid_request"; errors: FieldError[] }
  | { code: "malformed_body" }
  | { code: "unsupported_media_type" }
  | { code: "too_large"; maxBytes: number }
  | { code: "unauthorized"; because: string }
  /** Those to which the person belongs; no other is told of. */
  | { code: "workspace_required"; workspaces: { id: string; name: string | null }[] }
  | { code: "cross_origin" }
  | { code: "rate_limited"; retryAfterSeconds: number }
  | { code: "idempotency_key_reused" }
  | { code: "invalid_idempotency_key" }
  | { code: "not_found"; path: string }
  | { code: "method_not_allowed"; allowed: string[] }
  | { code: "unavailable" }
  | { code: "upgrade_required" }
  | { code: "too_many_connections" }
  | { code: "internal" }
  | { code: "entity_id_required"; action: string };

export type ApiReason =
  | HttpReason
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
  | ShowPushReason
  | ShowJobReason
  | CancelReason
  | SearchReason
  | ListRowsReason
  | ReindexReason
  | RetryReason
  | CreateTokenReason
  | RevokeTokenReason
  | WebhookReason;

// oxlint-disable-next-line max-lines-per-function -- one exhaustive switch, a case a reason
export const explainToProgram = (reason: ApiReason): string => {
  switch (reason.code) {
    case "invalid_request":
      return `${reason.errors.map(({ field, rule }) => `${field} ${rule}`).join("; ")}.`;
    case "malformed_body":
      return "Send the body as a JSON object.";
    case "unsupported_media_type":
      return "Send the body as JSON, with Content-Type: application/json.";
    case "too_large":
      return `A body may have ${reason.maxBytes} bytes.`;
    case "unauthorized":
      return `${reason.because} Send "Authorization: Bearer <token>"; /cv tokens new in Slack makes one.`;
    case "workspace_required":
      return `Say which workspace, with the header CV-Workspace, or ?workspace= for a live connection. Yours: ${reason.workspaces.map(({ id, name }) => (name === null ? id : `${id} (${name})`)).join(", ")}.`;
    case "cross_origin":
      return "A request of somebody who signed in with their browser has to come from CV Ops' own pages.";
    case "rate_limited":
      return `Wait ${reason.retryAfterSeconds} s, as Retry-After says.`;
    case "idempotency_key_reused":
      return "This Idempotency-Key came with another request within the last day. Use a new key for a new request.";
    case "invalid_idempotency_key":
      return "An Idempotency-Key has 1 to 200 visible ASCII characters.";
    case "not_found":
      return `There is nothing at ${reason.path}. /docs lists what there is.`;
    case "method_not_allowed":
      return `This address takes ${reason.allowed.join(", ")}.`;
    case "unavailable":
      return "Something that CV Ops needs does not answer just now. What was asked may or may not have been done: send the same request again, with the same Idempotency-Key.";
    case "upgrade_required":
      return "This address takes WebSockets. Over plain HTTP, follow events at /v2/stream.";
    case "too_many_connections":
      return "As many connections follow this workspace as it can serve. Close some, or ask for /v2/events now and then.";
    case "internal":
      return "This is a fault of CV Ops. Whoever runs it finds the cause by the trace id.";
    case "entity_id_required":
      return `/entityId is needed for ${reason.action}: the id of the row, such as python-1, or its exact name. A CREATE takes none.`;
    case "forbidden":
      return `Only ${article(reason.needed)} may ${permissionWords[reason.permission]}; you are ${article(reason.role)}. ${ask(reason.whoMay)}`;
    case "insufficient_scope":
      return `The token "${reason.token}" was made without the scope "${reason.scope}", which it takes to ${permissionWords[reason.permission]}. /cv tokens new in Slack makes another.`;
    case "token_not_allowed":
      return "Tokens are made by people: with /cv tokens new in Slack.";
    case "conflict":
      return "Somebody changed this a moment ago, so nothing was changed. Look at it and try again.";
    case "duplicate_request":
      return "This was done when it came in the first time, and was not done twice.";
    case "unknown_target":
    case "unknown_entity_type":
    case "unknown_status":
    case "unknown_scope":
      return `There is no "${reason.typed}" here. ${reason.suggestion ? `Did you mean "${reason.suggestion}"? ` : ""}There are: ${reason.allowed.join(", ")}.`;
    case "invalid_values":
      return `This does not fit ${article(reason.entityType)}: ${reason.problems.map(({ field, rule, example }) => `${field} ${rule} (for example ${example})`).join("; ")}.`;
    case "row_not_found":
      return `There is no ${reason.entityType} "${reason.typed}"${reason.target ? ` at ${reason.target}` : ""}.${reason.suggestions.length > 0 ? ` Did you mean ${reason.suggestions.join(" or ")}?` : " Give its id, or its exact name."}`;
    case "values_required":
      return "/payload is needed: say which fields get which value.";
    case "values_not_allowed":
      return "A DELETE takes no /payload.";
    case "no_change":
      return `${reason.name} has these values already: ${reason.fields.join(", ")}.`;
    case "staged_for_deletion":
      return `${reason.name} is staged for removal as change ${reason.number}: DELETE /v2/staged/${reason.number} first.`;
    case "nothing_staged":
      return "You have nothing staged. POST /v2/stage stages a change.";
    case "change_not_found":
      return `There is no staged change ${reason.numbers.join(", ")}. GET /v2/staged lists them.`;
    case "not_author":
      return `#${reason.number} belongs to ${reason.author}; only they or an admin may do that.`;
    case "change_committed":
      return `Change ${reason.number} is part of commit ${reason.commit.commitNumber} (${reason.commit.status}).${reason.commit.status === "pending" ? ` POST /v2/commits/${reason.commit.commitNumber}/reopen stages its changes again.` : " Stage a new change."}`;
    case "change_not_editable":
      return `Change ${reason.number} removes a row, so it has no values to edit.`;
    case "nothing_to_edit":
      return "Give /payload, /targets or /summary.";
    case "missing_dependency":
      return `Change ${reason.number} is about a row that change ${reason.on} makes: commit both, or neither.`;
    case "invalid_reviewers":
      return `${reason.userIds.join(", ")} may not approve commit ${reason.number}. ${ask(reason.reviewers)}`;
    case "not_pushed":
      return `Commit ${reason.number} was never pushed. GET /v2/commits/${reason.number}/checks says what stands in between.`;
    case "dead_letter_not_found":
      return `There is no message ${reason.number} that could not be delivered.`;
    case "dead_letter_settled":
      return `Message ${reason.number} is ${reason.state} already.`;
    case "not_retryable":
      return `Nothing would take message ${reason.number} of ${reason.queue} if it were sent again: discard it with a reason.`;
    case "reason_required":
      return "/reason is needed: say why nothing has to be sent.";
    case "reason_too_long":
    case "message_too_long":
    case "query_too_long":
      return `It has ${reason.length} characters; it may have ${reason.maxLength}.`;
    case "approvals_out_of_range":
      return `/approvalsNeeded must be ${reason.min} to ${reason.max}.`;
    case "solo_mode_one_approval":
      return "In solo mode one approval is enough, as there may be nobody else. Choose team mode for more.";
    case "last_admin":
      return `${reason.userId} is the last admin, and there has to be one. Make somebody else an admin first.`;
    case "message_required":
      return "/message is needed: say in a few words what the commit does.";
    case "empty_commit":
      return `Changes ${reason.numbers.join(", ")} cancel each other out: nothing would change.`;
    case "commit_not_found":
      return `There is no commit ${reason.number}. GET /v2/commits lists them.`;
    case "push_not_found":
      return `There is no push ${reason.number}.`;
    case "job_not_found":
      return `There is no job ${reason.jobId}.`;
    case "already_pushed":
      return `Commit ${reason.number} is on its way or applied (${reason.status}), so it stays as it is.`;
    case "already_closed":
    case "already_decided":
      return `Commit ${reason.number} is ${reason.review} already.`;
    case "commit_changed":
      return `Commit ${reason.number} has another content than the /hash that you gave. GET /v2/commits/${reason.number} shows it.`;
    case "not_in_review":
      return `Commit ${reason.number} is not waiting for review: it is ${reason.review}.`;
    case "self_approval":
      return `You wrote commit ${reason.number}. ${ask(reason.reviewers)}`;
    case "already_approved":
      return `You have approved commit ${reason.number}; it needs ${reason.missing} more by others.`;
    case "not_approved":
      return reason.review === "draft"
        ? `Commit ${reason.number} is a draft: POST /v2/commits/${reason.number}/review asks for its approval.`
        : `Commit ${reason.number} is ${reason.review}, not approved. ${ask(reason.reviewers)}`;
    case "no_changes_for_target":
      return `Commit ${reason.number} changes nothing in ${reason.targets.join(", ")}.`;
    case "push_in_progress":
      return reason.state === "timeout"
        ? `What became of commit ${reason.number} at ${reason.target} is not known yet: POST /v2/commits/${reason.number}/retry asks and tries again.`
        : `Commit ${reason.number} is on its way to ${reason.target}.`;
    case "drifted":
      return `${reason.target} has changed under commit ${reason.number}, so nothing was sent: ${reason.drifts.map(driftWords).join("; ")}. POST /v2/commits/${reason.number}/reopen stages its changes again.`;
    case "nothing_to_retry":
      return `Nothing of commit ${reason.number} has failed (${reason.status}).`;
    case "outcome_received":
      return `${reason.target} answers for commit ${reason.number} after all. Nothing was sent again.`;
    case "outcome_unknown":
      return `It is not known whether ${reason.target} applied commit ${reason.number}, and it does not answer. Nothing was sent again; it is asked every minute.`;
    case "nothing_to_cancel":
      return `Nothing of commit ${reason.number} is on its way (${reason.status}).`;
    case "already_applied":
      return `Commit ${reason.number} is applied to ${reason.targets.join(" and ")} already. Stage a new change to undo it.`;
    case "cancel_unconfirmed":
      return `${reason.targets.join(" and ")} gave no answer, so nothing was cancelled. It may be repeated.`;
    case "query_required":
      return "Say what to look for: ?q=Python.";
    case "search_unavailable":
      return `No target has searched. ${targetWords(reason.unanswered)}`.trim();
    case "rows_unavailable":
      return `No target has shown its rows. ${targetWords(reason.unanswered)}`.trim();
    case "reindex_failed":
      return `No index is being rebuilt. ${targetWords(reason.failed)}`.trim();
    case "token_name_required":
      return `A token has a name of 1 to ${reason.maxLength} characters.`;
    case "scopes_required":
      return `Say what the token is for: ${reason.allowed.join(", ")}.`;
    case "scope_exceeds_role":
      return `You are ${article(reason.role)}, so a token of yours can do nothing with the scope ${reason.scope}.`;
    case "token_lifetime_out_of_range":
      return `A token lives ${reason.min} to ${reason.max} days.`;
    case "too_many_tokens":
      return `You have ${reason.max} tokens. Revoke one first.`;
    case "token_not_found":
      return `There is no token ${reason.number}.`;
    case "token_inactive":
      return `Token ${reason.number} is ${reason.state} already.`;
    default:
      return explainWebhookReason(reason);
  }
};

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;

const ask = (userIds: readonly string[]): string =>
  userIds.length === 0 ? "Nobody may: an admin gives somebody the role." : `Ask ${userIds.join(" or ")}.`;

const driftWords = ({ entityType, entityId, kind, fields }: Drift): string =>
  kind === "not_yet"
    ? `${entityType} ${entityId} is not there yet`
    : kind === "gone"
      ? `${entityType} ${entityId} is not there any more`
      : `${entityType} ${entityId} has another ${fields.join(", ")}`;

const targetWords = (problems: readonly { target: string; message: string }[]): string =>
  problems.map(({ target, message }) => `${target}: ${message.replace(/\.$/, "")}.`).join(" ");
