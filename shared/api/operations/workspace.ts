import * as z from "zod/mini";
import { stateNames } from "../../domain/states.ts";
import { scopeNames } from "../../domain/token.ts";
import { entityTypes } from "../../domain/entities/registry.ts";
import { commit } from "../resources.ts";
import { searchBody, verifyBody } from "../../targets/protocol.ts";
import { before, limit, number, fieldValues, numberInPath, role, time, userId } from "../schemas.ts";
import { defineOperation } from "./operation.ts";

export const search = defineOperation({
  method: "GET",
  path: "/search",
  tag: "Portfolio",
  summary: "Find rows of the portfolio by what they mean",
  scope: "read",
  query: z.strictObject({ q: z.string(), limit: limit(50) }),
  status: 200,
  reply: z.object({ query: z.string(), target: z.string(), hits: searchBody.shape.hits }),
  problems: ["query_needed", "query_too_long", "no_search"],
});

export const listRows = defineOperation({
  method: "GET",
  path: "/rows/{entityType}",
  tag: "Portfolio",
  summary: "List the rows of a kind, with their values",
  description: "As the first target that answers shows them, by name. What is staged is not in them.",
  scope: "read",
  params: z.object({ entityType: z.enum(entityTypes) }),
  status: 200,
  reply: z.object({
    target: z.string(),
    rows: z.array(z.object({ id: z.string(), name: z.string(), values: fieldValues })),
  }),
  problems: ["no_rows"],
});

export const verify = defineOperation({
  method: "GET",
  path: "/verify",
  tag: "Portfolio",
  summary: "Compare what the targets hold",
  scope: "push",
  status: 200,
  reply: z.object({
    targets: z.array(z.object({ target: z.string(), found: z.nullable(verifyBody), problem: z.nullable(z.string()) })),
    /** Whether all that answered hold the same number of rows; null with fewer than two answers. */
    sameCount: z.nullable(z.boolean()),
  }),
  problems: [],
});

export const reindex = defineOperation({
  method: "POST",
  path: "/reindex",
  tag: "Portfolio",
  summary: "Rebuild search indexes",
  scope: "push",
  body: z.strictObject({ target: z.optional(z.string().check(z.maxLength(40))) }),
  example: { target: "ai-agent" },
  status: 202,
  reply: z.object({
    begun: z.array(z.object({ target: z.string(), rows: z.int() })),
    without: z.array(z.string()),
    failed: z.array(z.object({ target: z.string(), message: z.string() })),
  }),
  problems: ["unknown_target", "not_reindexed"],
});

const field = z.object({
  name: z.string(),
  kind: z.string(),
  label: z.string(),
  /** The rule in words. */
  hint: z.string(),
  example: z.string(),
  required: z.boolean(),
  options: z.nullable(z.array(z.string())),
});

export const describeEntities = defineOperation({
  method: "GET",
  path: "/entities",
  tag: "Portfolio",
  summary: "The kinds of rows that a portfolio has, and their fields",
  scope: "read",
  status: 200,
  reply: z.object({
    entities: z.array(
      z.object({ type: z.enum(entityTypes), label: z.string(), plural: z.string(), fields: z.array(field) }),
    ),
  }),
  problems: [],
});

export const whoAmI = defineOperation({
  method: "GET",
  path: "/me",
  tag: "Workspace",
  summary: "Who you are here, and what you may do",
  scope: "read",
  status: 200,
  reply: z.object({
    workspaceId: z.string(),
    userId,
    role,
    /** What you may do, with what you came with. */
    permissions: z.array(z.string()),
    /** Null for a person who signed in themselves. */
    token: z.nullable(z.object({ name: z.string(), scopes: z.array(z.enum(scopeNames)), expiresAt: z.nullable(time) })),
    targets: z.array(z.string()),
    mode: z.enum(["team", "solo"]),
    approvalsNeeded: z.int(),
  }),
  problems: [],
});

const settings = z.object({
  mode: z.enum(["team", "solo"]),
  approvalsNeeded: z.int(),
  /** Slack channel in which cards are posted; null: where the command was typed. */
  channelId: z.nullable(z.string()),
});

export const showSettings = defineOperation({
  method: "GET",
  path: "/settings",
  tag: "Workspace",
  summary: "The workspace's settings",
  scope: "read",
  status: 200,
  reply: z.object({ settings, mayApprove: z.array(userId) }),
  problems: [],
});

export const setSettings = defineOperation({
  method: "PATCH",
  path: "/settings",
  tag: "Workspace",
  summary: "Change settings",
  description: "What is left out stays.",
  scope: "admin",
  body: z.strictObject({
    mode: z.optional(z.enum(["team", "solo"])),
    approvalsNeeded: z.optional(z.int()),
    channelId: z.optional(z.nullable(z.string().check(z.regex(/^[CG][A-Z0-9]{2,20}$/)))),
  }),
  example: { approvalsNeeded: 2 },
  status: 200,
  reply: z.object({
    before: settings,
    after: settings,
    /** Commits that have enough approvals now. */
    approved: z.array(number),
    mayApprove: z.array(userId),
  }),
  problems: ["approvals_out_of_range", "solo_needs_one"],
});

export const listRoles = defineOperation({
  method: "GET",
  path: "/roles",
  tag: "Workspace",
  summary: "Who may what",
  description: "Whoever is not named is a viewer.",
  scope: "read",
  status: 200,
  reply: z.object({ members: z.array(z.object({ userId, role })) }),
  problems: [],
});

export const setRole = defineOperation({
  method: "PUT",
  path: "/roles/{userId}",
  tag: "Workspace",
  summary: "Give somebody a role",
  scope: "admin",
  params: z.object({ userId: z.string().check(z.regex(/^[UW][A-Z0-9]{2,20}$/)) }),
  body: z.strictObject({ role }),
  example: { role: "approver" },
  status: 200,
  reply: z.object({
    changed: z.array(z.object({ userId, role, before: role })),
    approvalsNeeded: z.int(),
    mayApprove: z.array(userId),
  }),
  problems: ["last_admin"],
});

const letter = z.object({
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

export const listPeople = defineOperation({
  method: "GET",
  path: "/people",
  tag: "Workspace",
  summary: "What people are called",
  description: "For at most 100 user ids, separated by commas. Who is not known to Slack is left out.",
  scope: "read",
  query: z.strictObject({
    ids: z.string().check(z.regex(/^[UW][A-Z0-9]{2,20}(?:,[UW][A-Z0-9]{2,20}){0,99}$/)),
  }),
  status: 200,
  reply: z.object({ people: z.array(z.object({ userId, name: z.string() })) }),
  problems: [],
});

export const listDeadLetters = defineOperation({
  method: "GET",
  path: "/dead-letters",
  tag: "Workspace",
  summary: "Messages that could not be delivered, newest first",
  scope: "admin",
  query: z.strictObject({ all: z.optional(z.enum(["true", "false"])), limit: limit(100), before }),
  status: 200,
  reply: z.object({ letters: z.array(letter), next: z.nullable(number) }),
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
  reply: z.object({ letter }),
  problems: ["no_such_letter", "letter_settled", "not_retryable"],
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
  reply: z.object({ letter }),
  problems: ["no_such_letter", "letter_settled", "reason_needed", "reason_too_long"],
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
  problems: ["no_such_token", "not_yours"],
});

const step = z.object({
  /** `retry`, `approve`, `push`, `unblock`, `revise`, `ask`, `commit`, `letters`: what is to be done next. */
  kind: z.string(),
  commit: z.nullable(commit),
  who: z.array(userId),
  count: z.nullable(z.int()),
});

export const listNeeds = defineOperation({
  method: "GET",
  path: "/needs",
  tag: "Workspace",
  summary: "What needs you, what is on its way, what waits for others",
  scope: "read",
  status: 200,
  reply: z.object({
    needs: z.array(step),
    onTheWay: z.array(z.object({ commit, percent: z.number() })),
    waiting: z.array(step),
    /** Targets that do not answer: pushes to them wait. */
    down: z.array(z.object({ target: z.string(), state: z.enum(stateNames("target_health")) })),
  }),
  problems: [],
});
