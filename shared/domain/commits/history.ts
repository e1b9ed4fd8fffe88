/**
 * What applied commits have made of the rows of each target, and where what is live differs from it: the newest write
 * of a field counts. What no commit has ever touched is compared between the targets.
 */
import * as z from "zod/mini";
import { type FieldValue, type FieldValues, fieldValues, sameValue } from "../portfolio/entity.ts";
import { type EntityType, entityOf, entityTypes } from "../portfolio/registry.ts";
import { actions } from "../staging/change.ts";
import type { Operation } from "../staging/net-effect.ts";

/** A change of a commit that a target has applied, or what somebody has accepted as live. */
export const appliedChangeSchema = z.object({
  target: z.string(),
  entityType: z.enum(entityTypes),
  entityId: z.string(),
  action: z.enum(actions),
  payload: fieldValues,
  /** Null for what was accepted as live. */
  commitNumber: z.nullable(z.int()),
});
export type AppliedChange = z.infer<typeof appliedChangeSchema>;

/** The same of a newer commit, which the target may be about to apply. */
export const newerChangeSchema = z.extend(appliedChangeSchema, {
  /** It was sent, and has no outcome yet. */
  isOnItsWay: z.boolean(),
});
export type NewerChange = z.infer<typeof newerChangeSchema>;

/** A newer commit that a target has, or may any moment, and what both it and an older one that goes there change. */
export interface Superseding {
  target: string;
  commitNumber: number;
  entityType: EntityType;
  entityId: string;
  /** None: the whole row. */
  fields: string[];
}

/** What stands against an older commit. While none of it is applied it may still fail: that has to be waited for. */
export interface Superseded {
  by: Superseding[];
  isOnItsWay: boolean;
}

type Written = Pick<Operation, "entityType" | "entityId" | "action" | "values">;

/** @param operations of the older commit, by target */
export const supersededBy = (
  operations: readonly { target: string; operations: readonly Written[] }[],
  newer: readonly NewerChange[],
): Superseded => {
  const inCommon = (those: readonly NewerChange[]) =>
    operations.flatMap((each) => undoneOf(each.target, each.operations, those));
  const applied = inCommon(newer.filter(({ isOnItsWay }) => !isOnItsWay));
  if (applied.length > 0) return { by: applied, isOnItsWay: false };
  const by = inCommon(newer);
  return { by, isOnItsWay: by.length > 0 };
};

/** Where an operation would undo what a newer commit has written, or is about to. */
const undoneOf = (target: string, operations: readonly Written[], newer: readonly AppliedChange[]): Superseding[] => {
  const byRow = Map.groupBy(newer, keyOf);
  return operations.flatMap((operation) =>
    (byRow.get(keyOf(operation)) ?? []).flatMap((other): Superseding[] => {
      const { commitNumber, entityType, entityId } = other;
      if (other.target !== target || commitNumber === null) return [];
      const isWhole = operation.action !== "UPDATE" || other.action !== "UPDATE";
      // Setting the same value undoes nothing.
      const fields = Object.entries(operation.values)
        .filter(([field, value]) => Object.hasOwn(other.payload, field) && !sameValue(value, other.payload[field]))
        .map(([field]) => field);
      return isWhole || fields.length > 0
        ? [{ target, commitNumber, entityType, entityId, fields: isWhole ? [] : fields }]
        : [];
    }),
  );
};

export interface LiveRow {
  id: string;
  values: FieldValues;
}

/** Every live row of a target. */
export type LiveRows = ReadonlyMap<EntityType, readonly LiveRow[]>;

export type Side = { value: FieldValue } | { row: boolean };

export interface Difference {
  target: string;
  entityType: EntityType;
  entityId: string;
  /** What people call the row. */
  name: string;
  /** Null: the row as a whole. */
  field: string | null;
  /** The value of the field, or whether there is the row. */
  expected: Side;
  live: Side;
  /** The commit that made it as expected; null where another target is the measure. */
  commitNumber: number | null;
  /** The target that is the measure; null where a commit is. */
  unlike: string | null;
}

interface Expected {
  /** The change that made the row, or took it away; null when it was there before CV Ops. */
  row: { isThere: boolean; commitNumber: number | null } | null;
  fields: Map<string, { value: FieldValue; commitNumber: number | null }>;
}

export const keyOf = ({ entityType, entityId }: { entityType: EntityType; entityId: string }): string =>
  `${entityType}/${entityId}`;

/** What the target should hold, by row: who wrote it last, and each of its fields. */
export const expectedOf = (target: string, applied: readonly AppliedChange[]): Map<string, Expected> => {
  const rows = new Map<string, Expected>();
  for (const change of applied) {
    if (change.target !== target) continue;
    const { action, payload, commitNumber } = change;
    const before = rows.get(keyOf(change)) ?? { row: null, fields: new Map() };
    const fields = new Map(action === "UPDATE" ? before.fields : []);
    for (const [field, value] of Object.entries(payload)) fields.set(field, { value, commitNumber });
    const row = action === "UPDATE" ? before.row : { isThere: action === "CREATE", commitNumber };
    rows.set(keyOf(change), { row, fields });
  }
  return rows;
};

/** What of the target's rows is not as its applied commits have made it. */
export const differencesFromHistory = (
  target: string,
  live: LiveRows,
  applied: readonly AppliedChange[],
): Difference[] => {
  const expected = expectedOf(target, applied);
  const keys = new Map(applied.filter((change) => change.target === target).map((change) => [keyOf(change), change]));
  const rows = new Map(
    [...live].flatMap(([entityType, all]) =>
      all.map((each): [string, LiveRow] => [keyOf({ entityType, entityId: each.id }), each]),
    ),
  );
  return [...keys].flatMap(([key, { entityType, entityId }]) => {
    const { row, fields } = expected.get(key) ?? { row: null, fields: new Map() };
    const now = rows.get(key) ?? null;
    const name = nameOf(
      entityType,
      entityId,
      now?.values ?? Object.fromEntries([...fields].map(([f, w]) => [f, w.value])),
    );
    const about = { target, entityType, entityId, name, unlike: null };
    const isThere = row?.isThere ?? true;
    if ((now !== null) !== isThere) {
      const commitNumber = row?.commitNumber ?? [...fields.values()].at(-1)?.commitNumber ?? null;
      return [{ ...about, field: null, expected: { row: isThere }, live: { row: now !== null }, commitNumber }];
    }
    return [...fields].flatMap(([field, { value, commitNumber }]): Difference[] =>
      now === null || sameValue(value, now.values[field])
        ? []
        : [{ ...about, field, expected: { value }, live: { value: now.values[field] ?? null }, commitNumber }],
    );
  });
};

const nameOf = (entityType: EntityType, entityId: string, values: FieldValues): string =>
  entityOf(entityType).displayName(values) || entityId;

/** The first target is the measure of the others. What any commit has touched is judged by the commits. */
export const differencesBetween = (
  targets: readonly { target: string; live: LiveRows }[],
  applied: readonly AppliedChange[],
): Difference[] => {
  const [measure, ...others] = targets;
  if (!measure) return [];
  const touchedRows = new Set(applied.filter(({ action }) => action !== "UPDATE").map(keyOf));
  const touched = new Set(applied.flatMap((change) => Object.keys(change.payload).map((f) => `${keyOf(change)}/${f}`)));
  return others.flatMap(({ target, live }) =>
    rowsIn(measure.live, live).flatMap(({ entityType, entityId, first, second }): Difference[] => {
      const values = first ?? second ?? {};
      const about = {
        target,
        entityType,
        entityId,
        name: nameOf(entityType, entityId, values),
        commitNumber: null,
        unlike: measure.target,
      };
      if (!first || !second) {
        return touchedRows.has(keyOf(about))
          ? []
          : [{ ...about, field: null, expected: { row: first !== null }, live: { row: second !== null } }];
      }
      return Object.keys(entityOf(entityType).fields).flatMap((field): Difference[] =>
        touched.has(`${keyOf(about)}/${field}`) || sameValue(first[field], second[field])
          ? []
          : [{ ...about, field, expected: { value: first[field] ?? null }, live: { value: second[field] ?? null } }],
      );
    }),
  );
};

interface RowPair {
  entityType: EntityType;
  entityId: string;
  first: FieldValues | null;
  second: FieldValues | null;
}

const rowsIn = (first: LiveRows, second: LiveRows): RowPair[] =>
  [...new Set([...first.keys(), ...second.keys()])].flatMap((entityType) => {
    const byId = (rows: LiveRows) => new Map((rows.get(entityType) ?? []).map(({ id, values }) => [id, values]));
    const [one, other] = [byId(first), byId(second)];
    return [...new Set([...one.keys(), ...other.keys()])].map((entityId) => ({
      entityType,
      entityId,
      first: one.get(entityId) ?? null,
      second: other.get(entityId) ?? null,
    }));
  });
