import * as z from "zod/mini";
import { jsonIn } from "../../shared/json.ts";
import type { FieldValue, FieldValues } from "../../shared/domain/portfolio/entity.ts";
import type { Field } from "../../shared/domain/portfolio/field.ts";
import { entityOf, type EntityType } from "../../shared/domain/portfolio/registry.ts";

/** A column's value: booleans are 0 and 1, lists are JSON text. */
type ColumnValue = string | number | null;

/** Columns of a table of one entity, one for each field, in the registry's order. */
export const columnsOf = (entityType: EntityType): string[] => Object.keys(entityOf(entityType).fields);

export const columnType = (field: Field): "REAL" | "INTEGER" | "TEXT" => {
  switch (field.kind) {
    case "number":
      return "REAL";
    case "integer":
    case "boolean":
      return "INTEGER";
    default:
      return "TEXT";
  }
};

export const toColumn = (value: FieldValue): ColumnValue => {
  if (Array.isArray(value)) return JSON.stringify(value);
  return typeof value === "boolean" ? Number(value) : value;
};

export const toColumns = (values: FieldValues): Record<string, ColumnValue> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toColumn(value)]));

const list = z.array(z.string());
const column = z.union([z.string(), z.number(), z.null()]);

const fromColumn = (field: Field, stored: ColumnValue): FieldValue => {
  if (stored === null) return null;
  switch (field.kind) {
    case "boolean":
      return stored === 1;
    case "number":
    case "integer":
      return Number(stored);
    case "list":
      return list.safeParse(jsonIn(String(stored))).data ?? String(stored);
    default:
      return String(stored);
  }
};

/** The values of all the entity's fields. A stored list that is not one stays text: its row hides no other. */
export const fromColumns = (entityType: EntityType, row: Record<string, unknown>): FieldValues =>
  Object.fromEntries(
    Object.entries(entityOf(entityType).fields).map(([name, field]) => [
      name,
      fromColumn(field, z.parse(column, row[name])),
    ]),
  );
