import type { ApiRefusal } from "../../../shared/contract/refusals.ts";
import { apiCommit, apiCommitDetail } from "../../../shared/contract/resources.ts";
import { isClear } from "../../../shared/domain/commits/checks.ts";
import { type Result, ok } from "../../../shared/result.ts";
import { dropCommit, reopenCommit } from "../../../shared/use-cases/commits/close-commit.ts";
import { type Decided, approveCommit, rejectCommit } from "../../../shared/use-cases/reviews/decide-commit.ts";
import { explainPush } from "../../../shared/use-cases/reviews/explain-checks.ts";
import { listCommits } from "../../../shared/use-cases/commits/list-commits.ts";
import { requestReview } from "../../../shared/use-cases/reviews/request-review.ts";
import { showCommitWithPushes } from "../../../shared/use-cases/commits/show-commit.ts";
import type { Handlers } from "./handler.ts";

type CommitHandlers = Handlers<
  | "listCommits"
  | "showCommit"
  | "dropCommit"
  | "reopenCommit"
  | "requestReview"
  | "approveCommit"
  | "rejectCommit"
  | "explainPush"
>;

const usualPage = 20;

const decidedReply = (decided: Result<Decided, ApiRefusal>) => {
  if (!decided.ok) return decided;
  const { commit, missing } = decided.value;
  return ok({ ...apiCommit(commit), meta: { missing } });
};

const closedReply = (closed: Awaited<ReturnType<typeof dropCommit | typeof reopenCommit>>) => {
  if (!closed.ok) return closed;
  const { commit, changeCount } = closed.value;
  return ok({ ...apiCommit(commit), meta: { changeCount } });
};

export const commitHandlers: CommitHandlers = {
  listCommits: async ({ ctx, query }) => {
    const { status, author, since, limit, before } = query;
    const listed = await listCommits(ctx, {
      limit: limit ?? usualPage,
      before: before ?? null,
      status: status ?? null,
      author: author ?? null,
      since: since ?? null,
    });
    if (!listed.ok) return listed;
    return ok({ commits: listed.value.commits.map(apiCommit), next: listed.value.older });
  },

  showCommit: async ({ ctx, params }) => {
    const shown = await showCommitWithPushes(ctx, params.number);
    return shown.ok ? ok(apiCommitDetail(shown.value)) : shown;
  },

  dropCommit: async ({ ctx, params }) => closedReply(await dropCommit(ctx, params.number)),
  reopenCommit: async ({ ctx, params }) => closedReply(await reopenCommit(ctx, params.number)),

  requestReview: async ({ ctx, params, body }) => {
    const requested = await requestReview(ctx, {
      number: params.number,
      channelId: null,
      reviewers: body.reviewers ?? [],
    });
    if (!requested.ok) return requested;
    const { commit, asked, reviewers, again } = requested.value;
    return ok({ ...apiCommit(commit), meta: { asked, reviewers, again } });
  },

  approveCommit: async ({ ctx, params, body }) => {
    return decidedReply(await approveCommit(ctx, { number: params.number, seenHash: body.hash ?? null }));
  },

  rejectCommit: async ({ ctx, params, body }) => {
    const input = { number: params.number, seenHash: body.hash ?? null, reason: body.reason };
    return decidedReply(await rejectCommit(ctx, input));
  },

  explainPush: async ({ ctx, params }) => {
    const explained = await explainPush(ctx, params.number);
    if (!explained.ok) return explained;
    const { commit, targets, checks } = explained.value;
    return ok({
      commit: commit.number,
      clear: isClear(checks),
      targets,
      checks: checks.map(({ name, state, who, role, mine, command: _command, ...about }) => ({
        name,
        state,
        who: [...who],
        role,
        mine,
        about,
      })),
    });
  },
};
