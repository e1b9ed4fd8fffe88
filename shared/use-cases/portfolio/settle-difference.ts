/** What can follow a difference between a target and its history: a change that repairs it, or what is live counts. */
import type { Difference } from "../../domain/commits/history.ts";
import type { FieldValues } from "../../domain/portfolio/entity.ts";
import { type EntityType, entityTypes, isEntityType } from "../../domain/portfolio/registry.ts";
import { closest } from "../../domain/closest.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { Refusal } from "../../contract/refusals.ts";
import { chooseTargets } from "../choose-targets.ts";
import type { UseCaseContext } from "../context.ts";
import { readRows } from "../pushes/read-rows.ts";
import { type Session, type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import { type StageReason, type Staged, stageChange } from "../staging/stage-change.ts";
import { verifyTargets } from "./verify-targets.ts";

export interface RowAtTarget {
  /** Name, alias or the beginning of one. */
  target: string;
  entityType: string;
  entityId: string;
}

type Unnamed = Refusal<"unknown_target" | "unknown_entity_type">;

export type StageFixReason = StageReason | Refusal<"no_difference" | "row_missing">;

/** Stages a change to one target that makes its row what applied commits, or the other targets, say it is. */
export const stageFix = async (ctx: UseCaseContext, input: RowAtTarget): Promise<Result<Staged, StageFixReason>> => {
  const [session] = await openSession({ ...ctx, idempotencyKey: null });
  const allowed = permit(session, "stage");
  if (!allowed.ok) return allowed;
  const named = nameRow(session, input);
  if (!named.ok) return named;
  const { target, entityType } = named.value;
  const { entityId } = input;
  const verified = await verifyTargets({ ...ctx, idempotencyKey: null });
  if (!verified.ok)
    return verified.reason.code === "duplicate_request" ? fail({ code: "conflict" }) : fail(verified.reason);
  const own = differencesOf(verified.value, target.name, entityType, entityId);
  if (own.length === 0) return fail({ code: "no_difference", target: target.name, entityType, entityId });
  const row = own.find(({ field }) => field === null);
  if (row && "row" in row.expected && row.expected.row)
    return fail({ code: "row_missing", target: target.name, entityType, entityId });
  return stageChange(ctx, {
    action: row ? "DELETE" : "UPDATE",
    entityType,
    row: entityId,
    values: row ? {} : expectedValues(own),
    targets: [target.name],
    note: null,
    source: null,
  });
};

export const differencesOf = <D extends Difference>(
  { differences }: { differences: readonly D[] },
  target: string,
  entityType: EntityType,
  entityId: string,
): D[] =>
  differences.filter((each) => each.target === target && each.entityType === entityType && each.entityId === entityId);

const expectedValues = (differences: readonly Difference[]): FieldValues =>
  Object.fromEntries(
    differences.flatMap(({ field, expected }) =>
      field === null || !("value" in expected) ? [] : [[field, expected.value]],
    ),
  );

export const nameRow = (
  session: Session,
  { target: typed, entityType }: RowAtTarget,
): Result<{ target: TargetBinding; entityType: EntityType }, Unnamed> => {
  if (!isEntityType(entityType)) {
    const suggestion = closest(entityType, entityTypes);
    return fail({ code: "unknown_entity_type", typed: entityType, suggestion, allowed: entityTypes });
  }
  const chosen = chooseTargets(session.targets, [typed]);
  if (!chosen.ok) return chosen;
  const [target, another] = chosen.value;
  if (target && !another) return ok({ target, entityType });
  const allowed = session.targets.map(({ name }) => name);
  return fail({ code: "unknown_target", typed, suggestion: null, allowed });
};

export interface Accepted {
  target: string;
  entityType: EntityType;
  entityId: string;
  /** Null: it is accepted that there is no such row. */
  values: FieldValues | null;
}

export type AcceptReason = WriteRefusal<"unknown_target" | "unknown_entity_type" | "rows_unavailable">;

/** From now on the row is expected at the target as it is live there. */
export const acceptLive = repeatable(
  async (ctx: UseCaseContext, input: RowAtTarget): Promise<Result<Accepted, AcceptReason>> => {
    const [session] = await openSession(ctx);
    const allowed = permit(session, "verify");
    if (!allowed.ok) return allowed;
    const named = nameRow(session, input);
    if (!named.ok) return named;
    const { target, entityType } = named.value;
    const key = { entityType, entityId: input.entityId };
    const row = (await readRows(ctx.targets(target, ctx.traceId), [key]))(key);
    if (row === undefined) {
      const unanswered = [{ target: target.name, message: "did not answer, or the row cannot be read" }];
      return fail({ code: "rows_unavailable", unanswered });
    }
    const values = row?.values ?? null;
    const accepted: Accepted = { target: target.name, ...key, values };
    const data = { ...accepted, action: values === null ? "DELETE" : "CREATE", values: values ?? {} };
    return commitBatch(ctx, accepted, [], { type: "target.accepted", data });
  },
);
