/** What stands in a form's inputs, and what of it is sent. Pure. */
import type { FieldValue, FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import type { EntityField } from "../data/queries.ts";

/** Text by field name. A list has an item a line. */
export type Typed = Record<string, string>;

export const asTyped = (value: FieldValue | undefined): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join("\n") : String(value);
};

export const typedFrom = (fields: readonly EntityField[], values: FieldValues): Typed =>
  Object.fromEntries(fields.map(({ name }) => [name, asTyped(values[name])]));

/** Numbers and yes or no go as text: the server reads them as it reads what is typed in Slack. */
const valueOf = ({ kind }: EntityField, text: string): FieldValue => {
  if (text.trim() === "") return null;
  if (kind === "list")
    return text
      .split("\n")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  return kind === "multiline" ? text : text.trim();
};

/**
 * What differs from what was there; a field that was emptied is cleared.
 * @param before what the inputs showed at first
 */
export const changedValues = (fields: readonly EntityField[], before: Typed, typed: Typed): FieldValues =>
  Object.fromEntries(
    fields
      .filter(({ name }) => (typed[name] ?? "").trim() !== (before[name] ?? "").trim())
      .map((field) => [field.name, valueOf(field, typed[field.name] ?? "")]),
  );
