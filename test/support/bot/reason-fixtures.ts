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
  const known = { suggestion: null, known: ["d1cv"] };
  return {
    unclosed_quote: [{ code: "unclosed_quote", after: text }],
    unknown_option: [{ code: "unknown_option", typed: text, ...known }],
    option_needs_value: [{ code: "option_needs_value", option: text, value: "a value" }],
    field_twice: [{ code: "field_twice", field: text }],
    forbidden: [{ code: "forbidden", permission: "push", role: "viewer", needed: "approver", whoMay: texts }],
    out_of_scope: [{ code: "out_of_scope", permission: "push", scope: "push", token: text }],
    token_name_needed: [{ code: "token_name_needed", maxLength: 60 }],
    scopes_needed: [{ code: "scopes_needed", known: texts }],
    unknown_scope: [{ code: "unknown_scope", typed: text, ...known }],
    scope_beyond_role: [{ code: "scope_beyond_role", scope: "push", role: "editor" }],
    token_life_out_of_range: [{ code: "token_life_out_of_range", min: 1, max: 365 }],
    too_many_tokens: [{ code: "too_many_tokens", max: 50 }],
    needs_person: [{ code: "needs_person" }],
    token_not_found: [{ code: "token_not_found", number }],
    token_ended: [{ code: "token_ended", number, state: "revoked" }],
    conflict: [{ code: "conflict" }],
    repeated: [{ code: "repeated" } as Extract<Reason, { code: "repeated" }>],
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
    nothing_to_set: [{ code: "nothing_to_set", entityType: "technology" }],
    no_values_for_delete: [{ code: "no_values_for_delete" }],
    no_change: [{ code: "no_change", name: text, fields: texts }],
    staged_for_deletion: [{ code: "staged_for_deletion", name: text, number }],
    nothing_staged: [{ code: "nothing_staged" }],
    change_not_found: [{ code: "change_not_found", numbers: [number] }],
    not_yours: [{ code: "not_yours", number, author: text }],
    change_committed: [{ code: "change_committed", number, commit: { commitNumber: number, status: "pending" } }],
    delete_has_no_values: [{ code: "delete_has_no_values", number }],
    nothing_to_edit: [{ code: "nothing_to_edit", number }],
    depends_on: [{ code: "depends_on", number, on: 2 }],
    cannot_review: [{ code: "cannot_review", number, userIds: texts, reviewers: texts }],
    unknown_status: [{ code: "unknown_status", typed: text, ...known }],
    approvals_out_of_range: [{ code: "approvals_out_of_range", min: 1, max: 5 }],
    solo_needs_one: [{ code: "solo_needs_one" }],
    last_admin: [{ code: "last_admin", userId: text }],
    message_needed: [{ code: "message_needed" }],
    message_too_long: [{ code: "message_too_long", length: 600, maxLength: 500 }],
    cancels_out: [{ code: "cancels_out", numbers: [number] }],
    commit_not_found: [{ code: "commit_not_found", number }],
    already_pushed: [{ code: "already_pushed", number, status: "applied_all" }],
    already_closed: [{ code: "already_closed", number, review: "dropped" }],
    already_decided: [
      { code: "already_decided", number, review: "approved", decidedBy: text, decidedAt: text },
      { code: "already_decided", number, review: "approved" },
    ],
    stale: [{ code: "stale", number }],
    not_in_review: [{ code: "not_in_review", number, review: "draft" }],
    self_approval: [{ code: "self_approval", number, reviewers: texts }],
    approved_by_you: [{ code: "approved_by_you", number, missing: 1 }],
    not_approved: [{ code: "not_approved", number, review: "in_review", missing: 1, reviewers: texts }],
    nothing_for_target: [{ code: "nothing_for_target", number, targets: texts }],
    already_applied: [{ code: "already_applied", number, targets: texts }],
    in_flight: [
      { code: "in_flight", number, target: text, state: "timeout" },
      { code: "in_flight", number, target: text, state: "processing" },
    ],
    drifted: [{ code: "drifted", number, target: text, drifts: driftsOf(text) }],
    nothing_to_retry: [{ code: "nothing_to_retry", number, status: "pending" }],
    settled: [{ code: "settled", number, target: text }],
    outcome_unknown: [{ code: "outcome_unknown", number, target: text }],
    nothing_to_cancel: [{ code: "nothing_to_cancel", number, status: "pending" }],
    too_late: [{ code: "too_late", number, targets: texts }],
    cancel_unknown: [{ code: "cancel_unknown", number, targets: texts }],
    query_needed: [{ code: "query_needed" }],
    query_too_long: [{ code: "query_too_long", length: 400, maxLength: 300 }],
    no_search: [{ code: "no_search", unanswered: problems }],
    never_pushed: [{ code: "never_pushed", number }],
    dead_letter_not_found: [{ code: "dead_letter_not_found", number }],
    dead_letter_settled: [
      { code: "dead_letter_settled", number, state: "discarded", decidedBy: text, decidedAt: text },
    ],
    not_retryable: [{ code: "not_retryable", number, queue: text }],
    reason_needed: [{ code: "reason_needed", number }],
    reason_too_long: [{ code: "reason_too_long", length: 600, maxLength: 500 }],
    webhook_not_found: [{ code: "webhook_not_found", number }],
    delivery_not_found: [{ code: "delivery_not_found", number }],
    webhook_state_unchanged: [{ code: "webhook_state_unchanged", number, state: "active" }],
    webhook_disabled: [{ code: "webhook_disabled", number }],
    delivery_pending: [{ code: "delivery_pending", number }],
    range_out_of_order: [{ code: "range_out_of_order" }],
    overlap_out_of_range: [{ code: "overlap_out_of_range", min: 0, max: 168 }],
    too_many_webhooks: [{ code: "too_many_webhooks", max: 20 }],
    address_refused: [{ code: "address_refused", rule: "spelling", message: text }],
    url_too_long: [{ code: "url_too_long", length: 3000, maxLength: 2000 }],
    events_needed: [{ code: "events_needed", known: ["*"] }],
    unknown_event: [
      { code: "unknown_event", typed: text, ...known },
      { code: "unknown_event", typed: text, suggestion: "job.*", known: ["job.*"] },
    ],
    unknown_profile: [{ code: "unknown_profile", typed: text, ...known }],
    description_too_long: [{ code: "description_too_long", length: 300, maxLength: 200 }],
    not_reindexed: [
      { code: "not_reindexed", without: texts, failed: [] },
      { code: "not_reindexed", without: [], failed: problems },
    ],
  };
};

export const reasonFixtures = (text: string): Reason[] => Object.values(reasonsOf(text)).flat();
