import * as z from "zod/mini";

/** What a person types for a field, and which input shows it. */
export type FieldKind =
  | "text"
  | "multiline"
  | "number"
  | "integer"
  | "boolean"
  | "select"
  | "date"
  | "url"
  | "email"
  | "list";

export interface Field {
  kind: FieldKind;
  label: string;
  /** The rule in words, as it stands in hints and error replies. */
  hint: string;
  /** As a person would type it after `name=`. */
  example: string;
  required: boolean;
  options?: readonly string[];
  /** Of numbers. */
  range?: Range;
  /** Of texts, in characters. */
  maxLength?: number;
  /** Of the items of a list, in characters. */
  itemMaxLength?: number;
  schema: z.ZodMiniType;
}

interface Range {
  min: number;
  max: number;
}

type Options = Partial<Pick<Field, "hint" | "required">>;

const text = (label: string, example: string, options: Options & { maxLength?: number } = {}): Field => {
  const maxLength = options.maxLength ?? 120;
  return {
    kind: "text",
    label,
    example,
    hint: options.hint ?? `text, 1 to ${maxLength} characters`,
    required: options.required ?? false,
    maxLength,
    schema: z.string().check(z.trim(), z.minLength(1), z.maxLength(maxLength)),
  };
};

const multiline = (label: string, example: string, options: Options = {}): Field => ({
  ...text(label, example, { maxLength: 3000, ...options }),
  kind: "multiline",
});

const number = (label: string, example: string, range: Range, options: Options = {}): Field => ({
  kind: "number",
  label,
  example,
  hint: options.hint ?? `a number from ${range.min} to ${range.max}`,
  required: options.required ?? false,
  range,
  schema: z.number().check(z.minimum(range.min), z.maximum(range.max)),
});

const integer = (label: string, example: string, range: Range, options: Options = {}): Field => ({
  ...number(label, example, range, { hint: `a whole number from ${range.min} to ${range.max}`, ...options }),
  kind: "integer",
  schema: z.int().check(z.minimum(range.min), z.maximum(range.max)),
});

const boolean = (label: string, options: Options = {}): Field => ({
  kind: "boolean",
  label,
  example: "yes",
  hint: options.hint ?? "yes or no",
  required: options.required ?? false,
  schema: z.boolean(),
});

const select = (label: string, choices: readonly [string, ...string[]], options: Options = {}): Field => ({
  kind: "select",
  label,
  example: choices[0],
  hint: options.hint ?? `one of ${choices.join(", ")}`,
  required: options.required ?? false,
  options: choices,
  schema: z.enum(choices),
});

/** Whether the month of `YYYY-MM-DD` has that day: one that it does not have moves into the next month. */
export const isRealDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

/** A year, a month or a day: `2024`, `2024-05` or `2024-05-31`. */
const date = (label: string, example: string, options: Options = {}): Field => ({
  kind: "date",
  label,
  example,
  hint: options.hint ?? "a date like 2024, 2024-05 or 2024-05-31",
  required: options.required ?? false,
  schema: z.string().check(
    z.regex(/^(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/),
    z.refine((text) => text.length < 10 || isRealDay(text)),
  ),
});

const url = (label: string, example: string, options: Options = {}): Field => ({
  kind: "url",
  label,
  example,
  hint: options.hint ?? "an address that starts with https:// or http://",
  required: options.required ?? false,
  schema: z.url({ protocol: /^https?$/ }).check(z.maxLength(500)),
});

const email = (label: string, example: string, options: Options = {}): Field => ({
  kind: "email",
  label,
  example,
  hint: options.hint ?? "an email address",
  required: options.required ?? false,
  schema: z.email().check(z.maxLength(200)),
});

/** Items of at most 300 characters; `itemMaxLength` is what a form can offer. */
const list = (label: string, example: string, options: Options & { itemMaxLength?: number } = {}): Field => ({
  kind: "list",
  label,
  example,
  hint: options.hint ?? "up to 30 items, separated by commas",
  required: options.required ?? false,
  itemMaxLength: options.itemMaxLength ?? longestItem,
  schema: z.array(z.string().check(z.trim(), z.minLength(1), z.maxLength(longestItem))).check(z.maxLength(30)),
});

const longestItem = 300;

export const field = { text, multiline, number, integer, boolean, select, date, url, email, list };
