import type { ApiToken } from "../../domain/workspace/token.ts";
import { type Result, ok } from "../../result.ts";
import { tokensQuery } from "../../storage/workspace/tokens.ts";
import { type UseCaseContext, inMs, nowOf } from "../context.ts";
import { type Refused, type Session, allows, openSession, permit } from "../session.ts";
import { dayMs } from "../../domain/time.ts";

export interface TokenList {
  /** Newest first. */
  tokens: ApiToken[];
  /** Whether those of others are among them. */
  everybodys: boolean;
  /** Whether who asks may make one. */
  mayCreate: boolean;
  session: Session;
  /** ISO 8601 */
  now: string;
}

const maxListed = 200;
/** How long those that ended are still listed. */
const endedMs = 30 * dayMs;

/** One's own tokens; everybody's for an admin. */
export const listTokens = async (ctx: UseCaseContext): Promise<Result<TokenList, Refused>> => {
  const all = { userId: null, endedAfter: inMs(ctx, -endedMs), limit: maxListed };
  const [session, tokens, own] = await openSession(
    ctx,
    tokensQuery(ctx.workspaceId, all),
    tokensQuery(ctx.workspaceId, { ...all, userId: ctx.actor.id }),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const everybodys = allows(session, "roles");
  const mayCreate = allows(session, "tokens");
  return ok({ tokens: everybodys ? tokens : own, everybodys, mayCreate, session, now: nowOf(ctx) });
};
