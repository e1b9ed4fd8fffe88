import { type Result, ok } from "../../result.ts";
import type { VerifyBody } from "../../targets/protocol.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";

/** What one target says of its stores, or why it says nothing. */
export interface TargetCheck {
  target: string;
  found: VerifyBody | null;
  /** Null when it has answered. */
  problem: string | null;
}

export interface Verified {
  /** In the order of application. */
  checks: TargetCheck[];
  /** Whether all that answered hold the same number of rows; null with fewer than two answers. */
  sameCount: boolean | null;
}

/** Asks every target at once whether its stores agree. One that does not answer hides no other. */
export const verifyTargets = async (ctx: UseCaseContext): Promise<Result<Verified, Refused>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "verify");
  if (!allowed.ok) return allowed;
  const checks = await Promise.all(
    session.targets.map(async (target): Promise<TargetCheck> => {
      const answer = await ctx.targets(target, ctx.traceId).verify();
      return answer.ok
        ? { target: target.name, found: answer.value, problem: null }
        : { target: target.name, found: null, problem: answer.reason.message };
    }),
  );
  const counts = checks.flatMap(({ found }) => (found ? [found.d1Count] : []));
  return ok({ checks, sameCount: counts.length < 2 ? null : new Set(counts).size === 1 });
};
