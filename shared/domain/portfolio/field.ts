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
  /** Of numbers: words that may follow one. */
  units?: readonly string[];
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
type NumberOptions = Options & Pick<Field, "units">;

const make = (
  kind: FieldKind,
  label: string,
  example: string,
  hint: string,
  schema: z.ZodMiniType,
  options: Omit<Partial<Field>, "kind" | "label" | "example" | "schema">,
): Field => ({ kind, label, example, hint, required: false, schema, ...options });

const text = (label: string, example: string, options: Options & { maxLength?: number } = {}): Field => {
  const { maxLength = 120 } = options;
  const schema = z.string().check(z.trim(), z.minLength(1), z.maxLength(maxLength));
  return make("text", label, example, `text, 1 to ${maxLength} characters`, schema, { ...options, maxLength });
};

const multiline = (label: string, example: string, options: Options = {}): Field => ({
  ...text(label, example, { maxLength: 3000, ...options }),
  kind: "multiline",
});

const number = (label: string, example: string, range: Range, options: NumberOptions = {}): Field => {
  const schema = z.number().check(z.minimum(range.min), z.maximum(range.max));
  return make("number", label, example, `a number from ${range.min} to ${range.max}`, schema, { ...options, range });
};

const integer = (label: string, example: string, range: Range, options: NumberOptions = {}): Field => ({
  ...number(label, example, range, { hint: `a whole number from ${range.min} to ${range.max}`, ...options }),
  kind: "integer",
  schema: z.int().check(z.minimum(range.min), z.maximum(range.max)),
});

const boolean = (label: string, options: Options = {}): Field =>
  make("boolean", label, "yes", "yes or no", z.boolean(), options);

const select = (label: string, choices: readonly [string, ...string[]], options: Options = {}): Field => {
  const hint = `one of ${choices.join(", ")}`;
  return make("select", label, choices[0], hint, z.enum(choices), { ...options, options: choices });
};

/** Whether the month of `YYYY-MM-DD` has that day: one that it does not have moves into the next month. */
export const isRealDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

const dateSchema = z.string().check(
  z.regex(/^(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/),
  z.refine((text) => text.length < 10 || isRealDay(text)),
);

/** A year, a month or a day: `2024`, `2024-05` or `2024-05-31`. */
const date = (label: string, example: string, options: Options = {}): Field =>
  make("date", label, example, "a date like 2024, 2024-05 or 2024-05-31", dateSchema, options);

const url = (label: string, example: string, options: Options = {}): Field => {
  const schema = z.url({ protocol: /^https?$/ }).check(z.maxLength(500));
  return make("url", label, example, "an address that starts with https:// or http://", schema, options);
};

/** Characters of any script before and after the `@` (RFC 6531); the domain has a dot. */
const emailPattern =
  /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+(?:\p{L}[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])$/u;

const email = (label: string, example: string, options: Options = {}): Field =>
  make("email", label, example, "an email address", z.string().check(z.maxLength(200), z.regex(emailPattern)), options);

/** Of a list: characters of an item, and items. */
export const longestItem = 300;
export const maxItems = 30;

/** `itemMaxLength` is what a form can offer. */
const list = (label: string, example: string, options: Options & { itemMaxLength?: number } = {}): Field => {
  const item = z.string().check(z.trim(), z.minLength(1), z.maxLength(longestItem));
  const { itemMaxLength = longestItem } = options;
  const schema = z.array(item).check(z.maxLength(maxItems));
  return make("list", label, example, `up to ${maxItems} items, separated by commas`, schema, {
    ...options,
    itemMaxLength,
  });
};

export const field = { text, multiline, number, integer, boolean, select, date, url, email, list };
