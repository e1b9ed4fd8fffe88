import { apiCommit, apiCommitDetail, apiOperationPage, apiOverlaps } from "../../../shared/contract/resources.ts";
import type { Commit } from "../../../shared/domain/commits/commit.ts";
import type { Choice } from "../../../shared/domain/commits/resolve.ts";
import { isClear } from "../../../shared/domain/commits/checks.ts";
import type { Request } from "../../../shared/contract/operations.ts";
import { listConflicts } from "../../../shared/use-cases/commits/list-conflicts.ts";
import { resolveConflicts } from "../../../shared/use-cases/commits/resolve-conflicts.ts";
import { dropCommit, reopenCommit } from "../../../shared/use-cases/commits/close-commit.ts";
import { type Decided, approveCommit, rejectCommit } from "../../../shared/use-cases/reviews/decide-commit.ts";
import { withdrawApproval } from "../../../shared/use-cases/reviews/withdraw-approval.ts";
import { explainPush } from "../../../shared/use-cases/reviews/explain-checks.ts";
import { listCommits } from "../../../shared/use-cases/commits/list-commits.ts";
import { requestReview } from "../../../shared/use-cases/reviews/request-review.ts";
import { showCommit, showCommitWithPushes } from "../../../shared/use-cases/commits/show-commit.ts";
import { type Handlers, answer } from "./handler.ts";

const decidedReply = ({ commit, missing, next }: Decided) => ({ ...apiCommit(commit), meta: { missing, next } });

const closedReply = ({ commit, changeCount }: { commit: Commit; changeCount: number }) => ({
  ...apiCommit(commit),
  meta: { changeCount },
});

type GivenChoice = Request<"resolveConflicts">["body"]["choices"][number];

const choiceOf = (given: GivenChoice): Choice => ({
  row: "entityType" in given ? { entityType: given.entityType, entityId: given.entityId } : null,
  field: "field" in given ? (given.field ?? null) : null,
  target: given.target ?? null,
  take: given.take === "value" ? { value: given.value } : given.take,
});

export const commitHandlers = {
  listCommits: ({ ctx, query: { status = null, author = null, since = null, limit = 20, before = null } }) =>
    answer(listCommits(ctx, { limit, before, status, author, since }), ({ commits, overlaps, older }) => ({
      commits: commits.map((each, index) => ({ ...apiCommit(each), ...apiOverlaps(overlaps[index] ?? []) })),
      next: older,
    })),

  showCommit: ({ ctx, params }) => answer(showCommitWithPushes(ctx, params.number), apiCommitDetail),

  listConflicts: ({ ctx, params }) =>
    answer(listConflicts(ctx, params.number), ({ commit, ...list }) => ({ commit: commit.number, ...list })),

  resolveConflicts: ({ ctx, params: { number }, body: { choices, seen = null } }) =>
    answer(
      resolveConflicts(ctx, { number, choices: choices.map(choiceOf), seen }),
      ({ commit, decided, left, discarded, voided }) => ({
        ...apiCommit(commit),
        meta: { decided, left, discarded, voided },
      }),
    ),

  listOperations: ({ ctx, params, query: { limit = 50, after = 0 } }) =>
    answer(showCommit(ctx, params.number), (shown) => apiOperationPage(shown, after, limit)),

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

  withdrawApproval: ({ ctx, params }) =>
    answer(withdrawApproval(ctx, params.number), ({ commit, missing }) => ({
      ...apiCommit(commit),
      meta: { missing },
    })),

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
