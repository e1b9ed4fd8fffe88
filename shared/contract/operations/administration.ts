import * as z from "zod/mini";
import { type DeadLetter, deadLetterSchema } from "../../domain/dead-letters/dead-letter.ts";
import { type ApiToken, tokenSchema, tokenState, tokenStates } from "../../domain/workspace/token.ts";
import { before, limit, number, userId } from "../schemas.ts";
import { shown } from "../shown.ts";
import { operationsOf, shownOnce, withMeta } from "./operation.ts";

const ofDeadLetter = shown(
  deadLetterSchema,
  "state",
  "queue",
  "cause",
  "attempts",
  "retries",
  "jobId",
  "traceId",
  "receivedAt",
  "failedAt",
  "decidedBy",
  "decidedAt",
  "reason",
);

const finding = z.object({
  check: z.string(),
  about: z.nullable(z.string()),
  ok: z.nullable(z.boolean()),
  detail: z.nullable(z.string()),
  says: z.string(),
  remedy: z.nullable(z.string()),
});

/** Without its body: that is a message of ours, and may say more than its reader should know. */
const deadLetter = z.object({ number, ...ofDeadLetter.shape });

export const apiDeadLetter = (of: DeadLetter): z.infer<typeof deadLetter> => ({
  number: of.number,
  ...ofDeadLetter.of(of),
});

const ofToken = shown(tokenSchema, "name", "scopes", "createdAt", "expiresAt", "lastUsedAt");

export const token = z.object({ number, ...ofToken.shape, owner: userId, state: z.enum(tokenStates) });

/** @param now ISO 8601 */
export const apiToken = (of: ApiToken, now: string): z.infer<typeof token> => ({
  number: of.number,
  ...ofToken.of(of),
  owner: of.userId,
  state: tokenState(of, now),
});

/** What a person says of a token that will act for them. */
export const newToken = z.strictObject({
  name: z.string().check(z.maxLength(4000)),
  scopes: z.array(z.string().check(z.maxLength(60))).check(z.maxLength(20)),
  /** How long it lives; 90 when left out. */
  days: z.optional(z.int()),
});

export const newTokenProblems = [
  "token_name_required",
  "text_not_allowed",
  "scopes_required",
  "unknown_scope",
  "scope_exceeds_role",
  "token_lifetime_out_of_range",
  "too_many_tokens",
  "token_not_allowed",
] as const;

const { get, post, remove } = operationsOf("Workspace", "read");

export const administrationOperations = {
  listTokens: get("/tokens", {
    summary: "List your API tokens; as an admin, those of everybody",
    description: "`POST /tokens`, or `/cv tokens new` in Slack, creates one.",
    reply: z.object({ tokens: z.array(token) }),
  }),

  createToken: post("/tokens", {
    permission: "tokens",
    summary: "Create an API token that acts for you",
    description:
      "For a person who signed in: a token makes no other token. The secret is shown this once; a repeat of the request has null in its place. A token may do no more than its owner.",
    body: newToken,
    example: { name: "CI", scopes: ["read", "push"], days: 30 },
    status: 201,
    reply: withMeta(token, shownOnce),
    problems: [...newTokenProblems],
  }),

  revokeToken: remove("/tokens/{number}", {
    permission: "ownTokens",
    summary: "Revoke a token",
    description: "One of your own, or as an admin anybody's.",
    reply: token,
    problems: ["token_not_found", "not_author"],
  }),

  runDoctor: get("/doctor", {
    permission: "settings",
    summary: "Look for what is wrong",
    description:
      "Looks at the service, at the workspace's Slack app, and at each target, which is called. What is wrong has a remedy. It changes nothing.",
    cost: 10,
    reply: z.object({ findings: z.array(finding) }),
  }),

  listDeadLetters: get("/dead-letters", {
    permission: "deadLetters",
    summary: "List dead letters, newest first",
    query: z.strictObject({ all: z.optional(z.enum(["true", "false"])), limit: limit(100), before }),
    reply: z.object({ deadLetters: z.array(deadLetter), next: z.nullable(number) }),
  }),

  retryDeadLetter: post("/dead-letters/{number}/retry", {
    permission: "deadLetters",
    summary: "Retry a dead letter",
    status: 202,
    reply: deadLetter,
    problems: ["dead_letter_not_found", "dead_letter_settled", "not_retryable"],
  }),

  discardDeadLetter: post("/dead-letters/{number}/discard", {
    permission: "deadLetters",
    summary: "Discard a dead letter, with a reason",
    body: z.strictObject({ reason: z.string() }),
    example: { reason: "Pushed again since" },
    reply: deadLetter,
    problems: [
      "dead_letter_not_found",
      "dead_letter_settled",
      "reason_required",
      "text_not_allowed",
      "reason_too_long",
    ],
  }),
};
