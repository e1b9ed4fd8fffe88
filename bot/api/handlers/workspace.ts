import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { apiToken } from "../../../shared/contract/operations/administration.ts";
import { apiEvent } from "../../../shared/contract/event.ts";
import { type ApiCommitCard, apiCommitCard } from "../../../shared/contract/resources.ts";
import type { Commit } from "../../../shared/domain/commits/commit.ts";
import type { ActionItem, Step } from "../../../shared/domain/workspace/action-items.ts";
import { defined } from "../../../shared/defined.ts";
import { ok } from "../../../shared/result.ts";
import { type UseCaseContext, nowOf } from "../../../shared/use-cases/context.ts";
import { type Self, describeSelf } from "../../../shared/use-cases/workspace/describe-self.ts";
import { mayFindPeople } from "../../../shared/use-cases/workspace/find-people.ts";
import { listEvents } from "../../../shared/use-cases/workspace/list-events.ts";
import { listRoles } from "../../../shared/use-cases/workspace/list-roles.ts";
import { type WorkList, listWork } from "../../../shared/use-cases/workspace/list-work.ts";
import { eraseDataOf, exportPerson } from "../../../shared/use-cases/workspace/personal-data.ts";
import { setRole } from "../../../shared/use-cases/workspace/set-role.ts";
import { setSettings } from "../../../shared/use-cases/workspace/set-settings.ts";
import { showSettings } from "../../../shared/use-cases/workspace/show-settings.ts";
import { type Handlers, answer } from "./handler.ts";

const startEvents = 50;
const startPeople = 100;

const selfReply =
  (ctx: UseCaseContext) =>
  ({ token, ...rest }: Self): ReplyOf<"whoAmI"> => ({
    workspaceId: ctx.workspaceId,
    userId: ctx.actor.id,
    token: token && apiToken(token, nowOf(ctx)),
    ...rest,
  });

export const workspaceHandlers = {
  whoAmI: ({ ctx }) => answer(describeSelf(ctx), selfReply(ctx)),

  showStart: async ({ ctx, namesOf, workspaces }) => {
    const [self, newest, roles] = await Promise.all([
      describeSelf(ctx),
      listEvents(ctx, { limit: startEvents, before: null }),
      listRoles(ctx),
    ]);
    if (!self.ok) return self;
    if (!newest.ok) return newest;
    if (!roles.ok) return roles;
    const ids = [ctx.actor.id, ...roles.value.members.map(({ userId }) => userId)];
    return ok({
      me: selfReply(ctx)(self.value),
      workspaces: await workspaces(),
      people: await namesOf([...new Set(ids)].slice(0, startPeople)),
      events: newest.value.events.map(apiEvent),
    });
  },

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

  findPeople: async ({ ctx, query, findPeople }) => {
    const allowed = await mayFindPeople(ctx);
    return allowed.ok ? answer(findPeople(query.q), ({ found, near }) => ({ people: found, near })) : allowed;
  },

  exportPerson: ({ ctx, params }) => exportPerson(ctx, params.userId),

  erasePerson: ({ ctx, params }) => eraseDataOf(ctx, params.userId),

  listRoles: ({ ctx }) => answer(listRoles(ctx), ({ members }) => ({ members })),

  setRole: ({ ctx, params: { userId }, body: { role } }) =>
    answer(setRole(ctx, { userIds: [userId], role }), (meta) => ({ userId, role, meta })),

  listActionItems: ({ ctx, query: { limit = 50, after = 0 } }) => answer(listWork(ctx, { limit, after }), workReply),
} satisfies Partial<Handlers>;

type Listed = ReplyOf<"listActionItems">["actionItems"][number];

const workReply = (work: WorkList): ReplyOf<"listActionItems"> => {
  const { actionItems, onTheWay, finished, waiting, counts, next, down, cards } = work;
  const cardOf = ({ id }: Commit): ApiCommitCard => {
    const card = cards.get(id);
    if (!card) throw new Error(`Commit ${id} has no card`);
    return apiCommitCard(card);
  };
  const stepReply = ({ kind, commit, who }: Step): Listed => ({ kind, commit: cardOf(commit), who, count: null });
  const itemReply = (item: ActionItem): Listed => {
    switch (item.kind) {
      case "commit":
        return { kind: item.kind, commit: null, who: [], count: item.changes.length };
      case "unreadable":
        return { kind: item.kind, commit: null, who: [], count: item.rows.length };
      case "dead_letters":
        return { kind: item.kind, commit: null, who: [], count: item.count };
      default:
        return stepReply(item);
    }
  };
  return {
    actionItems: actionItems.map(itemReply),
    onTheWay: onTheWay.map(({ commit, percent }) => ({ commit: cardOf(commit), percent })),
    finished: finished.map(cardOf),
    waiting: waiting.map(stepReply),
    counts,
    next,
    down: down.map(({ target, state }) => ({ target, state })),
    unreadable: actionItems.flatMap((item) => (item.kind === "unreadable" ? item.rows : [])),
  };
};
