import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { apiToken } from "../../../shared/contract/operations/administration.ts";
import { apiCommit } from "../../../shared/contract/resources.ts";
import type { ActionItem, Step } from "../../../shared/domain/workspace/action-items.ts";
import { defined } from "../../../shared/defined.ts";
import { ok } from "../../../shared/result.ts";
import { nowOf } from "../../../shared/use-cases/context.ts";
import { describeSelf } from "../../../shared/use-cases/workspace/describe-self.ts";
import { listActionItems } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { listRoles } from "../../../shared/use-cases/workspace/list-roles.ts";
import { setRole } from "../../../shared/use-cases/workspace/set-role.ts";
import { setSettings } from "../../../shared/use-cases/workspace/set-settings.ts";
import { showSettings } from "../../../shared/use-cases/workspace/show-settings.ts";
import { type Handlers, answer } from "./handler.ts";

export const workspaceHandlers = {
  whoAmI: ({ ctx }) =>
    answer(describeSelf(ctx), ({ token, ...rest }) => ({
      workspaceId: ctx.workspaceId,
      userId: ctx.actor.id,
      token: token && apiToken(token, nowOf(ctx)),
      ...rest,
    })),

  listWorkspaces: async ({ ctx, workspaces }) => {
    const self = await describeSelf(ctx);
    return self.ok ? ok({ workspaces: await workspaces() }) : self;
  },

  showSettings: ({ ctx }) =>
    answer(showSettings(ctx), ({ settings, mayApprove }) => ({ ...settings, meta: { mayApprove } })),

  setSettings: ({ ctx, body }) => answer(setSettings(ctx, defined(body)), ({ after, ...meta }) => ({ ...after, meta })),

  listPeople: async ({ ctx, query, namesOf }) => {
    const self = await describeSelf(ctx);
    return self.ok ? ok({ people: await namesOf([...new Set(query.ids.split(","))]) }) : self;
  },

  listRoles: ({ ctx }) => answer(listRoles(ctx), ({ members }) => ({ members })),

  setRole: ({ ctx, params: { userId }, body: { role } }) =>
    answer(setRole(ctx, { userIds: [userId], role }), (meta) => ({ userId, role, meta })),

  listActionItems: ({ ctx }) =>
    answer(listActionItems(ctx), ({ actionItems, onTheWay, waiting, down }) => ({
      actionItems: actionItems.map(actionItemReply),
      onTheWay: onTheWay.map(({ commit, percent }) => ({ commit: apiCommit(commit), percent })),
      waiting: waiting.map(stepReply),
      down: down.map(({ target, state }) => ({ target, state })),
      unreadable: actionItems.flatMap((item) => (item.kind === "unreadable" ? item.rows : [])),
    })),
} satisfies Partial<Handlers>;

type Listed = ReplyOf<"listActionItems">["actionItems"][number];

const stepReply = ({ kind, commit, who }: Step): Listed => ({ kind, commit: apiCommit(commit), who, count: null });

const actionItemReply = (actionItem: ActionItem): Listed => {
  switch (actionItem.kind) {
    case "commit":
      return { kind: actionItem.kind, commit: null, who: [], count: actionItem.changes.length };
    case "unreadable":
      return { kind: actionItem.kind, commit: null, who: [], count: actionItem.rows.length };
    case "dead_letters":
      return { kind: actionItem.kind, commit: null, who: [], count: actionItem.count };
    default:
      return stepReply(actionItem);
  }
};
