/** What changes amount to, row by row: what a review is about, derived from the same operations as a commit's hash. */
import type { Base, Change } from "./change.ts";
import { type FieldDiff, diffOf } from "./diff.ts";
import { type Operation, netEffect } from "./net-effect.ts";
import { entityOf } from "../portfolio/registry.ts";

export interface NetOperation extends Pick<Operation, "entityType" | "entityId" | "action"> {
  /** What people call the row. */
  name: string;
  /** Those that get exactly this, in the order of application. */
  targets: string[];
  /** How a target has shown the row: what was before is unknown where it was not asked. */
  base: Base["seen"];
  diff: FieldDiff[];
}

type RowOf = Pick<Operation, "entityType" | "entityId">;

const rowKey = ({ entityType, entityId }: RowOf): string => `${entityType}/${entityId}`;

/** The row's name before, else that of a new row, else its id: a new name says nothing of which row it is. */
const nameOf = ({ entityType, entityId, action, values, base }: Operation): string | null => {
  const shown = base.seen === "row" ? base.values : action === "CREATE" ? values : null;
  const name = shown === null ? "" : entityOf(entityType).displayName(shown);
  return name.replace(/\s+/g, " ").trim() || (shown === null ? null : entityId);
};

/** At most one for each row and target; targets that get the same share one, and those of the same targets adjoin. */
export const netOperations = (changes: Parameters<typeof netEffect>[0], targets: readonly string[]): NetOperation[] => {
  const operations = new Map<string, NetOperation>();
  const names = new Map<string, string>();
  for (const target of targets) {
    for (const operation of netEffect(changes, target)) {
      const { entityType, entityId, action, base } = operation;
      const diff = diffOf(operation);
      const key = JSON.stringify([entityType, entityId, action, base.seen, diff]);
      const same = operations.get(key);
      if (same) same.targets.push(target);
      else operations.set(key, { entityType, entityId, action, name: "", targets: [target], base: base.seen, diff });
      const name = nameOf(operation);
      if (name !== null && !names.has(rowKey(operation))) names.set(rowKey(operation), name);
    }
  }
  const named = [...operations.values()].map((each) => ({ ...each, name: names.get(rowKey(each)) ?? each.entityId }));
  return [...Map.groupBy(named, ({ targets: at }) => JSON.stringify(at)).values()].flat();
};

/** How many rows would change. */
export const rowCount = (operations: readonly RowOf[]): number => new Set(operations.map(rowKey)).size;

/** Changes to one row of which nothing is left, such as a new row that is removed again. */
export interface CancelledRow extends RowOf {
  /** Of the changes. */
  numbers: number[];
}

/** The rows that stay as they are, at every target, although changes to them are among these. */
export const cancelledRows = (
  changes: readonly Pick<Change, "number" | keyof Parameters<typeof netEffect>[0][number]>[],
  operations: readonly RowOf[],
): CancelledRow[] => {
  const left = new Set(operations.map(rowKey));
  return [...Map.groupBy(changes, rowKey)].flatMap(([key, own]) => {
    const [first] = own;
    if (!first || left.has(key)) return [];
    const { entityType, entityId } = first;
    return [{ entityType, entityId, numbers: own.map(({ number }) => number).toSorted((a, b) => a - b) }];
  });
};
