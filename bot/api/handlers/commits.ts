import { apiCommit, apiCommitDetail } from "../../../shared/contract/resources.ts";
import type { Commit } from "../../../shared/domain/commits/commit.ts";
import { isClear } from "../../../shared/domain/commits/checks.ts";
import { dropCommit, reopenCommit } from "../../../shared/use-cases/commits/close-commit.ts";
import { type Decided, approveCommit, rejectCommit } from "../../../shared/use-cases/reviews/decide-commit.ts";
import { explainPush } from "../../../shared/use-cases/reviews/explain-checks.ts";
import { listCommits } from "../../../shared/use-cases/commits/list-commits.ts";
import { requestReview } from "../../../shared/use-cases/reviews/request-review.ts";
import { showCommitWithPushes } from "../../../shared/use-cases/commits/show-commit.ts";
import { type Handlers, answer } from "./handler.ts";

const decidedReply = ({ commit, missing }: Decided) => ({ ...apiCommit(commit), meta: { missing } });

const closedReply = ({ commit, changeCount }: { commit: Commit; changeCount: number }) => ({
  ...apiCommit(commit),
  meta: { changeCount },
});

export const commitHandlers = {
  listCommits: ({ ctx, query: { status = null, author = null, since = null, limit = 20, before = null } }) =>
    answer(listCommits(ctx, { limit, before, status, author, since }), ({ commits, older }) => ({
      commits: commits.map(apiCommit),
      next: older,
    })),

  showCommit: ({ ctx, params }) => answer(showCommitWithPushes(ctx, params.number), apiCommitDetail),

  dropCommit: ({ ctx, params }) => answer(dropCommit(ctx, params.number), closedReply),

  reopenCommit: ({ ctx, params }) => answer(reopenCommit(ctx, params.number), closedReply),

  requestReview: ({ ctx, params: { number }, body }) =>
    answer(
      requestReview(ctx, { number, channelId: null, reviewers: body.reviewers ?? [] }),
      ({ commit, asked, reviewers, again }) => ({ ...apiCommit(commit), meta: { asked, reviewers, again } }),
    ),

  approveCommit: ({ ctx, params: { number }, body }) =>
    answer(approveCommit(ctx, { number, seenHash: body.hash ?? null }), decidedReply),

  rejectCommit: ({ ctx, params: { number }, body: { hash = null, reason } }) =>
    answer(rejectCommit(ctx, { number, seenHash: hash, reason }), decidedReply),

  explainPush: ({ ctx, params }) =>
    answer(explainPush(ctx, params.number), ({ commit, targets, checks }) => ({
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
    })),
} satisfies Partial<Handlers>;
