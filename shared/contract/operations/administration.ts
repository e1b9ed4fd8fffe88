import * as z from "zod/mini";
import { type DeadLetter, deadLetterSchema } from "../../domain/dead-letters/dead-letter.ts";
import { type ApiToken, tokenSchema, tokenState, tokenStates } from "../../domain/workspace/token.ts";
import { before, limit, number, numberInPath, userId } from "../schemas.ts";
import { shown } from "../shown.ts";
import { defineOperation } from "./operation.ts";

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

/** Without its body: that is a message of ours, and may say more than its reader should know. */
const deadLetter = z.object({ number, ...ofDeadLetter.shape });

export const apiDeadLetter = (of: DeadLetter): z.infer<typeof deadLetter> => ({
  number: of.number,
  ...ofDeadLetter.of(of),
});

export const listDeadLetters = defineOperation({
  method: "GET",
  path: "/dead-letters",
  tag: "Workspace",
  summary: "List dead letters, newest first",
  scope: "admin",
  query: z.strictObject({ all: z.optional(z.enum(["true", "false"])), limit: limit(100), before }),
  status: 200,
  reply: z.object({ deadLetters: z.array(deadLetter), next: z.nullable(number) }),
  problems: [],
});

export const retryDeadLetter = defineOperation({
  method: "POST",
  path: "/dead-letters/{number}/retry",
  tag: "Workspace",
  summary: "Retry a dead letter",
  scope: "admin",
  params: z.object({ number: numberInPath }),
  status: 202,
  reply: deadLetter,
  problems: ["dead_letter_not_found", "dead_letter_settled", "not_retryable"],
});

export const discardDeadLetter = defineOperation({
  method: "POST",
  path: "/dead-letters/{number}/discard",
  tag: "Workspace",
  summary: "Discard a dead letter, with a reason",
  scope: "admin",
  params: z.object({ number: numberInPath }),
  body: z.strictObject({ reason: z.string() }),
  example: { reason: "Pushed again since" },
  status: 200,
  reply: deadLetter,
  problems: ["dead_letter_not_found", "dead_letter_settled", "reason_required", "reason_too_long"],
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

export const listTokens = defineOperation({
  method: "GET",
  path: "/tokens",
  tag: "Workspace",
  summary: "List your API tokens; as an admin, those of everybody",
  description: "`/cv tokens new` in Slack creates one.",
  scope: "read",
  status: 200,
  reply: z.object({ tokens: z.array(token) }),
  problems: [],
});

export const revokeToken = defineOperation({
  method: "DELETE",
  path: "/tokens/{number}",
  tag: "Workspace",
  summary: "Revoke a token",
  description: "One of your own, or as an admin anybody's.",
  scope: "admin",
  params: z.object({ number: numberInPath }),
  status: 200,
  reply: token,
  problems: ["token_not_found", "not_author"],
});
