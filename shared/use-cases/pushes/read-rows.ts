/** The rows of a target as they are now. */
import type { LiveRow } from "../../domain/commits/conflict.ts";
import type { LiveOf } from "../../domain/commits/resolve.ts";
import type { EntityType } from "../../domain/portfolio/registry.ts";
import type { Change } from "../../domain/staging/change.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { TargetClient, TargetRows } from "../../targets/client.ts";
import type { UseCaseContext } from "../context.ts";

type RowKey = Pick<Change, "entityType" | "entityId">;

/**
 * @returns null for a row that is not there; undefined where the target did not answer, or holds a row that cannot be
 *   read: that one is there all the same
 */
export const readRows = async (
  client: TargetClient,
  keys: readonly RowKey[],
): Promise<(key: RowKey) => LiveRow | null | undefined> => {
  const current = new Map<EntityType, TargetRows>();
  for (const [entityType, group] of Map.groupBy(keys, ({ entityType: type }) => type)) {
    const answer = await client.rows(entityType, [...new Set(group.map(({ entityId }) => entityId))]);
    if (answer.ok) current.set(entityType, answer.value);
  }
  return ({ entityType, entityId }) => {
    const now = current.get(entityType);
    if (!now || now.unreadable.some(({ id }) => id === entityId)) return undefined;
    return now.rows.find(({ id }) => id === entityId) ?? null;
  };
};

export interface LiveRows {
  liveOf: LiveOf;
  /** Targets that did not answer for all rows. */
  unanswered: string[];
}

/** The same rows at several targets, which are asked at once. */
export const readLive = async (
  ctx: UseCaseContext,
  targets: readonly TargetBinding[],
  keys: readonly RowKey[],
): Promise<LiveRows> => {
  const rows = new Map(
    await Promise.all(
      targets.map(async (target) => [target.name, await readRows(ctx.targets(target, ctx.traceId), keys)] as const),
    ),
  );
  const liveOf: LiveOf = (target, key) => rows.get(target)?.(key);
  return {
    liveOf,
    unanswered: targets.map(({ name }) => name).filter((name) => keys.some((key) => liveOf(name, key) === undefined)),
  };
};
