/** Two dates of a row that belong together: an end is not before its start. */
import type { Entity, FieldValue, FieldValues } from "../portfolio/entity.ts";
import type { ValueProblem } from "./values.ts";

/** The first and the last day of `2024`, `2024-05` or `2024-05-31`; null for anything else. */
const daysOf = (value: FieldValue | undefined): { first: string; last: string } | null =>
  typeof value === "string" && /^\d{4}(-\d{2}){0,2}$/.test(value)
    ? { first: value.padEnd(10, "-01"), last: value.length === 4 ? `${value}-12-31` : value.padEnd(10, "-31") }
    : null;

/**
 * What the change would break: a pair that it does not touch stays as it is, however wrong.
 * @param row as it would become @param touched names of the fields that the change sets
 */
export const periodProblems = (entity: Entity, row: FieldValues, touched: readonly string[]): ValueProblem[] =>
  (entity.periods ?? []).flatMap(([start, end]) => {
    const [from, to] = [daysOf(row[start]), daysOf(row[end])];
    const field = [end, start].find((name) => touched.includes(name));
    if (!from || !to || field === undefined || to.last >= from.first) return [];
    const other = field === end ? start : end;
    return [
      {
        field,
        rule: `is ${field === end ? "before" : "after"} its ${field === end ? "start" : "end"}: ${other} is ${String(row[other])}`,
        example: `${field}=${String(row[other])}`,
      },
    ];
  });
