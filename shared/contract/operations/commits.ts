import * as z from "zod/mini";
import { checkStates, pushSteps } from "../../domain/commits/checks.ts";
import { maxReviewReason } from "../../domain/commits/commit.ts";
import { entityTypes } from "../../domain/portfolio/registry.ts";
import { fieldValue } from "../../domain/portfolio/entity.ts";
import { conflict } from "../refusals.ts";
import { commit, commitDetail, listedCommit, operationPage } from "../resources.ts";
import { after, before, limit, number, role, time, userId } from "../schemas.ts";
import { operationsOf, withMeta } from "./operation.ts";

const hash = z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/)));

const decided = withMeta(commit, {
  /** How many more approvals are needed. */
  missing: z.int(),
  /** What you can do with it once it is approved; null: nothing, or nothing that you may. */
  next: z.nullable(z.enum(pushSteps)),
});

const decisionProblems = [
  "commit_not_found",
  "commit_changed",
  "not_in_review",
  "already_decided",
  "already_applied",
  "push_in_progress",
] as const;

const check = z.object({
  name: z.string(),
  /** note: worth knowing, but it does not stop a push. */
  state: z.enum(checkStates),
  /** Who can clear it; the role that can, where no one person is meant. */
  who: z.array(userId),
  role: z.nullable(role),
  /** Whether you can clear it now. */
  mine: z.boolean(),
  /** What else there is to say, by check. */
  about: z.record(z.string(), z.unknown()),
});

export type ApiCheck = z.infer<typeof check>;

const conflictList = z.object({
  commit: number,
  conflicts: z.array(conflict),
  /** Targets that could not be asked. */
  unanswered: z.array(z.string()),
  /** Give it with a choice: conflicts that are other ones by then are refused. */
  seen: z.string(),
});

const ofAny = {
  /** Every open target when left out. */
  target: z.optional(z.string().check(z.minLength(1), z.maxLength(40))),
};
const ofRow = {
  ...ofAny,
  entityType: z.enum(entityTypes),
  entityId: z.string().check(z.minLength(1), z.maxLength(200)),
};
const field = z.string().check(z.minLength(1), z.maxLength(60));
const take = z.enum(["mine", "theirs"]);

const choice = z.union([
  z.strictObject({ take, ...ofAny }),
  z.strictObject({ take, ...ofRow, field: z.optional(field) }),
  /** null empties the field. */
  z.strictObject({ take: z.literal("value"), value: fieldValue, ...ofRow, field }),
]);

const { get, post, remove } = operationsOf("Commits", "read");

export const commitsOperations = {
  listCommits: get("/commits", {
    summary: "List commits, newest first",
    description:
      "Dropped and reopened commits are left out unless their status is asked for. Give `next` as `before` for the next page.",
    query: z.strictObject({
      /** Of review or application: `in_review`, `approved`, `pending`, `failed`, `applied`, `applied_all` … */
      status: z.optional(z.string().check(z.maxLength(60))),
      author: z.optional(userId),
      /** Those made then or later. */
      since: z.optional(time),
      limit: limit(100),
      before,
    }),
    reply: z.object({ commits: z.array(listedCommit), next: z.nullable(number) }),
    problems: ["unknown_status"],
  }),

  showCommit: get("/commits/{number}", {
    summary: "Show a commit with its changes, decisions and pushes",
    reply: commitDetail,
    problems: ["commit_not_found"],
  }),

  listOperations: get("/commits/{number}/operations", {
    summary: "List what a commit does to each row, by page",
    description:
      "The net effect of its changes, from which its hash is made. Give `next` as `after` for the next page, and the `hash` with an approval.",
    query: z.strictObject({ limit: limit(200), after: z.optional(after) }),
    reply: operationPage,
    problems: ["commit_not_found"],
  }),

  reopenCommit: post("/commits/{number}/reopen", {
    permission: "dropOwn",
    summary: "Reopen a commit: its changes are staged again",
    reply: withMeta(commit, { changeCount: z.int() }),
    problems: ["commit_not_found", "not_author", "already_pushed", "already_closed"],
  }),

  listConflicts: get("/commits/{number}/conflicts", {
    summary: "List the conflicts of a commit",
    description:
      "What somebody else has changed since the commit was made, at the targets that have not applied it: each field's value when it was staged, at the target now, and asked for. Asks the targets.",
    reply: conflictList,
    problems: ["commit_not_found"],
  }),

  resolveConflicts: post("/commits/{number}/resolve", {
    permission: "resolve",
    summary: "Resolve the conflicts of a commit",
    description:
      "The changes are rewritten on top of what is live. `mine` keeps a value, `theirs` drops it from the commit, `value` is another one. A choice without `field` is about a whole row, one without a row about every conflict. Other content needs another approval; a commit of which nothing is left is dropped.",
    body: z.strictObject({
      choices: z.array(choice).check(z.minLength(1), z.maxLength(200)),
      seen: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
    }),
    example: { choices: [{ take: "mine" }] },
    reply: withMeta(commit, {
      /** How many fields, or rows as a whole, were decided. */
      decided: z.int(),
      /** What is still in conflict. */
      left: z.array(conflict),
      /** Numbers of the changes of which nothing is left. */
      discarded: z.array(number),
      /** Its approvals were of other content. */
      voided: z.boolean(),
    }),
    problems: [
      "commit_not_found",
      "not_author",
      "already_closed",
      "already_decided",
      "already_applied",
      "push_in_progress",
      "no_conflicts",
      "conflicts_changed",
      "drifted",
      "invalid_values",
    ],
  }),

  dropCommit: remove("/commits/{number}", {
    permission: "dropOwn",
    summary: "Drop a commit and its changes",
    reply: withMeta(commit, { changeCount: z.int() }),
    problems: ["commit_not_found", "not_author", "already_pushed", "already_closed"],
  }),

  requestReview: post("/commits/{number}/review", {
    permission: "requestReview",
    tag: "Review",
    summary: "Request the review of a commit",
    body: z.strictObject({ reviewers: z.optional(z.array(userId).check(z.maxLength(20))) }),
    example: { reviewers: ["U0PRIYA01"] },
    reply: withMeta(commit, { asked: z.array(userId), reviewers: z.array(userId), again: z.boolean() }),
    problems: ["commit_not_found", "not_author", "already_decided", "invalid_reviewers"],
  }),

  approveCommit: post("/commits/{number}/approve", {
    permission: "approve",
    tag: "Review",
    summary: "Approve a commit",
    /** hash: of the content that was looked at; another content is refused. */
    body: z.strictObject({ hash }),
    example: {},
    reply: decided,
    problems: [...decisionProblems, "self_approval", "contributor_approval", "already_approved"],
  }),

  rejectCommit: post("/commits/{number}/reject", {
    permission: "reject",
    tag: "Review",
    summary: "Reject a commit, with a reason",
    body: z.strictObject({ hash, reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(maxReviewReason)) }),
    example: { reason: "Nine years, not eight" },
    reply: decided,
    problems: [...decisionProblems, "already_pushed", "text_not_allowed", "reason_too_long"],
  }),

  withdrawApproval: post("/commits/{number}/withdraw", {
    permission: "approve",
    tag: "Review",
    summary: "Withdraw your approval of a commit",
    description: "Until a push of it has begun.",
    reply: withMeta(commit, {
      /** How many more approvals are needed now. */
      missing: z.int(),
    }),
    problems: ["commit_not_found", "already_pushed", "not_in_review", "no_approval"],
  }),

  explainPush: get("/commits/{number}/checks", {
    tag: "Pushes",
    summary: "List the checks before a push",
    description: "In the order in which people deal with them. Asks the targets, for 1.5 s at most.",
    reply: z.object({ commit: number, clear: z.boolean(), targets: z.array(z.string()), checks: z.array(check) }),
    problems: ["commit_not_found"],
  }),
};
