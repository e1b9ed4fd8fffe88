import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { apiToken } from "../../../shared/contract/operations/administration.ts";
import { apiCommit } from "../../../shared/contract/resources.ts";
import type { ActionItem, Step } from "../../../shared/domain/workspace/action-items.ts";
import { ok } from "../../../shared/result.ts";
import { nowOf } from "../../../shared/use-cases/context.ts";
import { describeSelf } from "../../../shared/use-cases/workspace/describe-self.ts";
import { listActionItems } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { listRoles } from "../../../shared/use-cases/workspace/list-roles.ts";
import { setRole } from "../../../shared/use-cases/workspace/set-role.ts";
import { setSettings } from "../../../shared/use-cases/workspace/set-settings.ts";
import { showSettings } from "../../../shared/use-cases/workspace/show-settings.ts";
import type { Handlers } from "./handler.ts";

type WorkspaceHandlers = Handlers<
  | "whoAmI"
  | "listWorkspaces"
  | "showSettings"
  | "setSettings"
  | "listPeople"
  | "listRoles"
  | "setRole"
  | "listActionItems"
>;

export const workspaceHandlers: WorkspaceHandlers = {
  whoAmI: async ({ ctx }) => {
    const self = await describeSelf(ctx);
    if (!self.ok) return self;
    const { token, ...rest } = self.value;
    const shown = token && apiToken(token, nowOf(ctx));
    return ok({ workspaceId: ctx.workspaceId, userId: ctx.actor.id, token: shown, ...rest });
  },

  listWorkspaces: async ({ ctx, workspaces }) => {
    const self = await describeSelf(ctx);
    return self.ok ? ok({ workspaces: await workspaces() }) : self;
  },

  showSettings: async ({ ctx }) => {
    const shown = await showSettings(ctx);
    return shown.ok ? ok({ ...shown.value.settings, meta: { mayApprove: shown.value.mayApprove } }) : shown;
  },

  setSettings: async ({ ctx, body }) => {
    const { mode, approvalsNeeded, channelId } = body;
    const set = await setSettings(ctx, {
      ...(mode === undefined ? {} : { mode }),
      ...(approvalsNeeded === undefined ? {} : { approvalsNeeded }),
      ...(channelId === undefined ? {} : { channelId }),
    });
    if (!set.ok) return set;
    const { after, ...meta } = set.value;
    return ok({ ...after, meta });
  },

  listPeople: async ({ ctx, query, namesOf }) => {
    const self = await describeSelf(ctx);
    return self.ok ? ok({ people: await namesOf([...new Set(query.ids.split(","))]) }) : self;
  },

  listRoles: async ({ ctx }) => {
    const listed = await listRoles(ctx);
    return listed.ok ? ok({ members: listed.value.members }) : listed;
  },

  setRole: async ({ ctx, params, body }) => {
    const set = await setRole(ctx, { userIds: [params.userId], role: body.role });
    return set.ok ? ok({ userId: params.userId, role: body.role, meta: set.value }) : set;
  },

  listActionItems: async ({ ctx }) => {
    const listed = await listActionItems(ctx);
    if (!listed.ok) return listed;
    const { actionItems, onTheWay, waiting, down } = listed.value;
    return ok({
      actionItems: actionItems.map(actionItemReply),
      onTheWay: onTheWay.map(({ commit, percent }) => ({ commit: apiCommit(commit), percent })),
      waiting: waiting.map(stepReply),
      down: down.map(({ target, state }) => ({ target, state })),
    });
  },
};

type Listed = ReplyOf<"listActionItems">["actionItems"][number];

const stepReply = ({ kind, commit, who }: Step): Listed => ({ kind, commit: apiCommit(commit), who, count: null });

const actionItemReply = (actionItem: ActionItem): Listed => {
  switch (actionItem.kind) {
    case "commit":
      return { kind: actionItem.kind, commit: null, who: [], count: actionItem.changes.length };
    case "dead_letters":
      return { kind: actionItem.kind, commit: null, who: [], count: actionItem.count };
    default:
      return stepReply(actionItem);
  }
};
