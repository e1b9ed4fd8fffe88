/** The values of a form's inputs, and the values that are sent. Pure. */
import type { FieldValue, FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import type { EntityField } from "../data/queries.ts";

/** Text by field name; a list has one item on each line. */
export type Typed = Record<string, string>;

export const asTyped = (value: FieldValue | undefined): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join("\n") : String(value);
};

export const typedFrom = (fields: readonly EntityField[], values: FieldValues): Typed =>
  Object.fromEntries(fields.map(({ name }) => [name, asTyped(values[name])]));

/** Numbers and booleans are sent as text, which the server parses as it parses Slack's input. */
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
 * The changed fields; an emptied field is cleared.
 * @param before the initial values of the inputs
 */
export const changedValues = (fields: readonly EntityField[], before: Typed, typed: Typed): FieldValues =>
  Object.fromEntries(
    fields
      .filter(({ name }) => (typed[name] ?? "").trim() !== (before[name] ?? "").trim())
      .map((field) => [field.name, valueOf(field, typed[field.name] ?? "")]),
  );
