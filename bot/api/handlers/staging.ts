import { apiChange, apiCommit, apiOverlaps } from "../../../shared/contract/resources.ts";
import { defined } from "../../../shared/defined.ts";
import { fail, ok } from "../../../shared/result.ts";
import { createCommit, overlapsOfCreated } from "../../../shared/use-cases/commits/create-commit.ts";
import { editChange } from "../../../shared/use-cases/staging/edit-change.ts";
import { listStaged } from "../../../shared/use-cases/staging/list-staged.ts";
import { type Staged, overlapsOfStaged, stageChange } from "../../../shared/use-cases/staging/stage-change.ts";
import { unstageChanges } from "../../../shared/use-cases/staging/unstage-changes.ts";
import { type Handlers, answer } from "./handler.ts";

const stagedReply = (staged: Staged) => {
  const { change, summary, notAsked, similar = [] } = staged;
  return { ...apiChange(change), summary, meta: { notAsked, similar, ...apiOverlaps(overlapsOfStaged(staged)) } };
};

export const stagingHandlers = {
  stageChange: async ({ ctx, body }) => {
    const { action, entityType, entityId: row = null, payload: values = {}, targets = [], note = null } = body;
    if (action !== "CREATE" && row === null) return fail({ code: "entity_id_required", action });
    const input = { action, entityType, row, values, targets, note, source: null };
    return answer(stageChange(ctx, input), stagedReply);
  },

  listStaged: ({ ctx, query: { author, limit = 500, after = 0 } }) =>
    answer(listStaged(ctx), ({ changes, overlaps }) => {
      const all = changes.filter(({ createdBy }) => author === undefined || createdBy === author);
      const isOwn = ({ createdBy }: (typeof all)[number]): boolean => createdBy === ctx.actor.id;
      const own = all.filter(isOwn);
      const page = [...own, ...all.filter((each) => !isOwn(each))].slice(after, after + limit);
      return {
        changes: page.map((each) => ({
          ...apiChange(each, changes),
          ...apiOverlaps(overlaps.get(each.number) ?? []),
        })),
        count: all.length,
        ownCount: own.length,
        next: after + limit < all.length ? after + limit : null,
      };
    }),

  editStaged: ({ ctx, params: { number }, body: { payload: values = {}, targets, note } }) =>
    answer(editChange(ctx, { number, values, ...defined({ targets, note }) }), stagedReply),

  unstage: async ({ ctx, params }) => {
    const unstaged = await unstageChanges(ctx, { numbers: [params.number] });
    if (!unstaged.ok) return unstaged;
    const [change] = unstaged.value.changes;
    return ok(change ? apiChange(change) : null);
  },

  createCommit: ({ ctx, body: { message, changes: only = null, draft = false, acceptEdits = null } }) =>
    answer(createCommit(ctx, { message, draft, channelId: null, only, acceptEdits }), (created) => {
      const { commit, changeCount, rowCount, cancelled, targets, reviewers } = created;
      const overlaps = apiOverlaps(overlapsOfCreated(created));
      return { ...apiCommit(commit), meta: { changeCount, rowCount, cancelled, targets, reviewers, ...overlaps } };
    }),
} satisfies Partial<Handlers>;
