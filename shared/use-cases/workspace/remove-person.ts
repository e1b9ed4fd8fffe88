import { type Result, fail, ok } from "../../result.ts";
import { invalidateReviewCards } from "../../storage/cards.ts";
import { takeApprovalsBack } from "../../storage/commits/approvals.ts";
import { forgetAddresses, hasAddressQuery } from "../../storage/workspace/people.ts";
import { deleteSignInsOf, isSignedInQuery } from "../../storage/workspace/sign-ins.ts";
import { revokeTokensOf, tokensQuery } from "../../storage/workspace/tokens.ts";
import { deleteMember } from "../../storage/workspace/workspaces.ts";
import { maxTokens } from "../../domain/workspace/token.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type NotWritten, commitBatch, openSession, repeatable } from "../session.ts";
import { judgeAnew, judgedAnewEvents, openReviewsQueries, writeJudgedAnew } from "./judge-anew.ts";

export interface PersonRemoved {
  /** Names of the tokens that ended with it. */
  tokens: string[];
  /** Numbers of the approved commits that need more approvals now. */
  returned: number[];
}

/**
 * Somebody has left Slack: their role, their tokens, their sign-ins, and what they have approved and no push has used
 * end. A workspace may be without an admin after it; then the bootstrap admin is the admin again. Slack says it, so it
 * needs no permission. Null where they had nothing that could end.
 */
export const removePerson = repeatable(
  async (ctx: UseCaseContext, userId: string): Promise<Result<PersonRemoved | null, NotWritten>> => {
    const { workspaceId } = ctx;
    const at = atNow(ctx);
    const [{ workspace, members, record }, active, hasAddress, isSignedIn, ...[commits, approvals, targets]] =
      await openSession(
        ctx,
        tokensQuery(workspaceId, { userId, endedAfter: at.now, limit: maxTokens }),
        hasAddressQuery(workspaceId, userId),
        isSignedInQuery(workspaceId, userId, at.now),
        ...openReviewsQueries(workspaceId),
      );
    if (record) return fail({ code: "duplicate_request", result: record.result });
    const role = members.find((member) => member.userId === userId)?.role ?? "viewer";
    const tokens = active.filter(({ revokedAt }) => revokedAt === null).map(({ name }) => name);
    const gave = approvals.some(({ decidedBy, decision }) => decidedBy === userId && decision === "approved");
    if (role === "viewer" && tokens.length === 0 && !hasAddress && !isSignedIn && !gave) return ok(null);

    const { mode, approvalsNeeded } = workspace;
    const others = members.filter((member) => member.userId !== userId);
    const anew = judgeAnew(commits, approvals, targets, { mode, approvalsNeeded, members: others });
    return commitBatch<PersonRemoved>(
      ctx,
      { tokens, returned: anew.returned.map(({ number }) => number) },
      [
        deleteMember(workspaceId, userId),
        revokeTokensOf(at, userId, ctx.actor.id),
        forgetAddresses(at, userId),
        deleteSignInsOf(workspaceId, userId),
        takeApprovalsBack(at, userId),
        writeJudgedAnew(at, anew),
        invalidateReviewCards(at),
      ],
      { type: "member.left", data: { userId, role, tokens } },
      ...judgedAnewEvents(anew, "left"),
    );
  },
);
