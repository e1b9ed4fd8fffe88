import { type ApiToken, tokenState } from "../../domain/workspace/token.ts";
import { type Result, fail } from "../../result.ts";
import { assertChanges } from "../../storage/database.ts";
import { revokeTokenRow, tokenQuery } from "../../storage/workspace/tokens.ts";
import { type UseCaseContext, nowOf } from "../context.ts";
import { type Forbidden, type NotWritten, allows, commitBatch, openSession, permit, repeatable } from "../session.ts";

export type RevokeTokenReason =
  | Forbidden
  | NotWritten
  | { code: "token_not_found"; number: number }
  | { code: "token_inactive"; number: number; state: "expired" | "revoked" };

/** Ends a token at once: one's own, or as an admin anybody's. Whoever may not see a token gets "not found". */
export const revokeToken = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<ApiToken, RevokeTokenReason>> => {
    const { db, workspaceId } = ctx;
    const [session, token] = await openSession(ctx, tokenQuery(db, workspaceId, number));
    const allowed = permit(session, "tokens");
    if (!allowed.ok) return allowed;
    if (!token || (token.userId !== ctx.actor.id && !allows(session, "roles"))) {
      return fail({ code: "token_not_found", number });
    }
    const now = nowOf(ctx);
    const state = tokenState(token, now);
    if (state !== "active") return fail({ code: "token_inactive", number, state });
    const revoked: ApiToken = { ...token, revokedAt: now, revokedBy: ctx.actor.id };
    return commitBatch(
      ctx,
      revoked,
      [revokeTokenRow(db, workspaceId, token.id, ctx.actor.id, now), assertChanges(db)],
      { type: "token.revoked", data: { name: token.name, number, owner: token.userId } },
    );
  },
);
