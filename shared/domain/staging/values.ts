/** Checks what a person typed for an entity's fields against its schema: every problem at once, each with a remedy. */
import { closest } from "../closest.ts";
import type { Entity, FieldValue, FieldValues } from "../portfolio/entity.ts";
import type { Field } from "../portfolio/field.ts";
import { type Result, fail, ok } from "../../result.ts";

export interface ValueProblem {
  field: string;
  /** The rule that was broken, in words that follow the field's name: "must be a number from 0 to 60". */
  rule: string;
  /** Something to type instead. */
  example: string;
}

export interface InvalidValues {
  code: "invalid_values";
  entityType: string;
  problems: ValueProblem[];
}

/**
 * @param typed values by field name; text is read as the field's kind, so that "8" is a number and "a,b" a list
 * @param complete whether required fields must be there (CREATE) or may be left out (UPDATE)
 */
export const checkValues = (
  entity: Entity,
  typed: Record<string, FieldValue>,
  complete: boolean,
): Result<FieldValues, InvalidValues> => {
  const values: FieldValues = {};
  const problems: ValueProblem[] = [];
  for (const [name, raw] of Object.entries(typed)) {
    const field = Object.hasOwn(entity.fields, name) ? entity.fields[name] : undefined;
    if (!field) {
      problems.push(unknownField(entity, name));
      continue;
    }
    const value = coerce(field, raw);
    const problem = problemOf(name, field, value);
    if (problem) problems.push(problem);
    else values[name] = value;
  }
  if (complete) {
    for (const [name, field] of Object.entries(entity.fields)) {
      if (field.required && !Object.hasOwn(typed, name)) {
        problems.push({ field: name, rule: `is required: ${field.hint}`, example: `${name}=${field.example}` });
      }
    }
  }
  if (problems.length > 0) return fail({ code: "invalid_values", entityType: entity.type, problems });
  return ok(values);
};

const unknownField = (entity: Entity, name: string): ValueProblem => {
  const names = Object.keys(entity.fields);
  const near = closest(name, names);
  return {
    field: name,
    rule: near
      ? `is not a field of ${entity.type}; did you mean ${near}?`
      : `is not a field of ${entity.type}; its fields are ${names.join(", ")}`,
    example: near ? `${near}=${entity.fields[near]?.example ?? ""}` : names.map((known) => `${known}=…`).join(" "),
  };
};

const problemOf = (name: string, field: Field, value: FieldValue): ValueProblem | null => {
  const example = `${name}=${field.example}`;
  if (value === null) return field.required ? { field: name, rule: "cannot be empty", example } : null;
  return field.schema.safeParse(value).success ? null : { field: name, rule: `must be ${field.hint}`, example };
};

const yes = new Set(["true", "yes", "on", "1"]);
const no = new Set(["false", "no", "off", "0"]);

/** Reads text as the field's kind; what cannot be read stays text, and the schema refuses it. */
const coerce = (field: Field, raw: FieldValue): FieldValue => {
  if (typeof raw !== "string") return raw;
  const text = raw.trim();
  if (text === "") return null;
  switch (field.kind) {
    case "number":
    case "integer":
      return /^[+-]?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(",", ".")) : text;
    case "boolean":
      if (yes.has(text.toLowerCase())) return true;
      return no.has(text.toLowerCase()) ? false : text;
    case "select":
      return field.options?.find((option) => option.toLowerCase() === text.toLowerCase()) ?? text;
    case "list":
      return text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
    default:
      return text;
  }
};
