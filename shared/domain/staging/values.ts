/** Checks what a person typed for an entity's fields against its schema: every problem at once, each with a remedy. */
import { closest } from "../closest.ts";
import type { Entity, FieldValue, FieldValues } from "../portfolio/entity.ts";
import { readValue } from "./read-value.ts";
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
 * @param staged values that were checked before: not again, because rules may have become stricter since
 */
export const checkValues = (
  entity: Entity,
  typed: Record<string, FieldValue>,
  complete: boolean,
  staged: FieldValues = {},
): Result<FieldValues, InvalidValues> => {
  const values: FieldValues = {};
  const problems: ValueProblem[] = [];
  for (const [name, raw] of Object.entries(typed)) {
    const field = Object.hasOwn(entity.fields, name) ? entity.fields[name] : undefined;
    if (!field) {
      problems.push(unknownField(entity, name));
      continue;
    }
    const read = readValue(field, raw);
    if (read.ok) values[name] = read.value;
    else problems.push({ field: name, rule: read.reason.rule, example: `${name}=${field.example}` });
  }
  if (complete) {
    for (const [name, field] of Object.entries(entity.fields)) {
      if (field.required && !Object.hasOwn(typed, name) && !Object.hasOwn(staged, name)) {
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
