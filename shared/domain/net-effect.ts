/** Squashes the changes to one row into the one operation that they amount to. */
import type { Action, Base, Change } from "./change.ts";
import { type FieldValues, sameValue } from "./entities/entity.ts";
import type { EntityType } from "./entities/registry.ts";

/** What a target is asked to do with one row. */
export interface Operation {
  entityType: EntityType;
  entityId: string;
  action: Action;
  values: FieldValues;
  /** Of the first change: what the author saw. */
  base: Base;
}

type Squashable = Pick<Change, "number" | "entityType" | "entityId" | "action" | "payload" | "base" | "targets">;

const key = (change: Squashable): string => `${change.entityType}/${change.entityId}`;

/** What `second` on top of `first` amounts to; null when nothing is left. */
const squash = (first: Operation, second: Squashable): Operation | null => {
  if (second.action === "DELETE") {
    return first.action === "CREATE" ? null : { ...first, action: "DELETE", values: {} };
  }
  return { ...first, values: { ...first.values, ...second.payload } };
};

/** Leaves out what an update sets to the value it already has; null when nothing is left. */
const effective = (operation: Operation): Operation | null => {
  if (operation.action !== "UPDATE" || operation.base.seen !== "row") return operation;
  const before = operation.base.values;
  const values = Object.fromEntries(
    Object.entries(operation.values).filter(([field, value]) => !sameValue(before[field], value)),
  );
  return Object.keys(values).length === 0 ? null : { ...operation, values };
};

/** The net operations of `changes` (in the order of their numbers) for one target, one per row. */
export const netEffect = (changes: readonly Squashable[], target: string): Operation[] => {
  const rows = new Map<string, Operation | null>();
  const ordered = changes.filter((change) => change.targets.includes(target)).toSorted((a, b) => a.number - b.number);
  for (const change of ordered) {
    const before = rows.get(key(change));
    rows.set(
      key(change),
      before
        ? squash(before, change)
        : {
            entityType: change.entityType,
            entityId: change.entityId,
            action: change.action,
            values: change.payload,
            base: change.base[target] ?? { seen: "unknown" },
          },
    );
  }
  return [...rows.values()]
    .filter((operation) => operation !== null)
    .map(effective)
    .filter((operation) => operation !== null);
};

/** The targets for which something is left to do, in the order given. */
export const targetsOf = (changes: readonly Squashable[], order: readonly string[]): string[] =>
  order.filter((target) => netEffect(changes, target).length > 0);
