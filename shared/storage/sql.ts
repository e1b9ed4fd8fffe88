/**
 * SQL as it is read, with its values in place: sql`DELETE FROM api_replies WHERE created_at < ${before}`. A value is
 * bound as a parameter, other SQL becomes part of it. A text is never SQL by accident.
 */
import { type Machine, type StateOf, sourcesOf } from "../domain/states.ts";

/** An object or a list becomes JSON, a boolean 0 or 1: what `rowOf` reads back. */
type Value = string | number | boolean | null | object;

/** A statement, or a part of one. */
export class Sql {
  readonly text: readonly string[];
  readonly values: readonly Value[];

  constructor(text: readonly string[], values: readonly Value[] = []) {
    this.text = text;
    this.values = values;
  }
}

/** What a tag gets of its template. */
export type Template = [text: TemplateStringsArray, ...values: Value[]];

export const sql = (...[text, ...values]: Template): Sql => new Sql(text, values);

/** Text that is SQL as it stands: names of our own, never what anybody typed. */
export const verbatim = (text: string): Sql => new Sql([text]);

const columnValue = (value: Value): string | number | null => {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
};

/** The statement as D1 takes it. */
export const prepare = (db: Pick<D1Database, "prepare">, statement: Sql): D1PreparedStatement => {
  // A value that stands twice is one parameter: a statement takes 100 (developers.cloudflare.com/d1/platform/limits).
  const parameters: ReturnType<typeof columnValue>[] = [];
  const slot = (value: Value): string => {
    if (value instanceof Sql) return written(value);
    const bound = columnValue(value);
    const earlier = parameters.indexOf(bound);
    return `?${earlier === -1 ? parameters.push(bound) : earlier + 1}`;
  };
  const written = ({ text, values }: Sql): string =>
    text.map((part, index) => part + (index < values.length ? slot(values[index] ?? null) : "")).join("");
  const prepared = db.prepare(written(statement));
  return parameters.length === 0 ? prepared : prepared.bind(...parameters);
};

/** For a statement that writes: whose rows, and when. */
export interface At {
  workspaceId: string;
  /** ISO 8601. */
  now: string;
}

/** `deadlineAt` stands in the column `deadline_at`. */
export const columnName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The values with commas between them. */
export const list = (values: readonly Value[]): Sql => new Sql(["", ...values.slice(1).map(() => ", "), ""], values);

/** Values by the names that the code has for their columns. */
type Columns = Record<string, Value>;

/** Of an INSERT: `(workspace_id, …) VALUES (?1, …)`; with a condition, `(workspace_id, …) SELECT ?1, … WHERE …`. */
export const row = (values: Columns, where?: Sql): Sql => {
  const columns = verbatim(Object.keys(values).map(columnName).join(", "));
  const bound = Object.values(values);
  return where ? sql`(${columns}) SELECT ${list(bound)} WHERE ${where}` : sql`(${columns}) VALUES (${list(bound)})`;
};

/** Of an UPDATE: `deadline_at = ?1, …`. */
export const set = (values: Columns): Sql => {
  const names = Object.keys(values).map((name) => `${columnName(name)} = `);
  return new Sql([...names.map((name, index) => (index === 0 ? name : `, ${name}`)), ""], Object.values(values));
};

/** `IN (…)` of a list, however long: it is one parameter. */
export const among = (list: readonly (string | number)[]): Sql => sql`IN (SELECT value FROM json_each(${list}))`;

/** `IN (…)` of states, as a query must write them to use an index on some of them. */
export const inStates = <M extends Machine>(_machine: M, states: readonly StateOf<M>[]): Sql =>
  verbatim(`IN (${states.map((state) => `'${state}'`).join(", ")})`);

/** `IN (…)` of the states from which the table lets a row move to this one. */
export const leadingTo = <M extends Machine>(machine: M, to: StateOf<M>): Sql =>
  inStates(machine, sourcesOf(machine, to));
