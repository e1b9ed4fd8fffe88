import * as z from "zod/mini";
import type { Field } from "./field.ts";

/** Of a field, as it is stored and sent; null where an optional field is empty. */
export const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);
export const fieldValues = z.record(z.string(), fieldValue);
export type FieldValue = z.infer<typeof fieldValue>;
export type FieldValues = z.infer<typeof fieldValues>;

/** Where an entity stands in a JSON Resume document (jsonresume.org/schema). */
export interface JsonResumePart {
  section: "basics" | "work" | "education" | "certificates" | "skills" | "projects";
  item: Record<string, unknown>;
}

export interface Entity<Type extends string = string> {
  type: Type;
  label: string;
  plural: string;
  /** Fields in the order in which people see them; also the columns of a target's table. */
  fields: Record<string, Field>;
  /** Pairs of dates: the second is not before the first. */
  periods?: readonly (readonly [start: string, end: string])[];
  /** What a person calls the row. */
  displayName: (values: FieldValues) => string;
  /** The text whose embedding stands for the row in semantic search. */
  embeddingText: (values: FieldValues) => string;
  jsonResume: (values: FieldValues) => JsonResumePart;
}

export const defineEntity = <const Type extends string>(entity: Entity<Type>): Entity<Type> => entity;

/** The value as text, or "" when it is empty. */
export const textOf = (value: FieldValue | undefined): string => {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
};

/** Sentences from the parts that have a value: `sentence(["Category", "Backend"])` is "Category: Backend." */
export const sentences = (...parts: [label: string, value: FieldValue | undefined][]): string =>
  parts
    .filter(([, value]) => textOf(value) !== "")
    .map(([label, value]) => (label === "" ? `${textOf(value)}.` : `${label}: ${textOf(value)}.`))
    .join(" ");

/** Drops empty values, as JSON Resume leaves out what is unknown. */
export const present = (item: Record<string, FieldValue | undefined>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => textOf(value) !== ""));

/** In one normal form: a target may hold "é" as two code points. */
const comparable = (value: FieldValue | undefined): string => JSON.stringify(value ?? null).normalize("NFC");

export const sameValue = (a: FieldValue | undefined, b: FieldValue | undefined): boolean =>
  comparable(a) === comparable(b);
