/** Values that only a batch finds out, such as the number that it takes: they stand in its outcome as SQL until it has run. */
import * as z from "zod/mini";
import type { Database, Query } from "./database.ts";

/** An SQL expression over its own parameters, `?1` and so on, read at the end of the batch. */
export class FromBatch<T> {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly parse: (value: unknown) => T;

  constructor(sql: string, parameters: readonly unknown[], schema: z.ZodMiniType<T>) {
    this.sql = sql;
    this.parameters = parameters;
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

/** The expression with its parameters counted from the one after `offset`. */
const sqlOf = ({ sql }: FromBatch<unknown>, offset: number): string =>
  sql.replaceAll(/\?(\d+)/g, (_all, number: string) => `?${offset + Number(number)}`);

/** SQL for the draft as JSON with its parts found out, whose parameters begin after `offset`; NULL for what is too long. */
export const jsonOf = (
  draft: unknown,
  { offset, maxCharacters }: { offset: number; maxCharacters: number },
): { sql: string; parameters: unknown[] } => {
  const json = JSON.stringify(draft, (_key, part: unknown) => (part instanceof FromBatch ? null : part));
  const parameters: unknown[] = [json.length > maxCharacters ? null : json];
  const parts = placesIn(draft).map(({ path, found }) => {
    const sql = sqlOf(found, offset + parameters.length);
    parameters.push(...found.parameters);
    return `, '${path}', ${sql}`;
  });
  const own = `?${offset + 1}`;
  return { sql: parts.length === 0 ? own : `json_set(${own}${parts.join("")})`, parameters };
};

/** The last query of a batch: the draft with its parts found out. Null when there are none. */
export const completedQuery = <T>(db: Database, draft: Draft<T>): Query<T> | null => {
  const places = placesIn(draft);
  if (places.length === 0) return null;
  const parameters: unknown[] = [];
  const columns = places.map(({ found }, index) => {
    const sql = sqlOf(found, parameters.length);
    parameters.push(...found.parameters);
    return `${sql} AS v${index}`;
  });
  return {
    statement: db.prepare(`SELECT ${columns.join(", ")}`).bind(...parameters),
    parse: ([row]) => completed(draft, Object.values(rowOf.parse(row))) as T,
  };
};

const rowOf = z.record(z.string(), z.unknown());

/** `values` in the order in which `placesIn` finds the parts. */
const completed = (draft: unknown, values: unknown[]): unknown => {
  if (draft instanceof FromBatch) return draft.parse(values.shift());
  if (typeof draft !== "object" || draft === null) return draft;
  if (Array.isArray(draft)) return draft.map((part) => completed(part, values));
  return Object.fromEntries(Object.entries(draft).map(([key, part]) => [key, completed(part, values)]));
};
