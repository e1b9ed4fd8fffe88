/** Every refusal, with one text wherever it holds somebody's words. */
import type { Refusal, RefusalCode } from "../../../shared/contract/refusals.ts";
import { type Conflict, conflictKinds } from "../../../shared/domain/commits/conflict.ts";
import { voidReasons } from "../../../shared/domain/commits/judgement.ts";
import { signInRefusals } from "../../../shared/domain/workspace/sign-in.ts";
import { stateNames } from "../../../shared/domain/states.ts";

type ByCode = { [Code in RefusalCode]: Refusal<Code>[] };

export const conflictsOf = (text: string): Conflict[] =>
  conflictKinds.flatMap((kind) =>
    (kind === "changed" ? (["UPDATE", "DELETE"] as const) : (["UPDATE"] as const)).map((action) => ({
      targets: [text, text],
      entityType: "technology" as const,
      entityId: text,
      name: text,
      action,
      kind,
      fields: kind === "not_yet" ? [] : [{ field: text, base: text, live: null, yours: [text] }],
    })),
  );

// oxlint-disable-next-line max-lines-per-function -- one table, an entry a code
const byCode = (text: string): ByCode => {
  const number = 1;
  const texts = [text, text];
  const problems = [{ target: text, message: text }];
  const known = { suggestion: null, allowed: ["d1cv"] };
  return {
    invalid_request: [{ code: "invalid_request", errors: [{ field: text, rule: text }] }],
    malformed_body: [{ code: "malformed_body" }],
    unsupported_media_type: [{ code: "unsupported_media_type" }],
    too_large: [{ code: "too_large", maxBytes: 1000 }],
    unauthorized: [{ code: "unauthorized", because: text }],
    workspace_required: [
      {
        code: "workspace_required",
        workspaces: [
          { id: text, name: text },
          { id: text, name: null },
        ],
      },
    ],
    cross_origin: [{ code: "cross_origin" }],
    rate_limited: [{ code: "rate_limited", retryAfterSeconds: 1 }],
    idempotency_key_reused: [{ code: "idempotency_key_reused" }],
    invalid_idempotency_key: [{ code: "invalid_idempotency_key" }],
    not_found: [{ code: "not_found", path: text }],
    method_not_allowed: [{ code: "method_not_allowed", allowed: texts }],
    unavailable: [{ code: "unavailable" }],
    upgrade_required: [{ code: "upgrade_required" }],
    too_many_connections: [{ code: "too_many_connections" }],
    connections_exceeded: [{ code: "connections_exceeded", max: 20 }],
    internal: [{ code: "internal" }],
    entity_id_required: [{ code: "entity_id_required", action: text }],
    unknown_action: [
      { code: "unknown_action", typed: text, suggestion: "update" },
      { code: "unknown_action", typed: text, suggestion: null },
      { code: "unknown_action", typed: null, suggestion: null },
    ],
    type_required: [{ code: "type_required" }],
    row_required: [{ code: "row_required" }],
    text_not_allowed: [
      { code: "text_not_allowed", what: "message", codePoint: "U+202E", rule: text },
      { code: "text_not_allowed", what: "reason", codePoint: null, rule: text },
    ],
    id_not_allowed: [{ code: "id_not_allowed", typed: text }],
    too_many_words: [{ code: "too_many_words", typed: text }],
    push_not_found: [{ code: "push_not_found", number }],
    job_not_found: [{ code: "job_not_found", jobId: text }],
    rows_unavailable: [
      { code: "rows_unavailable", unanswered: problems },
      { code: "rows_unavailable", unanswered: [] },
    ],
    unclosed_quote: [{ code: "unclosed_quote", after: text }],
    unknown_option: [
      { code: "unknown_option", typed: text, ...known },
      { code: "unknown_option", typed: text, suggestion: "--target", allowed: ["--target"] },
      { code: "unknown_option", typed: text, suggestion: null, allowed: [] },
    ],
    option_value_required: [{ code: "option_value_required", option: text, value: "a value" }],
    duplicate_field: [{ code: "duplicate_field", field: text }],
    forbidden: [
      { code: "forbidden", permission: "push", role: "viewer", needed: "approver", whoMay: texts },
      { code: "forbidden", permission: "roles", role: "editor", needed: "admin", whoMay: [] },
    ],
    insufficient_scope: [{ code: "insufficient_scope", permission: "push", scope: "push", token: text }],
    token_name_required: [{ code: "token_name_required", maxLength: 60 }],
    scopes_required: [{ code: "scopes_required", allowed: texts }],
    unknown_scope: [{ code: "unknown_scope", typed: text, ...known }],
    scope_exceeds_role: [{ code: "scope_exceeds_role", scope: "push", role: "editor" }],
    token_lifetime_out_of_range: [{ code: "token_lifetime_out_of_range", min: 1, max: 365 }],
    too_many_tokens: [{ code: "too_many_tokens", max: 50 }],
    token_not_allowed: [{ code: "token_not_allowed" }],
    token_not_found: [{ code: "token_not_found", number }],
    sign_in_refused: signInRefusals.map((because) => ({ code: "sign_in_refused", because })),
    token_inactive: [{ code: "token_inactive", number, state: "revoked" }],
    login_not_found: [{ code: "login_not_found", typed: text }],
    login_unavailable: [{ code: "login_unavailable" }],
    conflict: [{ code: "conflict" }],
    duplicate_request: [{ code: "duplicate_request" }],
    unknown_target: [{ code: "unknown_target", typed: text, ...known }],
    unknown_entity_type: [{ code: "unknown_entity_type", typed: text, ...known }],
    invalid_values: [
      {
        code: "invalid_values",
        entityType: "technology",
        problems: [{ field: text, rule: text, example: text }],
      },
    ],
    commit_unreadable: [
      { code: "commit_unreadable", number: 7, rows: [{ table: "staged_changes", id: text, number: 3, cause: text }] },
      { code: "commit_unreadable", number: 7, rows: [{ table: null, id: null, number: null, cause: text }] },
    ],
    history_unreadable: (["missing", "damaged", "unbound"] as const).map((cause) => ({
      code: "history_unreadable" as const,
      key: text,
      from: 512,
      below: 1024,
      cause,
    })),
    row_unreadable: [{ code: "row_unreadable", entityType: "technology", entityId: text, target: text, cause: text }],
    push_too_large: [
      {
        code: "push_too_large",
        number: 7,
        oversized: [{ target: text, bytes: 1_200_000 }],
        maxBytes: 900_000,
        canReopen: true,
      },
      {
        code: "push_too_large",
        number: 7,
        oversized: [{ target: text, bytes: 1_200_000 }],
        maxBytes: 900_000,
        canReopen: false,
      },
    ],
    superseded: [
      {
        code: "superseded",
        number: 7,
        by: [{ target: text, commitNumber: 9, entityType: "technology", entityId: text, fields: texts }],
        canReopen: true,
      },
      { code: "superseded", number: 7, by: [], canReopen: false },
    ],
    newer_on_its_way: [
      {
        code: "newer_on_its_way",
        number: 7,
        by: [{ target: text, commitNumber: 9, entityType: "technology", entityId: text, fields: texts }],
      },
    ],
    no_difference: [{ code: "no_difference", target: text, entityType: "technology", entityId: text }],
    push_again_not_possible: [null, number].map((last) => ({
      code: "push_again_not_possible",
      target: text,
      entityType: "technology",
      entityId: text,
      number: last,
    })),
    target_refused_size: [true, false].map((canReopen) => ({
      code: "target_refused_size",
      number,
      target: text,
      message: text,
      canReopen,
    })),
    row_missing: [{ code: "row_missing", target: text, entityType: "technology", entityId: text }],
    row_unresolved: [{ code: "row_unresolved", number: 7, typed: text, targets: texts }],
    row_not_found: [
      { code: "row_not_found", entityType: "technology", typed: text, target: text, suggestions: [] },
      { code: "row_not_found", entityType: "technology", typed: text, target: null, suggestions: texts },
    ],
    values_required: [{ code: "values_required", entityType: "technology" }],
    values_not_allowed: [{ code: "values_not_allowed" }],
    no_change: [{ code: "no_change", name: text, fields: texts }],
    already_staged: [{ code: "already_staged", name: text, fields: texts, number }],
    staged_for_deletion: [{ code: "staged_for_deletion", name: text, number }],
    nothing_staged: [{ code: "nothing_staged" }],
    change_not_found: [{ code: "change_not_found", numbers: [number] }],
    not_author: [{ code: "not_author", number, author: text }],
    change_committed: [
      { code: "change_committed", number, commit: { commitNumber: number, status: "pending" } },
      { code: "change_committed", number, commit: { commitNumber: number, status: text } },
    ],
    change_not_editable: [{ code: "change_not_editable", number }],
    note_not_editable: [{ code: "note_not_editable", number, author: text }],
    nothing_to_edit: [{ code: "nothing_to_edit", number }],
    contradicting_changes: [
      { code: "contradicting_changes", number, on: 2, kind: "removed", entityType: text, entityId: text },
      { code: "contradicting_changes", number, on: 2, kind: "exists", entityType: text, entityId: text },
    ],
    missing_dependency: [{ code: "missing_dependency", number, on: 2 }],
    invalid_reviewers: [{ code: "invalid_reviewers", number, userIds: texts, reviewers: texts }],
    unknown_status: [{ code: "unknown_status", typed: text, ...known }],
    approvals_out_of_range: [{ code: "approvals_out_of_range", min: 1, max: 5 }],
    solo_mode_one_approval: [{ code: "solo_mode_one_approval" }],
    last_admin: [{ code: "last_admin", userId: text }],
    own_erasure: [{ code: "own_erasure" }],
    message_required: [{ code: "message_required" }],
    note_too_long: [{ code: "note_too_long", length: 301, maxLength: 300 }],
    message_too_long: [{ code: "message_too_long", length: 600, maxLength: 500 }],
    empty_commit: [{ code: "empty_commit", numbers: [number] }],
    commit_not_found: [{ code: "commit_not_found", number }],
    already_pushed: [{ code: "already_pushed", number }],
    already_closed: [{ code: "already_closed", number, review: "dropped" }],
    already_decided: [
      { code: "already_decided", number, review: "approved", decidedBy: text, decidedAt: text },
      { code: "already_decided", number, review: "approved" },
      { code: "already_decided", number, review: "approved", next: "push" },
      { code: "already_decided", number, review: "approved", next: "retry" },
    ],
    commit_changed: [{ code: "commit_changed", number }],
    not_in_review: stateNames("review").map((review) => ({ code: "not_in_review", number, review })),
    edited_by_others: [1, 11].map((count) => ({
      code: "edited_by_others" as const,
      seen: "0123456789",
      edits: Array.from({ length: count }, () => ({
        number,
        name: text,
        by: texts,
        fields: Array.from({ length: count }, () => ({ field: text, before: null, after: text })),
      })),
    })),
    no_approval: [{ code: "no_approval", number }],
    solo_mode_one_approver: [{ code: "solo_mode_one_approver", approvers: texts }],
    contributor_approval: [texts, []].flatMap((reviewers) =>
      [[1], [1, 2]].map((changes) => ({ code: "contributor_approval" as const, number, changes, reviewers })),
    ),
    self_approval: [texts, []].map((reviewers) => ({ code: "self_approval", number, reviewers })),
    already_approved: [{ code: "already_approved", number, missing: 1 }],
    not_approved: stateNames("review").flatMap((review) =>
      [texts, []].map((reviewers) => ({
        code: "not_approved",
        number,
        review,
        missing: 1,
        reviewers,
        voided: voidReasons.map((because) => ({ userId: text, because })),
        ...(review === "approved" ? { isApplied: true } : {}),
      })),
    ),
    no_changes_for_target: [{ code: "no_changes_for_target", number, targets: texts }],
    already_applied: [{ code: "already_applied", number, targets: texts }],
    push_in_progress: [
      { code: "push_in_progress", number, target: text, state: "timeout" },
      { code: "push_in_progress", number, target: text, state: "processing" },
    ],
    drifted: [
      { code: "drifted", number, targets: texts, conflicts: conflictsOf(text), count: 9, seen: text },
      {
        code: "drifted",
        number,
        targets: [text],
        conflicts: conflictsOf(text).filter(({ kind }) => kind === "not_yet"),
        count: 2,
        seen: text,
      },
    ],
    no_conflicts: [
      { code: "no_conflicts", number, unanswered: [] },
      { code: "no_conflicts", number, unanswered: texts },
    ],
    conflicts_changed: [{ code: "conflicts_changed", number, conflicts: conflictsOf(text), count: 6, seen: text }],
    nothing_to_retry: [{ code: "nothing_to_retry", number }],
    outcome_received: [{ code: "outcome_received", number, target: text }],
    outcome_unknown: [{ code: "outcome_unknown", number, target: text }],
    nothing_to_cancel: [{ code: "nothing_to_cancel", number }],
    cancel_unconfirmed: [{ code: "cancel_unconfirmed", number, targets: texts }],
    query_required: [{ code: "query_required" }],
    query_too_long: [{ code: "query_too_long", length: 400, maxLength: 300 }],
    search_unavailable: [
      { code: "search_unavailable", unanswered: problems },
      { code: "search_unavailable", unanswered: [] },
    ],
    not_pushed: [{ code: "not_pushed", number }],
    dead_letter_not_found: [{ code: "dead_letter_not_found", number }],
    dead_letter_settled: (["retried", "resolved", "discarded"] as const).flatMap((state) => [
      { code: "dead_letter_settled", number, state, decidedBy: text, decidedAt: text },
      { code: "dead_letter_settled", number, state, decidedBy: null, decidedAt: null },
    ]),
    not_retryable: [
      { code: "not_retryable", number, queue: text },
      { code: "not_retryable", number, queue: "slack" },
    ],
    reason_required: [{ code: "reason_required", number }],
    reason_too_long: [{ code: "reason_too_long", length: 600, maxLength: 500 }],
    invalid_target_name: [{ code: "invalid_target_name", typed: text }],
    target_exists: [{ code: "target_exists", target: text }],
    too_many_targets: [{ code: "too_many_targets", max: 10 }],
    portfolio_required: [{ code: "portfolio_required", maxLength: 100 }],
    unknown_service: [
      { code: "unknown_service", typed: text, ...known },
      { code: "unknown_service", typed: text, suggestion: "d1cv", allowed: ["d1cv"] },
    ],
    invalid_target_secret: (["request", "webhook", "read"] as const).map((use) => ({
      code: "invalid_target_secret",
      use,
    })),
    secrets_required: [{ code: "secrets_required" }],
    target_not_proven: [
      { code: "target_not_proven", target: "d1cv", because: "unreachable", message: text },
      { code: "target_not_proven", target: "d1cv", because: "read", message: null },
      { code: "target_not_proven", target: "d1cv", because: "request", message: null },
    ],
    last_target: [{ code: "last_target", target: text }],
    target_in_use: [
      { code: "target_in_use", target: "d1cv", changes: [1], commits: [2, 3] },
      { code: "target_in_use", target: "d1cv", changes: [], commits: [2] },
    ],
    webhook_not_found: [{ code: "webhook_not_found", number }],
    delivery_not_found: [{ code: "delivery_not_found", number }],
    webhook_state_unchanged: [{ code: "webhook_state_unchanged", number, state: "active" }],
    webhook_disabled: [{ code: "webhook_disabled", number }],
    delivery_pending: [{ code: "delivery_pending", number }],
    invalid_time_range: [{ code: "invalid_time_range" }],
    overlap_out_of_range: [{ code: "overlap_out_of_range", min: 0, max: 168 }],
    too_many_webhooks: [{ code: "too_many_webhooks", max: 20 }],
    url_not_allowed: [{ code: "url_not_allowed", message: text }],
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

/** Every refusal, in each of its forms. */
export const refusalsSaying = (text: string): Refusal[] => Object.values<Refusal[]>(byCode(text)).flat();
