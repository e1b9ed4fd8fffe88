import type { Difference, Side } from "../../domain/commits/history.ts";
import { type Result, ok } from "../../result.ts";
import { appliedChangesQuery } from "../../storage/commits/history.ts";
import { recordDriftOfOpen } from "../commits/record-drift-of-open.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";
import { type Compared, type TargetCheck, compareTargets } from "./compare-targets.ts";
import { offerPushes } from "./offer-pushes.ts";

/** A difference with what else there is to see, and to do about it. */
export interface FoundDifference extends Difference {
  /** The same at the other targets that have answered, in the order of application. */
  elsewhere: { target: string; live: Side }[];
  /** The commit that repairs the row when it is pushed again to the target; null where none does. */
  pushAgain: number | null;
}

export interface Verified {
  /** In the order of application. */
  checks: TargetCheck[];
  /** Rows and fields that are not as applied commits have made them, or differ between targets. */
  differences: FoundDifference[];
}

/**
 * Asks every target at once whether its stores agree, and reads all its rows: each is compared with what applied
 * commits have made of it, and with the other targets. A target that does not answer hides no other.
 */
export const verifyTargets = async (ctx: UseCaseContext): Promise<Result<Verified, Refused>> => {
  const [session, applied] = await openSession(ctx, appliedChangesQuery(ctx.workspaceId));
  const allowed = permit(session, "verify");
  if (!allowed.ok) return allowed;
  const compared = await compareTargets(ctx, session, applied);
  await recordDriftOfOpen(ctx, compared);
  const again = await offerPushes(ctx, compared, applied);
  return ok({
    checks: compared.checks,
    differences: compared.differences.map((difference) => ({
      ...difference,
      elsewhere: elsewhereOf(difference, compared.answered),
      pushAgain: again(difference),
    })),
  });
};

const elsewhereOf = (
  { target, entityType, entityId, field }: Difference,
  answered: Compared["answered"],
): FoundDifference["elsewhere"] =>
  answered.flatMap(({ target: other, live }) => {
    if (other === target) return [];
    const row = live.get(entityType)?.find(({ id }) => id === entityId);
    const side: Side = field === null || !row ? { row: row !== undefined } : { value: row.values[field] ?? null };
    return [{ target: other, live: side }];
  });
