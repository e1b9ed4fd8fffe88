import * as z from "zod/mini";
import { checkStates } from "../../domain/commits/checks.ts";
import { maxReviewReason } from "../../domain/commits/commit.ts";
import { commit, commitDetail } from "../resources.ts";
import { before, limit, number, role, time, userId } from "../schemas.ts";
import { operationsOf, withMeta } from "./operation.ts";

const hash = z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/)));

const decided = withMeta(commit, {
  /** How many more approvals are needed. */
  missing: z.int(),
});

const decisionProblems = ["commit_not_found", "commit_changed", "not_in_review", "already_decided"] as const;

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

const { get, post, remove } = operationsOf("Commits", "stage");

export const commitsOperations = {
  listCommits: get("/commits", {
    summary: "List commits, newest first",
    description:
      "Dropped and reopened commits are left out unless their status is asked for. Give `next` as `before` for the next page.",
    scope: "read",
    query: z.strictObject({
      /** Of review or application: `in_review`, `approved`, `pending`, `failed`, `applied`, `applied_all` … */
      status: z.optional(z.string().check(z.maxLength(60))),
      author: z.optional(userId),
      /** Those made then or later. */
      since: z.optional(time),
      limit: limit(100),
      before,
    }),
    reply: z.object({ commits: z.array(commit), next: z.nullable(number) }),
    problems: ["unknown_status"],
  }),

  showCommit: get("/commits/{number}", {
    summary: "Show a commit with its changes, decisions and pushes",
    scope: "read",
    reply: commitDetail,
    problems: ["commit_not_found"],
  }),

  reopenCommit: post("/commits/{number}/reopen", {
    summary: "Reopen a commit: its changes are staged again",
    reply: withMeta(commit, { changeCount: z.int() }),
    problems: ["commit_not_found", "not_author", "already_pushed", "already_closed"],
  }),

  dropCommit: remove("/commits/{number}", {
    summary: "Drop a commit and its changes",
    reply: withMeta(commit, { changeCount: z.int() }),
    problems: ["commit_not_found", "not_author", "already_pushed", "already_closed"],
  }),

  requestReview: post("/commits/{number}/review", {
    tag: "Review",
    summary: "Request the review of a commit",
    body: z.strictObject({ reviewers: z.optional(z.array(userId).check(z.maxLength(20))) }),
    example: { reviewers: ["U0PRIYA01"] },
    reply: withMeta(commit, { asked: z.array(userId), reviewers: z.array(userId), again: z.boolean() }),
    problems: ["commit_not_found", "not_author", "already_decided", "invalid_reviewers"],
  }),

  approveCommit: post("/commits/{number}/approve", {
    tag: "Review",
    summary: "Approve a commit",
    scope: "review",
    /** hash: of the content that was looked at; another content is refused. */
    body: z.strictObject({ hash }),
    example: {},
    reply: decided,
    problems: [...decisionProblems, "self_approval", "contributor_approval", "already_approved"],
  }),

  rejectCommit: post("/commits/{number}/reject", {
    tag: "Review",
    summary: "Reject a commit, with a reason",
    scope: "review",
    body: z.strictObject({ hash, reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(maxReviewReason)) }),
    example: { reason: "Nine years, not eight" },
    reply: decided,
    problems: [...decisionProblems, "text_not_allowed", "reason_too_long"],
  }),

  explainPush: get("/commits/{number}/checks", {
    tag: "Pushes",
    summary: "List the checks before a push",
    description: "In the order in which people deal with them. Asks the targets, for 1.5 s at most.",
    scope: "read",
    reply: z.object({ commit: number, clear: z.boolean(), targets: z.array(z.string()), checks: z.array(check) }),
    problems: ["commit_not_found"],
  }),
};
