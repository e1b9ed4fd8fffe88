import * as z from "zod/mini";
import { stateNames } from "../../domain/states.ts";
import { scopeNames } from "../../domain/workspace/roles.ts";
import { before, limit, number, numberInPath, time, userId } from "../schemas.ts";
import { defineOperation } from "./operation.ts";

const deadLetter = z.object({
  number,
  state: z.enum(stateNames("dead_letter")),
  queue: z.string(),
  cause: z.string(),
  attempts: z.int(),
  retries: z.int(),
  jobId: z.nullable(z.string()),
  traceId: z.nullable(z.string()),
  receivedAt: time,
  failedAt: time,
  decidedBy: z.nullable(z.string()),
  decidedAt: z.nullable(time),
  reason: z.nullable(z.string()),
});

export const listDeadLetters = defineOperation({
  method: "GET",
  path: "/dead-letters",
  tag: "Workspace",
  summary: "Messages that could not be delivered, newest first",
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
  summary: "Send a message again",
  scope: "admin",
  params: z.object({ number: numberInPath }),
  status: 202,
  reply: z.object({ deadLetter }),
  problems: ["dead_letter_not_found", "dead_letter_settled", "not_retryable"],
});

export const discardDeadLetter = defineOperation({
  method: "POST",
  path: "/dead-letters/{number}/discard",
  tag: "Workspace",
  summary: "Close a message without sending it, and say why",
  scope: "admin",
  params: z.object({ number: numberInPath }),
  body: z.strictObject({ reason: z.string() }),
  example: { reason: "Pushed again since" },
  status: 200,
  reply: z.object({ deadLetter }),
  problems: ["dead_letter_not_found", "dead_letter_settled", "reason_required", "reason_too_long"],
});

const token = z.object({
  number,
  name: z.string(),
  scopes: z.array(z.enum(scopeNames)),
  owner: userId,
  createdAt: time,
  expiresAt: time,
  /** To the hour. */
  lastUsedAt: z.nullable(time),
  state: z.enum(["active", "expired", "revoked"]),
});

export const listTokens = defineOperation({
  method: "GET",
  path: "/tokens",
  tag: "Workspace",
  summary: "Your API tokens; everybody's for an admin",
  description: "Tokens are made with `/cv tokens new` in Slack.",
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
  description: "Your own; somebody else's as an admin.",
  scope: "admin",
  params: z.object({ number: numberInPath }),
  status: 200,
  reply: z.object({ token }),
  problems: ["token_not_found", "not_author"],
});
