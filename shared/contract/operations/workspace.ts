import * as z from "zod/mini";
import { stateNames } from "../../domain/states.ts";
import { modes, settingsSchema } from "../../domain/workspace/settings.ts";
import { event } from "../event.ts";
import { commitCard } from "../resources.ts";
import { after, limit, number, role, time, unreadableRow, userId } from "../schemas.ts";
import { token } from "./administration.ts";
import { operationsOf, withMeta } from "./operation.ts";

export const workspace = z.object({
  /** Of Slack. */
  id: z.string(),
  /** What Slack calls it; null while Slack has not said. */
  name: z.nullable(z.string()),
});

const member = z.object({ userId, role });

const step = z.object({
  /**
   * Next: `retry`, `split`, `approve`, `resolve`, `push`, `unblock`, `revise`, `ask`, `commit`, `dead_letters`
   * or `unreadable`.
   */
  kind: z.string(),
  commit: z.nullable(commitCard),
  who: z.array(userId),
  count: z.nullable(z.int()),
});

const self = z.object({
  workspaceId: z.string(),
  userId,
  role,
  /** What you may do, with what you came with. */
  permissions: z.array(z.string()),
  /** Null for a person who signed in themselves. */
  token: z.nullable(token),
  targets: z.array(z.string()),
  ...z.pick(settingsSchema, { mode: true, approvalsNeeded: true }).shape,
});

const people = z.array(z.object({ userId, name: z.string() }));

const { get, patch, put, remove } = operationsOf("Workspace", "read");

export const workspaceOperations = {
  whoAmI: get("/me", {
    summary: "Show who you are, and what you may do",
    reply: self,
  }),

  showStart: get("/start", {
    summary: "Show what a client begins with",
    description:
      "You, your workspaces, the names of those with a role, and the newest 50 events: one request in place of four. Live events go on from the id of the first event.",
    reply: z.object({ me: self, workspaces: z.array(workspace), people, events: z.array(event) }),
  }),

  listWorkspaces: get("/workspaces", {
    summary: "List your workspaces",
    description:
      "A token belongs to one. A person who belongs to several names one in the header `CV-Workspace`; without it they get `workspace_required`, which lists the same workspaces.",
    reply: z.object({ workspaces: z.array(workspace) }),
  }),

  listActionItems: get("/action-items", {
    summary: "List your action items, pushes in progress, and what others have to do",
    description:
      "By page, with what a list shows of each commit, which stands once, with its first step. Give `next` as `after` for the next page: it leaves out so many of each list.",
    query: z.strictObject({ limit: limit(100), after: z.optional(after) }),
    reply: z.object({
      actionItems: z.array(step),
      onTheWay: z.array(z.object({ commit: commitCard, percent: z.number() })),
      /** Of which a push ended in the last ten minutes, and that are in no other list. */
      finished: z.array(commitCard),
      waiting: z.array(step),
      /** Of each whole list. */
      counts: z.object({ actionItems: z.int(), onTheWay: z.int(), waiting: z.int() }),
      next: z.nullable(z.int()),
      /** Targets that do not answer: pushes to them wait. */
      down: z.array(z.object({ target: z.string(), state: z.enum(stateNames("target_health")) })),
      /** Stored rows that were left out of all this because they cannot be read; shown to admins. */
      unreadable: z.array(unreadableRow),
    }),
  }),

  listPeople: get("/people", {
    summary: "List the names of people",
    description: "For at most 100 user ids, separated by commas. A person whom Slack does not list is left out.",
    query: z.strictObject({
      ids: z.string().check(z.regex(/^[UW][A-Z0-9]{2,20}(?:,[UW][A-Z0-9]{2,20}){0,99}$/)),
    }),
    reply: z.object({ people }),
  }),

  findPeople: get("/people/search", {
    permission: "roles",
    cost: 10,
    summary: "Find people by an e-mail address or a name",
    description:
      "A name as Slack shows it, the beginning of one of its words, or a handle. `people` has everybody who is called so, at most ten; where nobody is, `near` has whom you may have meant.",
    query: z.strictObject({ q: z.string().check(z.minLength(1), z.maxLength(200)) }),
    reply: z.object({ people, near: people }),
  }),

  exportPerson: get("/people/{userId}/export", {
    permission: "roles",
    cost: 10,
    summary: "Export what is stored of a person",
    description:
      "For a person who asks what is stored of them: every row of the bot's database in which they stand, without secrets; at most 5,000 a table. What a row holds is the database's, and may change with a release.",
    reply: z.object({
      userId,
      exportedAt: time,
      tables: z.array(z.object({ name: z.string(), rows: z.array(z.record(z.string(), z.unknown())) })),
      isWhole: z.boolean(),
    }),
  }),

  erasePerson: remove("/people/{userId}", {
    permission: "roles",
    cost: 10,
    summary: "Erase the personal data of a person",
    description:
      "Their role, tokens, sign-ins, name, addresses and staged changes are deleted, and the history has a pseudonym in place of their id. It cannot be taken back. Nobody erases themselves or the last admin.",
    reply: z.object({ pseudonym: userId }),
    problems: ["last_admin", "own_erasure"],
  }),

  showSettings: get("/settings", {
    summary: "Show the settings",
    reply: withMeta(settingsSchema, { mayApprove: z.array(userId) }),
  }),

  setSettings: patch("/settings", {
    permission: "settings",
    summary: "Change the settings",
    description: "A setting that is left out stays.",
    body: z.strictObject({
      mode: z.optional(z.enum(modes)),
      approvalsNeeded: z.optional(z.int()),
      channelId: z.optional(z.nullable(z.string().check(z.regex(/^[CG][A-Z0-9]{2,20}$/)))),
    }),
    example: { approvalsNeeded: 2 },
    reply: withMeta(settingsSchema, {
      before: settingsSchema,
      /** Commits that have enough approvals now. */
      approved: z.array(number),
      /** Approved commits that need more approvals now. */
      returned: z.array(number),
      mayApprove: z.array(userId),
    }),
    problems: ["approvals_out_of_range", "solo_mode_one_approval", "solo_mode_one_approver"],
  }),

  listRoles: get("/roles", {
    summary: "List the roles of people",
    description: "Everybody else is a viewer.",
    reply: z.object({ members: z.array(member) }),
  }),

  setRole: put("/roles/{userId}", {
    permission: "roles",
    summary: "Give a person a role",
    body: z.strictObject({ role }),
    example: { role: "approver" },
    reply: withMeta(member, {
      /** The acting admin among them, when this is their first role. */
      changed: z.array(z.object({ userId, role, before: role })),
      approvalsNeeded: z.int(),
      mayApprove: z.array(userId),
      /** Solo mode has ended with it: it is for one approver. */
      isTeamNow: z.boolean(),
      /** Commits that have enough approvals now. */
      approved: z.array(number),
      /** Approved commits that need more approvals now. */
      returned: z.array(number),
    }),
    problems: ["last_admin"],
  }),
};
