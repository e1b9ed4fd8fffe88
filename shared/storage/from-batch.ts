/** Values that only a batch finds out, such as the number that it takes: SQL in its outcome until it has run. */
import * as z from "zod/mini";
import { type Query, column, jsonText, maxJsonLength } from "./database.ts";
import { type Sql, list, sql } from "./sql.ts";

/** An SQL expression, read at the end of the batch. */
export class FromBatch<T> {
  readonly sql: Sql;
  readonly parse: (value: unknown) => T;

  constructor(sql: Sql, schema: z.ZodMiniType<T>) {
    this.sql = sql;
    this.parse = (value) => schema.parse(value);
  }
}

/** A value in which parts are still to be found out. */
export type Draft<T> = T | FromBatch<T> | (T extends object ? { [K in keyof T]: Draft<T[K]> } : never);

interface Place {
  /** As SQLite's JSON functions write it: `$."commit"."number"`. */
  path: string;
  found: FromBatch<unknown>;
}

const placesIn = (draft: unknown, path = "$"): Place[] => {
  if (draft instanceof FromBatch) return [{ path, found: draft }];
  if (typeof draft !== "object" || draft === null) return [];
  const at = (key: string): string => `${path}${Array.isArray(draft) ? `[${key}]` : `."${key}"`}`;
  return Object.entries(draft).flatMap(([key, part]) => placesIn(part, at(key)));
};

/** SQL for the draft as JSON with its parts found out; NULL for what is too long. */
export const jsonOf = (draft: unknown): Sql => {
  const json = JSON.stringify(draft, (_key, part: unknown) => (part instanceof FromBatch ? null : part));
  return placesIn(draft).reduce(
    (filled, { path, found }) => sql`json_set(${filled}, ${path}, ${found.sql})`,
    sql`${json.length > maxJsonLength ? null : json}`,
  );
};

const readValues = column("found", jsonText(z.array(z.unknown())));

/** The last query of a batch: the draft with its parts found out. Null when there are none. */
export const completedQuery = <T>(draft: Draft<T>): Query<T> | null => {
  const places = placesIn(draft);
  if (places.length === 0) return null;
  return {
    statement: sql`SELECT json_array(${list(places.map(({ found }) => found.sql))}) AS found`,
    parse: ([found]) => completed(draft, readValues.parse(found)) as T,
  };
};

/** `values` in the order in which `placesIn` finds the parts. */
const completed = (draft: unknown, values: unknown[]): unknown => {
  if (draft instanceof FromBatch) return draft.parse(values.shift());
  if (typeof draft !== "object" || draft === null) return draft;
  if (Array.isArray(draft)) return draft.map((part) => completed(part, values));
  return Object.fromEntries(Object.entries(draft).map(([key, part]) => [key, completed(part, values)]));
};
