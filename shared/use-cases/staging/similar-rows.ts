/** Rows that people would take for the one that is to be made: their names differ in case, width or accents at most. */
import type { Change } from "../../domain/staging/change.ts";
import type { FieldValues } from "../../domain/portfolio/entity.ts";
import { type EntityType, entityOf } from "../../domain/portfolio/registry.ts";
import { searchKey } from "../../domain/text.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { UseCaseContext } from "../context.ts";

export interface SimilarRow {
  id: string;
  name: string;
}

const maxShown = 3;

/** Among the targets' rows and what is staged. A target that gives no answer has none: it is only a warning. */
export const similarRows = async (
  ctx: UseCaseContext,
  targets: readonly TargetBinding[],
  entityType: EntityType,
  values: FieldValues,
  staged: readonly Change[],
): Promise<SimilarRow[]> => {
  const answers = await Promise.all(targets.map((target) => ctx.targets(target, ctx.traceId).rows(entityType)));
  const live = answers.flatMap((answer) => (answer.ok ? answer.value.rows : []));
  const creations = staged.filter((change) => change.entityType === entityType && change.action === "CREATE");
  return similarAmong(entityType, values, [...live, ...creations.map(madeRow)]);
};

interface NamedRow {
  id: string;
  values: FieldValues;
}

/** The row that a CREATE will make. */
export const madeRow = ({ entityId, payload }: Change): NamedRow => ({ id: entityId, values: payload });

export const similarAmong = (entityType: EntityType, values: FieldValues, rows: readonly NamedRow[]): SimilarRow[] => {
  const { displayName } = entityOf(entityType);
  const wanted = searchKey(displayName(values));
  const byId = new Map(
    rows
      .map((row) => ({ id: row.id, name: displayName(row.values) }))
      .filter(({ name }) => searchKey(name) === wanted)
      .map((row) => [row.id, row]),
  );
  return [...byId.values()].slice(0, maxShown);
};
