/** Squashes the changes to one row into the one operation that they amount to. */
import type { Action, Base, Change } from "./change.ts";
import { type FieldValue, type FieldValues, sameValue } from "../portfolio/entity.ts";
import type { EntityType } from "../portfolio/registry.ts";

/** What a target is asked to do with one row. */
export interface Operation {
  entityType: EntityType;
  entityId: string;
  action: Action;
  values: FieldValues;
  /** What the author saw, of each field when they first changed it. */
  base: Base;
}

type Squashable = Pick<Change, "number" | "entityType" | "entityId" | "action" | "payload" | "base" | "targets">;

const key = (change: Pick<Squashable, "entityType" | "entityId">): string => `${change.entityType}/${change.entityId}`;

/**
 * The row may have moved between two changes. A field that the first one touches keeps the value which its author saw
 * then, any other has the later one; the older version stands, so that a target which cannot be asked refuses.
 */
const mergedBase = (first: Operation, later: Base): Base => {
  if (later.seen !== "row" || first.base.seen === "absent") return first.base;
  if (first.base.seen === "unknown") return later;
  const seenFirst = first.base.values;
  const touched = Object.fromEntries(Object.keys(first.values).map((field) => [field, seenFirst[field] ?? null]));
  return { seen: "row", version: first.base.version, values: { ...later.values, ...touched } };
};

/** What `second` on top of `first` amounts to; null when nothing is left. */
const squash = (first: Operation, second: Squashable, target: string): Operation | null => {
  const base = mergedBase(first, second.base[target] ?? { seen: "unknown" });
  if (second.action === "DELETE") {
    return first.action === "CREATE" ? null : { ...first, base, action: "DELETE", values: {} };
  }
  // Nothing follows a removal: `contradictionIn` refuses it.
  if (first.action === "DELETE") return first;
  return { ...first, base, values: { ...first.values, ...second.payload } };
};

/** Whether the operation sets the field to another value than the target has shown. */
const changes = ({ action, base }: Operation, field: string, value: FieldValue): boolean =>
  action !== "UPDATE" || base.seen !== "row" || !sameValue(base.values[field], value);

/** The operations for one target, one per row, as the changes in the order of their numbers lead to them. */
const squashed = (staged: readonly Squashable[], target: string): Operation[] => {
  const rows = new Map<string, Operation | null>();
  const ordered = staged.filter((change) => change.targets.includes(target)).toSorted((a, b) => a.number - b.number);
  for (const change of ordered) {
    const before = rows.get(key(change));
    rows.set(
      key(change),
      before
        ? squash(before, change, target)
        : {
            entityType: change.entityType,
            entityId: change.entityId,
            action: change.action,
            values: change.payload,
            base: change.base[target] ?? { seen: "unknown" },
          },
    );
  }
  return [...rows.values()].filter((operation) => operation !== null);
};

/**
 * The net operations for one target, one per row. An update leaves out what it sets to the value that every one of its
 * targets has already. What one of them lacks is sent to all: a commit covers the targets that it names, or an older
 * one that reaches a target later would win there.
 */
export const netEffect = (staged: readonly Squashable[], target: string): Operation[] => {
  const everywhere = [...new Set(staged.flatMap(({ targets }) => targets))];
  // By row: a commit may have thousands.
  const elsewhere = Map.groupBy(
    everywhere.flatMap((each) => squashed(staged, each)),
    key,
  );
  return squashed(staged, target).flatMap((operation): Operation[] => {
    if (operation.action !== "UPDATE") return [operation];
    const same = elsewhere.get(key(operation)) ?? [];
    const values = Object.fromEntries(
      Object.entries(operation.values).filter(([field, value]) =>
        same.some((other) => changes(other, field, other.values[field] ?? value)),
      ),
    );
    return Object.keys(values).length === 0 ? [] : [{ ...operation, values }];
  });
};

/** Two changes to one row that no operation can do both of. */
export interface Contradiction extends Pick<Change, "entityType" | "entityId" | "number"> {
  /** removed: the row is removed by the change before. exists: that change has the row already. */
  kind: "removed" | "exists";
  /** Number of the change before. */
  on: number;
}

/** The first change that would be swallowed by one before it at a target, or null. */
export const contradictionIn = (changes: readonly Squashable[]): Contradiction | null => {
  const before = new Map<string, Squashable>();
  for (const change of changes.toSorted((a, b) => a.number - b.number)) {
    for (const target of change.targets) {
      const at = `${target} ${key(change)}`;
      const earlier = before.get(at);
      const { entityType, entityId, number, action } = change;
      const about = earlier && { entityType, entityId, number, on: earlier.number };
      if (about && earlier.action === "DELETE" && action !== "DELETE") return { ...about, kind: "removed" };
      if (about && action === "CREATE") return { ...about, kind: "exists" };
      before.set(at, change);
    }
  }
  return null;
};

/** The targets for which something is left to do, in the order given. */
export const targetsOf = (changes: readonly Squashable[], order: readonly string[]): string[] =>
  order.filter((target) => netEffect(changes, target).length > 0);
