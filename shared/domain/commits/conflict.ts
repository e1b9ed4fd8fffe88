/**
 * What somebody else has changed at a target since a commit was made: each field's value when it was staged, live now,
 * and asked for. And what is left of the operation once people have chosen.
 */
import type { Action, Base } from "../staging/change.ts";
import { type FieldValue, type FieldValues, sameValue } from "../portfolio/entity.ts";
import { type EntityType, entityOf } from "../portfolio/registry.ts";
import type { Operation } from "../staging/net-effect.ts";

/** gone: the row was deleted. not_yet: another commit that makes it is not applied. changed: fields differ. */
export const conflictKinds = ["gone", "not_yet", "changed"] as const;
export type ConflictKind = (typeof conflictKinds)[number];

export interface FieldConflict {
  field: string;
  /** When the change was staged. */
  base: FieldValue;
  /** At the target now; null, too, where the row is gone. */
  live: FieldValue;
  /** Asked for; null, too, where the row is to be deleted. */
  yours: FieldValue;
}

export interface Conflict {
  /** Where it is the same. */
  targets: string[];
  entityType: EntityType;
  entityId: string;
  name: string;
  action: Action;
  kind: ConflictKind;
  fields: FieldConflict[];
}

/** The row at a target now. */
export interface LiveRow {
  version: string;
  values: FieldValues;
}

/** What becomes of a value: the change's own, the one at the target, or another. */
export type Take = "mine" | "theirs" | { value: FieldValue };

/** No target has shown the row to the author: it comes from a change that was staged before. */
const wasAbsent = (base: Base): boolean => base.seen === "absent" || (base.seen === "row" && base.version === "");

const valuesIn = (base: Base): FieldValues => (base.seen === "row" ? base.values : {});

/**
 * Null where nothing stands against the operation. A field that somebody else has set to the value asked for is in
 * nobody's way.
 * @param live null: the target has answered, and has no such row
 */
export const conflictOf = (target: string, operation: Operation, live: LiveRow | null): Conflict | null => {
  const { entityType, entityId, action, base, values } = operation;
  if (action === "CREATE") return null;
  const before = valuesIn(base);
  const yours = (field: string): FieldValue => (action === "DELETE" ? null : (values[field] ?? null));
  const inConflict = (field: string): FieldConflict => ({
    field,
    base: before[field] ?? null,
    live: live?.values[field] ?? null,
    yours: yours(field),
  });
  const touched = Object.keys(action === "DELETE" ? before : values);
  const row = {
    targets: [target],
    entityType,
    entityId,
    name: entityOf(entityType).displayName(live?.values ?? before) || entityId,
    action,
  };
  if (!live) {
    // What another commit creates has no value to compare, and what is to be deleted is gone as it should be.
    const fields = wasAbsent(base) || action === "DELETE" ? [] : touched.map(inConflict);
    return { ...row, kind: wasAbsent(base) ? "not_yet" : "gone", fields };
  }
  if (base.seen !== "row") return null;
  const fields = touched
    .map(inConflict)
    .filter((field) => !sameValue(field.base, field.live))
    .filter((field) => action === "DELETE" || !sameValue(field.live, field.yours));
  return fields.length > 0 ? { ...row, kind: "changed", fields } : null;
};

/** One entry where a row's conflict is the same at several targets. */
export const groupConflicts = (conflicts: readonly Conflict[]): Conflict[] => {
  const groups = new Map<string, Conflict>();
  for (const { targets, ...rest } of conflicts) {
    const key = JSON.stringify(rest);
    const same = groups.get(key);
    groups.set(key, { ...rest, targets: [...(same?.targets ?? []), ...targets] });
  }
  return [...groups.values()];
};

/** More rows, or more characters, are counted only. */
const maxShown = { rows: 10, characters: 60_000 } as const;

export interface ShownConflicts {
  /** The first of them. */
  conflicts: Conflict[];
  /** How many there are. */
  count: number;
}

/** What a refusal or a check carries of them, or with other limits a record. */
export const shownConflicts = (
  all: readonly Conflict[],
  max: { rows: number; characters: number } = maxShown,
): ShownConflicts => {
  const conflicts: Conflict[] = [];
  let characters = 0;
  for (const conflict of all.slice(0, max.rows)) {
    characters += JSON.stringify(conflict).length;
    if (conflicts.length > 0 && characters > max.characters) break;
    conflicts.push(conflict);
  }
  return { conflicts, count: all.length };
};

/**
 * What is left of an operation, on top of what is live; null when nothing is.
 * @param conflict at this target; null where there is none
 * @param takeOf by field; for the row as a whole, of a DELETE or of a row that is gone, with null
 */
export const resolveOperation = (
  operation: Operation,
  conflict: Pick<Conflict, "kind" | "fields"> | null,
  live: LiveRow | null,
  takeOf: (field: string | null) => Take | null,
): Operation | null => {
  const ofRow = takeOf(null);
  if (operation.action === "CREATE") return operation;
  if (ofRow === "theirs") return null;
  if (operation.action === "DELETE") return ofRow === null ? operation : keptDeletion(operation, conflict, live);
  if (conflict?.kind === "not_yet") return operation;
  if (conflict?.kind === "gone") return resolveGone(operation, takeOf);
  const values = chosenValues(operation.values, takeOf);
  if (Object.keys(values).length === 0) return null;
  if (!conflict || !live) return { ...operation, values };
  const open = conflict.fields.filter(({ field }) => takeOf(field) === null && field in values);
  return { ...operation, values, base: rebased(operation.base, live, open) };
};

/** Nothing is left of the deletion of a row that is gone by now. */
const keptDeletion = (
  operation: Operation,
  conflict: Pick<Conflict, "kind"> | null,
  live: LiveRow | null,
): Operation | null => {
  if (conflict?.kind === "gone") return null;
  return conflict && live ? { ...operation, base: { seen: "row", ...live } } : operation;
};

/** Whoever keeps their values of a row that is gone creates it again, with all of its values that were read. */
const resolveGone = (operation: Operation, takeOf: (field: string | null) => Take | null): Operation => {
  if (takeOf(null) === null) return operation;
  const known = { ...valuesIn(operation.base), ...chosenValues(operation.values, takeOf) };
  const values = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null));
  return { ...operation, action: "CREATE", values, base: { seen: "absent" } };
};

const chosenValues = (values: FieldValues, takeOf: (field: string) => Take | null): FieldValues =>
  Object.fromEntries(
    Object.entries(values).flatMap(([field, value]): [string, FieldValue][] => {
      const take = takeOf(field);
      if (take === "theirs") return [];
      return [[field, take !== null && take !== "mine" ? take.value : value]];
    }),
  );

/** The old version stands while a field is open: a target that cannot be asked by the push then refuses by itself. */
const rebased = (base: Base, live: LiveRow, open: readonly FieldConflict[]): Base => ({
  seen: "row",
  version: open.length > 0 && base.seen === "row" ? base.version : live.version,
  values: { ...live.values, ...Object.fromEntries(open.map((field) => [field.field, field.base])) },
});
