import {
  type Difference,
  type LiveRows,
  differencesBetween,
  differencesFromHistory,
} from "../../domain/commits/history.ts";
import { type EntityType, entityTypes } from "../../domain/portfolio/registry.ts";
import { type Result, ok } from "../../result.ts";
import { appliedChangesQuery } from "../../storage/commits/history.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { UnreadableTargetRow } from "../../targets/client.ts";
import type { TargetRow, VerifyBody } from "../../targets/protocol.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";

/** What one target says of its stores, or why it says nothing. */
export interface TargetCheck {
  target: string;
  found: VerifyBody | null;
  /** Null when it has answered. */
  problem: string | null;
  unreadable: UnreadableTargetRow[];
}

export interface Verified {
  /** In the order of application. */
  checks: TargetCheck[];
  /** Rows and fields that are not as applied commits have made them, or differ between targets. */
  differences: Difference[];
}

/**
 * Asks every target at once whether its stores agree, and reads all its rows: each is compared with what applied
 * commits have made of it, and with the other targets. A target that does not answer hides no other.
 */
export const verifyTargets = async (ctx: UseCaseContext): Promise<Result<Verified, Refused>> => {
  const [session, applied] = await openSession(ctx, appliedChangesQuery(ctx.workspaceId));
  const allowed = permit(session, "verify");
  if (!allowed.ok) return allowed;
  const asked = await Promise.all(session.targets.map((target) => ask(ctx, target)));
  const answered = asked.flatMap(({ check, live }) => (live ? [{ target: check.target, live }] : []));
  return ok({
    checks: asked.map(({ check }) => check),
    differences: [
      ...answered.flatMap(({ target, live }) => differencesFromHistory(target, live, applied)),
      ...differencesBetween(answered, applied),
    ],
  });
};

const ask = async (
  ctx: UseCaseContext,
  target: TargetBinding,
): Promise<{ check: TargetCheck; live: LiveRows | null }> => {
  const client = ctx.targets(target, ctx.traceId);
  const found = await client.verify();
  const nothing = { target: target.name, found: null, unreadable: [] };
  if (!found.ok) return { check: { ...nothing, problem: found.reason.message }, live: null };
  const live = new Map<EntityType, TargetRow[]>();
  const unreadable: UnreadableTargetRow[] = [];
  const answers = await Promise.all(entityTypes.map(async (type) => ({ type, answer: await client.rows(type) })));
  for (const { type, answer } of answers) {
    if (!answer.ok) return { check: { ...nothing, problem: answer.reason.message }, live: null };
    live.set(type, answer.value.rows);
    unreadable.push(...answer.value.unreadable);
  }
  return { check: { target: target.name, found: found.value, problem: null, unreadable }, live };
};
