/**
 * Every refusal of a request: its code, the status over HTTP, and what it says besides. Messages are in
 * shared/messages, and /docs/problems lists the codes.
 */
import * as z from "zod/mini";
import { permissionNames, roles, scopeNames } from "../domain/workspace/roles.ts";
import { conflictKinds } from "../domain/commits/conflict.ts";
import { pushSteps } from "../domain/commits/checks.ts";
import { voidReasons } from "../domain/commits/judgement.ts";
import { fieldValue } from "../domain/portfolio/entity.ts";
import { entityTypes } from "../domain/portfolio/registry.ts";
import { actions } from "../domain/staging/change.ts";
import { stateNames } from "../domain/states.ts";
import { writtenTexts } from "../domain/unseen.ts";
import { signInRefusals } from "../domain/workspace/sign-in.ts";
import { unreadableRow } from "./schemas.ts";

const refusal = <Status extends number | null, Members extends z.core.$ZodLooseShape>(
  status: Status,
  members: Members,
) => ({ status, members: z.object(members) });

const text = z.string();
const texts = z.readonly(z.array(text));
const count = z.int();
const number = z.int();
const numbers = z.readonly(z.array(number));
const review = z.enum(stateNames("review"));
const range = { min: count, max: count };
const tooLong = { length: count, maxLength: count };
/** What was typed, and what would have been taken. */
const oneOf = { typed: text, suggestion: z.nullable(text), allowed: texts };
const targetProblems = z.readonly(z.array(z.object({ target: text, message: text })));
const newerCommits = z.readonly(
  z.array(z.object({ target: text, commitNumber: number, entityType: text, entityId: text, fields: texts })),
);
const unreadableRows = z.readonly(z.array(unreadableRow));
/** A row that somebody else has changed since a commit was made: each field's three values. */
export const conflict = z.object({
  /** Where it is the same. */
  targets: z.array(text),
  entityType: z.enum(entityTypes),
  entityId: text,
  name: text,
  action: z.enum(actions),
  kind: z.enum(conflictKinds),
  fields: z.array(
    z.object({
      field: text,
      /** When the change was staged. */
      base: fieldValue,
      /** At the target now; null, too, where the row is gone. */
      live: fieldValue,
      /** Asked for; null, too, where the row is to be deleted. */
      yours: fieldValue,
    }),
  ),
});
/** The first of them, how many there are, and what stands for all of them when something is chosen about them. */
const conflicts = { conflicts: z.readonly(z.array(conflict)), count, seen: text };

const shownField = z.object({ field: text, before: z.nullable(text), after: z.nullable(text) });
const editByOthers = z.object({ number, name: text, by: texts, fields: z.readonly(z.array(shownField)) });

/** How a person signs in who comes with a browser; left out where that is not up to CV Ops. */
const signIn = z.optional(z.literal("slack"));

export const refusals = {
  // A request, before it reaches a use case.
  invalid_request: refusal(422, { errors: z.array(z.object({ field: text, rule: text })) }),
  malformed_body: refusal(400, {}),
  unsupported_media_type: refusal(415, {}),
  too_large: refusal(413, { maxBytes: count }),
  unauthorized: refusal(401, { because: text, signIn }),
  /** Lists the workspaces to which the person belongs, and no other. */
  workspace_required: refusal(400, {
    workspaces: z.readonly(z.array(z.object({ id: text, name: z.nullable(text) }))),
    signIn,
  }),
  cross_origin: refusal(403, {}),
  rate_limited: refusal(429, { retryAfterSeconds: count }),
  idempotency_key_reused: refusal(409, {}),
  invalid_idempotency_key: refusal(400, {}),
  not_found: refusal(404, { path: text }),
  method_not_allowed: refusal(405, { allowed: texts }),
  unavailable: refusal(503, {}),
  upgrade_required: refusal(426, {}),
  too_many_connections: refusal(503, {}),
  /** Of one person, with all their tokens. */
  connections_exceeded: refusal(429, { max: count }),
  internal: refusal(500, {}),
  entity_id_required: refusal(422, { action: text }),
  /** A new row gets its id by itself. */
  id_not_allowed: refusal(422, { typed: text }),

  // What was typed after a command; it never comes over HTTP.
  unclosed_quote: refusal(null, { after: text }),
  unknown_option: refusal(null, oneOf),
  option_value_required: refusal(null, { option: text, value: text }),
  duplicate_field: refusal(null, { field: text }),
  unknown_action: refusal(null, { typed: z.nullable(text), suggestion: z.nullable(text) }),
  type_required: refusal(null, {}),
  row_required: refusal(null, {}),
  too_many_words: refusal(null, { typed: text }),

  // Any use case.
  forbidden: refusal(403, {
    permission: z.enum(permissionNames),
    role: z.enum(roles),
    needed: z.enum(roles),
    whoMay: texts,
  }),
  commit_unreadable: refusal(500, { number, rows: unreadableRows }),
  /** An object in R2 that has old events is missing or damaged: those from number `from` up to and without `below`. */
  history_unreadable: refusal(500, {
    key: text,
    from: count,
    below: count,
    cause: z.enum(["missing", "damaged", "unbound"]),
  }),
  insufficient_scope: refusal(403, { permission: z.enum(permissionNames), scope: z.enum(scopeNames), token: text }),
  /** A token makes no tokens: one that leaked would outlive its end. */
  token_not_allowed: refusal(403, {}),
  conflict: refusal(409, {}),
  /** Somebody's words contain what nobody sees: `rule` says where, `what` which words. */
  text_not_allowed: refusal(422, { what: z.enum(writtenTexts), codePoint: z.nullable(text), rule: text }),
  duplicate_request: refusal(409, {}),

  // Staging
  unknown_target: refusal(422, oneOf),
  unknown_entity_type: refusal(422, oneOf),
  invalid_values: refusal(422, {
    entityType: text,
    problems: z.readonly(z.array(z.object({ field: text, rule: text, example: text }))),
  }),
  note_too_long: refusal(422, tooLong),
  row_not_found: refusal(404, { entityType: text, typed: text, target: z.nullable(text), suggestions: texts }),
  row_unreadable: refusal(409, { entityType: text, entityId: text, target: text, cause: text }),
  push_too_large: refusal(413, {
    number,
    oversized: z.readonly(z.array(z.object({ target: text, bytes: count }))),
    maxBytes: count,
    canReopen: z.boolean(),
  }),
  /** A target with a lower limit than ours has refused it, and would again. */
  target_refused_size: refusal(413, { number, target: text, message: text, canReopen: z.boolean() }),
  superseded: refusal(409, {
    number,
    by: newerCommits,
    /** False where a target has the commit: then new changes are the way on. */
    canReopen: z.boolean(),
  }),
  /** They change the same rows, and have no outcome yet. */
  newer_on_its_way: refusal(409, { number, by: newerCommits }),
  no_difference: refusal(409, { target: text, entityType: text, entityId: text }),
  row_missing: refusal(409, { target: text, entityType: text, entityId: text }),
  /** number: the commit that wrote the row last; null where none did. */
  push_again_not_possible: refusal(409, {
    target: text,
    entityType: text,
    entityId: text,
    number: z.nullable(number),
  }),
  row_unresolved: refusal(503, { number, typed: text, targets: texts }),
  values_required: refusal(422, { entityType: text }),
  values_not_allowed: refusal(422, {}),
  no_change: refusal(409, { name: text, fields: texts }),
  /** One's own staged change sets these values. */
  already_staged: refusal(409, { name: text, fields: texts, number }),
  staged_for_deletion: refusal(409, { name: text, number }),
  nothing_staged: refusal(409, {}),
  change_not_found: refusal(404, { numbers }),
  not_author: refusal(403, { number, author: text }),
  change_committed: refusal(409, { number, commit: z.object({ commitNumber: number, status: text }) }),
  change_not_editable: refusal(409, { number }),
  /** The author's words are theirs alone, whoever else may edit the change. */
  note_not_editable: refusal(403, { number, author: text }),
  nothing_to_edit: refusal(422, { number }),

  // Commits
  /** The row of change `number` is made by the staged change `on`, which was left out. */
  missing_dependency: refusal(409, { number, on: number }),
  /**
   * Others have edited them since their author last saw them. `seen` confirms these edits, and none that come after.
   */
  edited_by_others: refusal(409, { edits: z.readonly(z.array(editByOthers)), seen: text }),
  /** Change `number` would be swallowed by change `on`, which removes its row or has it already. */
  contradicting_changes: refusal(409, {
    number,
    on: number,
    kind: z.enum(["removed", "exists"]),
    entityType: text,
    entityId: text,
  }),
  message_required: refusal(422, {}),
  message_too_long: refusal(422, tooLong),
  empty_commit: refusal(409, { numbers }),
  commit_not_found: refusal(404, { number }),
  already_pushed: refusal(409, { number }),
  already_closed: refusal(409, { number, review }),
  unknown_status: refusal(422, oneOf),

  // Reviews
  /** They may not approve it; `reviewers` may. */
  invalid_reviewers: refusal(422, { number, userIds: texts, reviewers: texts }),
  already_decided: refusal(409, {
    number,
    review,
    decidedBy: z.optional(z.nullable(text)),
    decidedAt: z.optional(z.nullable(text)),
    /** What they can do with an approved commit now. */
    next: z.optional(z.nullable(z.enum(pushSteps))),
  }),
  /** The content has changed since the reviewer saw it. */
  commit_changed: refusal(409, { number }),
  not_in_review: refusal(409, { number, review }),
  self_approval: refusal(403, { number, reviewers: texts }),
  /** They have edited `changes` of the commit, so they would approve their own work. */
  contributor_approval: refusal(403, { number, changes: numbers, reviewers: texts }),
  /** They have not approved this content, or have withdrawn that. */
  no_approval: refusal(409, { number }),
  already_approved: refusal(409, { number, missing: count }),
  not_approved: refusal(409, {
    number,
    review,
    missing: count,
    reviewers: texts,
    /** Approvals that do not count any more, and why. */
    voided: z.optional(z.readonly(z.array(z.object({ userId: text, because: z.enum(voidReasons) })))),
    /** A target has it, and it is to be pushed there again: nobody can approve it any more. */
    isApplied: z.optional(z.boolean()),
  }),

  // Pushes
  push_not_found: refusal(404, { number }),
  job_not_found: refusal(404, { jobId: text }),
  not_pushed: refusal(404, { number }),
  no_changes_for_target: refusal(409, { number, targets: texts }),
  already_applied: refusal(409, { number, targets: texts }),
  push_in_progress: refusal(409, { number, target: text, state: text }),
  drifted: refusal(409, { number, targets: texts, ...conflicts }),
  nothing_to_retry: refusal(409, { number }),
  /** The target had applied it after all, or says that it is still at work: nothing was sent. */
  outcome_received: refusal(409, { number, target: text }),
  /** What became of the last attempt is unknown, and the target does not say. */
  outcome_unknown: refusal(409, { number, target: text }),
  nothing_to_cancel: refusal(409, { number }),
  /** Nothing could be cancelled, because no target has answered. */
  cancel_unconfirmed: refusal(503, { number, targets: texts }),

  // Conflicts
  /** Nobody has changed the rows, or not what was chosen; `unanswered` targets could not be asked. */
  no_conflicts: refusal(409, { number, unanswered: texts }),
  /** They are other ones than the person has looked at. */
  conflicts_changed: refusal(409, { number, ...conflicts }),

  // Portfolio
  query_required: refusal(422, {}),
  query_too_long: refusal(422, tooLong),
  /** No target has a search; those that gave no answer might. */
  search_unavailable: refusal(503, { unanswered: targetProblems }),
  rows_unavailable: refusal(503, { unanswered: targetProblems }),
  reindex_failed: refusal(503, { without: texts, failed: targetProblems }),

  // Workspace
  last_admin: refusal(409, { userId: text }),
  /** Another admin does it. */
  own_erasure: refusal(409, {}),
  approvals_out_of_range: refusal(422, range),
  /** With one owner there is nobody for a second approval. */
  solo_mode_one_approval: refusal(409, {}),
  /** With more of them there is somebody to review. */
  solo_mode_one_approver: refusal(409, { approvers: texts }),
  token_name_required: refusal(422, { maxLength: count }),
  scopes_required: refusal(422, { allowed: texts }),
  unknown_scope: refusal(422, oneOf),
  /** The owner of the token may do nothing of the scope. */
  scope_exceeds_role: refusal(403, { scope: z.enum(scopeNames), role: z.enum(roles) }),
  token_lifetime_out_of_range: refusal(422, range),
  too_many_tokens: refusal(409, { max: count }),
  token_not_found: refusal(404, { number }),
  /** Unknown, expired, or used: whoever guesses learns nothing. */
  login_not_found: refusal(404, { typed: text }),
  /** There is no portal in which somebody could confirm it. */
  login_unavailable: refusal(409, {}),
  /** Slack's word was not enough to sign a person in at the portal. */
  sign_in_refused: refusal(null, { because: z.enum(signInRefusals) }),
  token_inactive: refusal(409, { number, state: z.enum(["expired", "revoked"]) }),

  // Dead letters
  dead_letter_not_found: refusal(404, { number }),
  dead_letter_settled: refusal(409, {
    number,
    state: z.enum(stateNames("dead_letter")),
    decidedBy: z.nullable(text),
    decidedAt: z.nullable(text),
  }),
  not_retryable: refusal(409, { number, queue: text }),
  reason_required: refusal(422, { number }),
  reason_too_long: refusal(422, tooLong),

  // Webhooks
  // Targets
  invalid_target_name: refusal(422, { typed: text }),
  target_exists: refusal(409, { target: text }),
  too_many_targets: refusal(409, { max: count }),
  portfolio_required: refusal(422, { maxLength: count }),
  /** None of the operator's. */
  unknown_service: refusal(422, oneOf),
  invalid_target_secret: refusal(422, { use: z.enum(["request", "webhook", "read"]) }),
  secrets_required: refusal(422, {}),
  /** It was called with the new secrets, which are not stored: it gave no answer, or does not take one of them. */
  target_not_proven: refusal(422, {
    target: text,
    because: z.enum(["unreachable", "read", "request"]),
    message: z.nullable(text),
  }),
  last_target: refusal(409, { target: text }),
  /** What it does not have yet: staged changes, and commits. */
  target_in_use: refusal(409, { target: text, changes: numbers, commits: numbers }),

  webhook_not_found: refusal(404, { number }),
  delivery_not_found: refusal(404, { number }),
  webhook_state_unchanged: refusal(409, { number, state: z.enum(stateNames("webhook")) }),
  webhook_disabled: refusal(409, { number }),
  delivery_pending: refusal(409, { number }),
  invalid_time_range: refusal(422, {}),
  overlap_out_of_range: refusal(422, range),
  too_many_webhooks: refusal(409, { max: count }),
  url_not_allowed: refusal(422, { message: text }),
  url_too_long: refusal(422, tooLong),
  events_required: refusal(422, { allowed: texts }),
  unknown_event: refusal(422, oneOf),
  unknown_profile: refusal(422, oneOf),
  description_too_long: refusal(422, tooLong),
} as const;

export type RefusalCode = keyof typeof refusals;
export const refusalCodes = Object.keys(refusals) as RefusalCode[];

/** zod infers an index signature for an object without members. */
type Named<Members> = { [Name in keyof Members as string extends Name ? never : Name]: Members[Name] };

/** What a refusal says beside its code. */
export type RefusalMembers<Code extends RefusalCode> = Named<z.infer<(typeof refusals)[Code]["members"]>>;
/** Refusals with these codes, each with its members; any refusal without codes. */
export type Refusal<Codes extends RefusalCode = RefusalCode> = Codes extends RefusalCode
  ? { code: Codes } & RefusalMembers<Codes>
  : never;

/** Codes of the refusals that come over HTTP. */
export type ProblemCode = {
  [Code in RefusalCode]: (typeof refusals)[Code]["status"] extends number ? Code : never;
}[RefusalCode];
export const problemCodes = refusalCodes.filter((code): code is ProblemCode => refusals[code].status !== null);

export const statusOf = (code: ProblemCode): number => refusals[code].status;

/** The refusal in a problem; null where another version has other codes or members. */
export const refusalIn = (code: string, said: unknown): Refusal | null => {
  const known = refusalCodes.find((each) => each === code);
  if (known === undefined) return null;
  const parsed = refusals[known].members.safeParse(said);
  // The entry of a code has the members of that code.
  return parsed.success ? ({ code: known, ...parsed.data } as Refusal) : null;
};

export type ApiRefusal = Refusal<ProblemCode>;
