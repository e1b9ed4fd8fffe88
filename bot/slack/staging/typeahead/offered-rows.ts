/** The rows that a person can choose from: what the targets show, with what the person has staged on top. */
import type { Change } from "../../../../shared/domain/staging/change.ts";
import { type EntityType, entityOf } from "../../../../shared/domain/portfolio/registry.ts";
import { normalized, searchKey } from "../../../../shared/domain/text.ts";
import { netEffect } from "../../../../shared/domain/staging/net-effect.ts";
import type { FieldValues } from "../../../../shared/domain/portfolio/entity.ts";
import type { TargetBinding } from "../../../../shared/storage/pushes/targets.ts";
import type { StagingDesk } from "../../../../shared/use-cases/staging/staging-desk.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { CachedRows } from "../../core/row-cache.ts";

export interface OfferedRow {
  id: string;
  name: string;
  /** As the person has left it. */
  values: FieldValues;
  /** Only the person's own staged change knows it. */
  isNew: boolean;
}

export interface OfferedRows {
  rows: OfferedRow[];
  /** Null when no target answers and none is remembered. */
  cached: Pick<CachedRows, "target" | "staleMs"> | null;
}

/** @param chosen names of targets; all when empty */
export const offeredRows = async (
  ctx: RequestContext,
  desk: StagingDesk,
  chosen: readonly string[],
  entityType: EntityType,
): Promise<OfferedRows> => {
  const targets = chosenTargets(desk, chosen);
  const cached = await ctx.askRows(targets, entityType);
  const own = desk.own.filter((change) => change.entityType === entityType);
  const rows = (cached?.rows ?? []).map(({ id, values }) =>
    offered(entityType, id, { ...values, ...stagedValues(own, id, cached?.target ?? "") }, false),
  );
  const created = own
    .filter(({ action, entityId }) => action === "CREATE" && !rows.some(({ id }) => id === entityId))
    .map(({ entityId, targets: [target = ""] }) =>
      offered(entityType, entityId, stagedValues(own, entityId, target), true),
    );
  return { rows: [...created, ...rows], cached };
};

export const chosenTargets = (desk: StagingDesk, chosen: readonly string[]): TargetBinding[] => {
  const named = desk.targets.filter(({ name }) => chosen.includes(name));
  return named.length > 0 ? named : desk.targets;
};

const offered = (entityType: EntityType, id: string, values: FieldValues, isNew: boolean): OfferedRow => ({
  id,
  name: entityOf(entityType).displayName(values) || id,
  values,
  isNew,
});

const stagedValues = (own: readonly Change[], id: string, target: string): FieldValues =>
  netEffect(
    own.filter(({ entityId }) => entityId === id),
    target,
  )[0]?.values ?? {};

/** By id or by name, as people type either. */
export const findRow = (rows: readonly OfferedRow[], typed: string): OfferedRow | undefined =>
  rows.find(({ id }) => id === typed) ??
  rows.find(({ name }) => normalized(name) === normalized(typed.trim())) ??
  rows.find(({ name }) => searchKey(name) === searchKey(typed));
