/** Reads every row of every target, and compares it with what applied commits have made of it. */
import {
  type AppliedChange,
  type Difference,
  differencesBetween,
  differencesFromHistory,
} from "../../domain/commits/history.ts";
import { type EntityType, entityTypes } from "../../domain/portfolio/registry.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { UnreadableTargetRow } from "../../targets/client.ts";
import type { TargetRow, VerifyBody } from "../../targets/protocol.ts";
import type { UseCaseContext } from "../context.ts";
import type { Session } from "../session.ts";

/** What one target says of its stores, or why it says nothing. */
export interface TargetCheck {
  target: string;
  found: VerifyBody | null;
  /** Null when it has answered. */
  problem: string | null;
  unreadable: UnreadableTargetRow[];
}

/** Every row of a target, with its version. */
export type RowsOfTarget = ReadonlyMap<EntityType, readonly TargetRow[]>;

export interface Compared {
  checks: TargetCheck[];
  differences: Difference[];
  /** Of the targets that have answered, in the order of application. */
  answered: { target: string; live: RowsOfTarget }[];
}

export const compareTargets = async (
  ctx: UseCaseContext,
  session: Session,
  applied: readonly AppliedChange[],
): Promise<Compared> => {
  const asked = await Promise.all(session.targets.map((target) => ask(ctx, target)));
  const answered = asked.flatMap(({ check, live }) => (live ? [{ target: check.target, live }] : []));
  return {
    checks: asked.map(({ check }) => check),
    differences: [
      ...answered.flatMap(({ target, live }) => differencesFromHistory(target, live, applied)),
      ...differencesBetween(answered, applied),
    ],
    answered,
  };
};

const ask = async (
  ctx: UseCaseContext,
  target: TargetBinding,
): Promise<{ check: TargetCheck; live: RowsOfTarget | null }> => {
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
