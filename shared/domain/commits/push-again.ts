/** Whether an applied commit, pushed again to a target, makes its rows there what they are expected to be. */
import { type FieldValues, sameValue } from "../portfolio/entity.ts";
import type { EntityType } from "../portfolio/registry.ts";
import type { Operation } from "../staging/net-effect.ts";
import type { Operations } from "../../targets/protocol.ts";
import { type AppliedChange, type Difference, expectedOf, keyOf } from "./history.ts";

interface LiveRow {
  id: string;
  version: string;
  values: FieldValues;
}

export interface AgainFacts {
  target: string;
  commitNumber: number;
  /** Of the commit at the target. */
  operations: readonly Operation[];
  /** What all targets have applied, oldest first. */
  applied: readonly AppliedChange[];
  /** Every row of the target. */
  live: ReadonlyMap<EntityType, readonly LiveRow[]>;
}

/**
 * What a push of the commit sends to the target again: the operations that are not live there. Null where it would do
 * anything else than what is expected: a newer commit, or what was accepted as live, has the last word about one of its
 * rows, or a row that it updates is gone.
 */
export const operationsAgain = ({ target, commitNumber, operations, applied, live }: AgainFacts): Operations | null => {
  const expected = expectedOf(target, applied);
  const rows = new Map(
    [...live].flatMap(([entityType, all]) =>
      all.map((each): [string, LiveRow] => [keyOf({ entityType, entityId: each.id }), each]),
    ),
  );
  const again: Operations = { inserts: [], updates: [], deletes: [] };
  for (const operation of operations) {
    const { entityType, entityId: id, action, values } = operation;
    const its = expected.get(keyOf(operation));
    const isLast = (by: number | null | undefined): boolean => by === commitNumber;
    const hasLastWord =
      (action === "UPDATE" || (isLast(its?.row?.commitNumber) && its?.row?.isThere === (action === "CREATE"))) &&
      Object.keys(values).every((field) => isLast(its?.fields.get(field)?.commitNumber));
    if (!hasLastWord) return null;
    const row = rows.get(keyOf(operation));
    if (action === "DELETE") {
      if (row) again.deletes.push({ entityType, id, ifVersion: row.version });
    } else if (row) {
      const changes = Object.entries(values).filter(([field, value]) => !sameValue(value, row.values[field]));
      if (changes.length > 0)
        again.updates.push({ entityType, id, changes: Object.fromEntries(changes), ifVersion: row.version });
    } else if (action === "CREATE") {
      again.inserts.push({ entityType, id, values });
    } else return null;
  }
  return again;
};

/** The one commit that made a row of a target what it is expected to be, in everything that differs; or null. */
export const lastWriterOf = (differences: readonly Difference[]): number | null => {
  const [first, ...others] = new Set(differences.map(({ commitNumber }) => commitNumber));
  return others.length === 0 ? (first ?? null) : null;
};

/** Whether these operations repair all that differs in a row. */
export const repairs = (again: Operations, differences: readonly Difference[]): boolean =>
  differences.every(({ entityType, entityId, field, expected }) => {
    const isRow = (each: { entityType: string; id: string }): boolean =>
      each.entityType === entityType && each.id === entityId;
    if (field === null)
      return "row" in expected && (expected.row ? again.inserts.some(isRow) : again.deletes.some(isRow));
    return again.updates.some((each) => isRow(each) && Object.hasOwn(each.changes, field));
  });
