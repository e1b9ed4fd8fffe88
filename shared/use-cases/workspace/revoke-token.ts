import { type ApiToken, tokenState } from "../../domain/workspace/token.ts";
import { type Result, fail } from "../../result.ts";
import { revokeTokenRow, tokenQuery } from "../../storage/workspace/tokens.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type WriteRefusal, allows, commitBatch, openSession, permit, repeatable } from "../session.ts";

export type RevokeTokenReason = WriteRefusal<"token_not_found" | "token_inactive">;

/** Ends a token at once: one's own, or as an admin anybody's. Whoever may not see a token gets "not found". */
export const revokeToken = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<ApiToken, RevokeTokenReason>> => {
    const { workspaceId } = ctx;
    const [session, token] = await openSession(ctx, tokenQuery(workspaceId, number));
    // Whoever holds a token may end that one, whatever its scopes are.
    const isInHand = session.token !== null && session.token.id === token?.id;
    const allowed = permit(isInHand ? { ...session, token: null } : session, "ownTokens");
    if (!allowed.ok) return allowed;
    if (!token || (token.userId !== ctx.actor.id && !allows(session, "roles"))) {
      return fail({ code: "token_not_found", number });
    }
    const at = atNow(ctx);
    const state = tokenState(token, at.now);
    if (state !== "active") return fail({ code: "token_inactive", number, state });
    const revoked: ApiToken = { ...token, revokedAt: at.now, revokedBy: ctx.actor.id };
    return commitBatch(ctx, revoked, [revokeTokenRow(at, token.id, ctx.actor.id)], {
      type: "token.revoked",
      data: { name: token.name, number, owner: token.userId },
    });
  },
);
