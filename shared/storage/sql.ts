/**
 * SQL as it is read, with its values in place: `${value}` is bound as a parameter, `${fragment}` is more SQL. A text is
 * never SQL by accident.
 */
import { type Machine, type StateOf, sourcesOf } from "../domain/states.ts";
import type { Database } from "./database.ts";

/** An object or a list becomes JSON, a boolean 0 or 1: what `rowOf` reads back. */
type Value = string | number | boolean | null | object;

/** A part of a statement. */
export class Fragment {
  readonly text: readonly string[];
  readonly values: readonly Value[];

  constructor(text: readonly string[], values: readonly Value[] = []) {
    this.text = text;
    this.values = values;
  }
}

export const fragment = (text: TemplateStringsArray, ...values: Value[]): Fragment => new Fragment(text, values);

/** Text that is SQL as it stands: names of our own, never what anybody typed. */
export const verbatim = (text: string): Fragment => new Fragment([text]);

const columnValue = (value: Value): string | number | null => {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
};

/** Makes a statement of a template: sql(db)`DELETE FROM api_replies WHERE created_at < ${before}`. */
export const sql =
  (db: Database) =>
  (text: TemplateStringsArray, ...values: Value[]): D1PreparedStatement => {
    // A value that stands twice is one parameter: a statement takes 100 (developers.cloudflare.com/d1/platform/limits).
    const parameters: ReturnType<typeof columnValue>[] = [];
    const slot = (value: Value): string => {
      if (value instanceof Fragment) return written(value.text, value.values);
      const bound = columnValue(value);
      const known = parameters.indexOf(bound);
      return `?${known === -1 ? parameters.push(bound) : known + 1}`;
    };
    const written = (parts: readonly string[], slots: readonly Value[]): string =>
      parts.map((part, index) => part + (index < slots.length ? slot(slots[index] ?? null) : "")).join("");
    const statement = db.prepare(written(text, values));
    return parameters.length === 0 ? statement : statement.bind(...parameters);
  };

/** `deadlineAt` stands in the column `deadline_at`. */
export const columnName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The values with commas between them. */
export const list = (values: readonly Value[]): Fragment =>
  new Fragment(["", ...values.slice(1).map(() => ", "), ""], values);

/** Values by the names that the code has for their columns. */
type Columns = Record<string, Value>;

/** Of an INSERT: `(workspace_id, …) VALUES (?1, …)`; with a condition, `(workspace_id, …) SELECT ?1, … WHERE …`. */
export const row = (values: Columns, where?: Fragment): Fragment => {
  const columns = verbatim(Object.keys(values).map(columnName).join(", "));
  const bound = Object.values(values);
  return where
    ? fragment`(${columns}) SELECT ${list(bound)} WHERE ${where}`
    : fragment`(${columns}) VALUES (${list(bound)})`;
};

/** Of an UPDATE: `deadline_at = ?1, …`. */
export const set = (values: Columns): Fragment => {
  const names = Object.keys(values).map((name) => `${columnName(name)} = `);
  return new Fragment([...names.map((name, index) => (index === 0 ? name : `, ${name}`)), ""], Object.values(values));
};

/** `IN (…)` of a list, however long: it is one parameter. */
export const among = (list: readonly (string | number)[]): Fragment =>
  fragment`IN (SELECT value FROM json_each(${list}))`;

/** `IN (…)` of states, as a query must write them to use an index on some of them. */
export const inStates = <M extends Machine>(_machine: M, states: readonly StateOf<M>[]): Fragment =>
  verbatim(`IN (${states.map((state) => `'${state}'`).join(", ")})`);

/** `IN (…)` of the states from which the table lets a row move to this one. */
export const leadingTo = <M extends Machine>(machine: M, to: StateOf<M>): Fragment =>
  inStates(machine, sourcesOf(machine, to));
