/** How rows are read: a schema names the columns of a SELECT and parses what comes back, so each is stated once. */
import * as z from "zod/mini";
import { type Parser, jsonText } from "./database.ts";
import { type Sql, columnName, verbatim } from "./sql.ts";

export interface Row<T> extends Parser<T> {
  /** For a SELECT: every column, under the name that the code has for it. */
  columns: Sql;
  /** For an INSERT: those of the values that are columns. */
  of: (values: Partial<T>) => Partial<T>;
}

const fromInteger = z.pipe(
  z.int(),
  z.transform((value: number) => value === 1),
);

/** SQLite has texts and numbers: a boolean is stored as 0 or 1, and what has parts as JSON. */
const stored = (schema: z.core.$ZodType): z.core.$ZodType => {
  const { def } = schema._zod as z.core.$ZodTypes["_zod"];
  switch (def.type) {
    case "nullable":
      return z.nullable(stored(def.innerType));
    case "boolean":
      return fromInteger;
    case "array":
    case "object":
    case "record":
      return jsonText(schema as z.ZodMiniType);
    default:
      return schema;
  }
};

/** SQL: a row of the table that has this alias as one JSON object, for a query that reads it beside another. */
export const objectOf = (schema: z.ZodMiniObject, of: string): string =>
  `json_object(${Object.keys(schema.shape)
    .map((name) => `'${name}', ${of}.${columnName(name)}`)
    .join(", ")})`;

/**
 * @param schema names the columns: `deadlineAt` is read from `deadline_at`
 * @param table its name, for whoever has to repair a row
 * @param of alias of the table in its queries
 * @param from SQL for what stands in no column of that name
 */
export const rowOf = <Shape extends z.core.$ZodShape>(
  schema: z.ZodMiniObject<Shape>,
  { table, of, from = {} }: { table?: string; of?: string; from?: { [Name in keyof Shape]?: string } } = {},
): Row<z.infer<z.ZodMiniObject<Shape>>> => {
  const names = Object.keys(schema.shape) as (keyof Shape & string)[];
  const columns = names.map((name) => {
    const source = from[name] ?? (of === undefined ? "" : `${of}.`) + columnName(name);
    return source === name ? name : `${source} AS ${name}`;
  });
  const parser = z.object(Object.fromEntries(Object.entries(schema.shape).map(([name, of]) => [name, stored(of)])));
  return {
    ...(table !== undefined && { table }),
    columns: verbatim(columns.join(", ")),
    of: (values) =>
      Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name))) as typeof values,
    parse: (found) => parser.parse(found, { reportInput: true }) as z.infer<z.ZodMiniObject<Shape>>,
  };
};
