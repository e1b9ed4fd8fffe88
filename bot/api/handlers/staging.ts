import { apiChange, apiCommit } from "../../../shared/contract/resources.ts";
import { fail, ok } from "../../../shared/result.ts";
import { createCommit } from "../../../shared/use-cases/commits/create-commit.ts";
import { editChange } from "../../../shared/use-cases/staging/edit-change.ts";
import { listStaged } from "../../../shared/use-cases/staging/list-staged.ts";
import { type Staged, stageChange } from "../../../shared/use-cases/staging/stage-change.ts";
import { unstageChanges } from "../../../shared/use-cases/staging/unstage-changes.ts";
import type { Handlers } from "./handler.ts";

type StagingHandlers = Handlers<"stageChange" | "listStaged" | "editStaged" | "unstage" | "createCommit">;

const stagedReply = ({ change, notAsked, alsoStagedBy }: Staged) => ({
  ...apiChange(change),
  meta: { notAsked, alsoStagedBy },
});

export const stagingHandlers: StagingHandlers = {
  stageChange: async ({ ctx, body }) => {
    const { action, entityType, entityId } = body;
    if (action !== "CREATE" && entityId === undefined) return fail({ code: "entity_id_required", action });
    const staged = await stageChange(ctx, {
      action,
      entityType,
      row: entityId ?? null,
      values: body.payload ?? {},
      targets: body.targets ?? [],
      summary: body.summary ?? null,
      source: null,
    });
    if (!staged.ok) return staged;
    return ok(stagedReply(staged.value));
  },

  listStaged: async ({ ctx, query }) => {
    const listed = await listStaged(ctx);
    if (!listed.ok) return listed;
    const { author } = query;
    const changes = listed.value.changes.filter(({ createdBy }) => author === undefined || createdBy === author);
    return ok({ changes: changes.map(apiChange) });
  },

  editStaged: async ({ ctx, params, body }) => {
    const { payload, targets, summary } = body;
    const edited = await editChange(ctx, {
      number: params.number,
      values: payload ?? {},
      ...(targets ? { targets } : {}),
      ...(summary === undefined ? {} : { summary }),
    });
    if (!edited.ok) return edited;
    return ok(stagedReply(edited.value));
  },

  unstage: async ({ ctx, params }) => {
    const unstaged = await unstageChanges(ctx, { numbers: [params.number] });
    if (!unstaged.ok) return unstaged;
    const [change] = unstaged.value;
    return change ? ok(apiChange(change)) : fail({ code: "change_not_found", numbers: [params.number] });
  },

  createCommit: async ({ ctx, body }) => {
    const { message, changes, draft } = body;
    const created = await createCommit(ctx, {
      message,
      draft: draft ?? false,
      channelId: null,
      only: changes ?? null,
    });
    if (!created.ok) return created;
    const { commit, changeCount, targets, reviewers } = created.value;
    return ok({ ...apiCommit(commit), meta: { changeCount, targets, reviewers } });
  },
};
