/** Every reason for a refusal, with one text wherever it holds somebody's words. */
import type { Drift } from "../../../shared/use-cases/pushes/prepare-operations.ts";
import type { Reason } from "../../../bot/slack/reasons.ts";

type ByCode = { [Code in Reason["code"]]: Extract<Reason, { code: Code }>[] };

const driftsOf = (text: string): Drift[] =>
  (["gone", "not_yet", "changed"] as const).map((kind) => ({
    entityType: "technology",
    entityId: text,
    name: text,
    kind,
    fields: [text],
  }));

// oxlint-disable-next-line max-lines-per-function -- one table, an entry a code
const reasonsOf = (text: string): ByCode => {
  const number = 1;
  const texts = [text, text];
  const problems = [{ target: text, message: text }];
  const known = { suggestion: null, allowed: ["d1cv"] };
  return {
    unclosed_quote: [{ code: "unclosed_quote", after: text }],
    unknown_option: [{ code: "unknown_option", typed: text, ...known }],
    option_value_required: [{ code: "option_value_required", option: text, value: "a value" }],
    duplicate_field: [{ code: "duplicate_field", field: text }],
    forbidden: [{ code: "forbidden", permission: "push", role: "viewer", needed: "approver", whoMay: texts }],
    insufficient_scope: [{ code: "insufficient_scope", permission: "push", scope: "push", token: text }],
    token_name_required: [{ code: "token_name_required", maxLength: 60 }],
    scopes_required: [{ code: "scopes_required", allowed: texts }],
    unknown_scope: [{ code: "unknown_scope", typed: text, ...known }],
    scope_exceeds_role: [{ code: "scope_exceeds_role", scope: "push", role: "editor" }],
    token_lifetime_out_of_range: [{ code: "token_lifetime_out_of_range", min: 1, max: 365 }],
    too_many_tokens: [{ code: "too_many_tokens", max: 50 }],
    token_not_allowed: [{ code: "token_not_allowed" }],
    token_not_found: [{ code: "token_not_found", number }],
    token_inactive: [{ code: "token_inactive", number, state: "revoked" }],
    conflict: [{ code: "conflict" }],
    duplicate_request: [{ code: "duplicate_request" } as Extract<Reason, { code: "duplicate_request" }>],
    unknown_target: [{ code: "unknown_target", typed: text, ...known }],
    unknown_entity_type: [{ code: "unknown_entity_type", typed: text, ...known }],
    invalid_values: [
      {
        code: "invalid_values",
        entityType: "technology",
        problems: [{ field: text, rule: text, example: text }],
      } as unknown as Extract<Reason, { code: "invalid_values" }>,
    ],
    row_not_found: [
      { code: "row_not_found", entityType: "technology", typed: text, target: text, suggestions: [] },
      { code: "row_not_found", entityType: "technology", typed: text, target: null, suggestions: texts },
    ],
    values_required: [{ code: "values_required", entityType: "technology" }],
    values_not_allowed: [{ code: "values_not_allowed" }],
    no_change: [{ code: "no_change", name: text, fields: texts }],
    staged_for_deletion: [{ code: "staged_for_deletion", name: text, number }],
    nothing_staged: [{ code: "nothing_staged" }],
    change_not_found: [{ code: "change_not_found", numbers: [number] }],
    not_author: [{ code: "not_author", number, author: text }],
    change_committed: [{ code: "change_committed", number, commit: { commitNumber: number, status: "pending" } }],
    change_not_editable: [{ code: "change_not_editable", number }],
    nothing_to_edit: [{ code: "nothing_to_edit", number }],
    missing_dependency: [{ code: "missing_dependency", number, on: 2 }],
    invalid_reviewers: [{ code: "invalid_reviewers", number, userIds: texts, reviewers: texts }],
    unknown_status: [{ code: "unknown_status", typed: text, ...known }],
    approvals_out_of_range: [{ code: "approvals_out_of_range", min: 1, max: 5 }],
    solo_mode_one_approval: [{ code: "solo_mode_one_approval" }],
    last_admin: [{ code: "last_admin", userId: text }],
    message_required: [{ code: "message_required" }],
    message_too_long: [{ code: "message_too_long", length: 600, maxLength: 500 }],
    empty_commit: [{ code: "empty_commit", numbers: [number] }],
    commit_not_found: [{ code: "commit_not_found", number }],
    already_pushed: [{ code: "already_pushed", number, status: "applied_all" }],
    already_closed: [{ code: "already_closed", number, review: "dropped" }],
    already_decided: [
      { code: "already_decided", number, review: "approved", decidedBy: text, decidedAt: text },
      { code: "already_decided", number, review: "approved" },
    ],
    commit_changed: [{ code: "commit_changed", number }],
    not_in_review: [{ code: "not_in_review", number, review: "draft" }],
    self_approval: [{ code: "self_approval", number, reviewers: texts }],
    already_approved: [{ code: "already_approved", number, missing: 1 }],
    not_approved: [{ code: "not_approved", number, review: "in_review", missing: 1, reviewers: texts }],
    no_changes_for_target: [{ code: "no_changes_for_target", number, targets: texts }],
    already_applied: [{ code: "already_applied", number, targets: texts }],
    push_in_progress: [
      { code: "push_in_progress", number, target: text, state: "timeout" },
      { code: "push_in_progress", number, target: text, state: "processing" },
    ],
    drifted: [{ code: "drifted", number, target: text, drifts: driftsOf(text) }],
    nothing_to_retry: [{ code: "nothing_to_retry", number, status: "pending" }],
    outcome_received: [{ code: "outcome_received", number, target: text }],
    outcome_unknown: [{ code: "outcome_unknown", number, target: text }],
    nothing_to_cancel: [{ code: "nothing_to_cancel", number, status: "pending" }],
    cancel_unconfirmed: [{ code: "cancel_unconfirmed", number, targets: texts }],
    query_required: [{ code: "query_required" }],
    query_too_long: [{ code: "query_too_long", length: 400, maxLength: 300 }],
    search_unavailable: [{ code: "search_unavailable", unanswered: problems }],
    not_pushed: [{ code: "not_pushed", number }],
    dead_letter_not_found: [{ code: "dead_letter_not_found", number }],
    dead_letter_settled: [
      { code: "dead_letter_settled", number, state: "discarded", decidedBy: text, decidedAt: text },
    ],
    not_retryable: [{ code: "not_retryable", number, queue: text }],
    reason_required: [{ code: "reason_required", number }],
    reason_too_long: [{ code: "reason_too_long", length: 600, maxLength: 500 }],
    webhook_not_found: [{ code: "webhook_not_found", number }],
    delivery_not_found: [{ code: "delivery_not_found", number }],
    webhook_state_unchanged: [{ code: "webhook_state_unchanged", number, state: "active" }],
    webhook_disabled: [{ code: "webhook_disabled", number }],
    delivery_pending: [{ code: "delivery_pending", number }],
    invalid_time_range: [{ code: "invalid_time_range" }],
    overlap_out_of_range: [{ code: "overlap_out_of_range", min: 0, max: 168 }],
    too_many_webhooks: [{ code: "too_many_webhooks", max: 20 }],
    url_not_allowed: [{ code: "url_not_allowed", rule: "spelling", message: text }],
    url_too_long: [{ code: "url_too_long", length: 3000, maxLength: 2000 }],
    events_required: [{ code: "events_required", allowed: ["*"] }],
    unknown_event: [
      { code: "unknown_event", typed: text, ...known },
      { code: "unknown_event", typed: text, suggestion: "job.*", allowed: ["job.*"] },
    ],
    unknown_profile: [{ code: "unknown_profile", typed: text, ...known }],
    description_too_long: [{ code: "description_too_long", length: 300, maxLength: 200 }],
    reindex_failed: [
      { code: "reindex_failed", without: texts, failed: [] },
      { code: "reindex_failed", without: [], failed: problems },
    ],
  };
};

export const reasonFixtures = (text: string): Reason[] => Object.values(reasonsOf(text)).flat();
