import { type FieldValue, type FieldValues, sameValue } from "../portfolio/entity.ts";
import type { Operation } from "./net-effect.ts";

export interface FieldDiff {
  field: string;
  before: FieldValue;
  after: FieldValue;
}

/** What an operation does to each field. Fields that keep their value are left out. */
export const diffOf = (operation: Operation): FieldDiff[] => {
  const before: FieldValues = operation.base.seen === "row" ? operation.base.values : {};
  const after: FieldValues = operation.action === "DELETE" ? {} : operation.values;
  const fields = operation.action === "DELETE" ? Object.keys(before) : Object.keys(after);
  return fields
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    .filter(({ before: old, after: now }) => !sameValue(old, now));
};
