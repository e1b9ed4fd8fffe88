import * as z from "zod/mini";
import { stateNames } from "../../domain/states.ts";
import { commit } from "../resources.ts";
import { number, role, userId } from "../schemas.ts";
import { token } from "./administration.ts";
import { defineOperation, withMeta } from "./operation.ts";

export const workspace = z.object({
  /** Of Slack. */
  id: z.string(),
  /** What Slack calls it; null while Slack has not said. */
  name: z.nullable(z.string()),
});

export const whoAmI = defineOperation({
  method: "GET",
  path: "/me",
  tag: "Workspace",
  summary: "Show who you are, and what you may do",
  scope: "read",
  status: 200,
  reply: z.object({
    workspaceId: z.string(),
    userId,
    role,
    /** What you may do, with what you came with. */
    permissions: z.array(z.string()),
    /** Null for a person who signed in themselves. */
    token: z.nullable(token),
    targets: z.array(z.string()),
    mode: z.enum(["team", "solo"]),
    approvalsNeeded: z.int(),
  }),
  problems: [],
});

export const listWorkspaces = defineOperation({
  method: "GET",
  path: "/workspaces",
  tag: "Workspace",
  summary: "List your workspaces",
  description:
    "A token belongs to one. A person who belongs to several names one in the header `CV-Workspace`; without it they get `workspace_required`, which lists the same workspaces.",
  scope: "read",
  status: 200,
  reply: z.object({ workspaces: z.array(workspace) }),
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
  summary: "Show the settings",
  scope: "read",
  status: 200,
  reply: withMeta(settings, { mayApprove: z.array(userId) }),
  problems: [],
});

export const setSettings = defineOperation({
  method: "PATCH",
  path: "/settings",
  tag: "Workspace",
  summary: "Change the settings",
  description: "A setting that is left out stays.",
  scope: "admin",
  body: z.strictObject({
    mode: z.optional(z.enum(["team", "solo"])),
    approvalsNeeded: z.optional(z.int()),
    channelId: z.optional(z.nullable(z.string().check(z.regex(/^[CG][A-Z0-9]{2,20}$/)))),
  }),
  example: { approvalsNeeded: 2 },
  status: 200,
  reply: withMeta(settings, {
    before: settings,
    /** Commits that have enough approvals now. */
    approved: z.array(number),
    mayApprove: z.array(userId),
  }),
  problems: ["approvals_out_of_range", "solo_mode_one_approval"],
});

const member = z.object({ userId, role });

export const listRoles = defineOperation({
  method: "GET",
  path: "/roles",
  tag: "Workspace",
  summary: "List the roles of people",
  description: "Everybody else is a viewer.",
  scope: "read",
  status: 200,
  reply: z.object({ members: z.array(member) }),
  problems: [],
});

export const setRole = defineOperation({
  method: "PUT",
  path: "/roles/{userId}",
  tag: "Workspace",
  summary: "Give a person a role",
  scope: "admin",
  params: z.object({ userId: z.string().check(z.regex(/^[UW][A-Z0-9]{2,20}$/)) }),
  body: z.strictObject({ role }),
  example: { role: "approver" },
  status: 200,
  reply: withMeta(member, {
    /** The acting admin among them, when this is their first role. */
    changed: z.array(z.object({ userId, role, before: role })),
    approvalsNeeded: z.int(),
    mayApprove: z.array(userId),
  }),
  problems: ["last_admin"],
});

export const listPeople = defineOperation({
  method: "GET",
  path: "/people",
  tag: "Workspace",
  summary: "List the names of people",
  description: "For at most 100 user ids, separated by commas. A person whom Slack does not list is left out.",
  scope: "read",
  query: z.strictObject({
    ids: z.string().check(z.regex(/^[UW][A-Z0-9]{2,20}(?:,[UW][A-Z0-9]{2,20}){0,99}$/)),
  }),
  status: 200,
  reply: z.object({ people: z.array(z.object({ userId, name: z.string() })) }),
  problems: [],
});

const step = z.object({
  /** `retry`, `approve`, `push`, `unblock`, `revise`, `ask`, `commit`, `letters`: what is to be done next. */
  kind: z.string(),
  commit: z.nullable(commit),
  who: z.array(userId),
  count: z.nullable(z.int()),
});

export const listActionItems = defineOperation({
  method: "GET",
  path: "/action-items",
  tag: "Workspace",
  summary: "List your action items, pushes in progress, and what others have to do",
  scope: "read",
  status: 200,
  reply: z.object({
    actionItems: z.array(step),
    onTheWay: z.array(z.object({ commit, percent: z.number() })),
    waiting: z.array(step),
    /** Targets that do not answer: pushes to them wait. */
    down: z.array(z.object({ target: z.string(), state: z.enum(stateNames("target_health")) })),
  }),
  problems: [],
});
