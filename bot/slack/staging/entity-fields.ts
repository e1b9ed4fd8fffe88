/** The fields of an entity as inputs of a form, and what a person has put into them. */
import type { Refusal } from "../../../shared/contract/refusals.ts";
import { clip } from "../../../shared/messages/message.ts";
import type { InputBlock, KnownBlock } from "@slack/types";
import { type FieldValue, type FieldValues, textOf } from "../../../shared/domain/portfolio/entity.ts";
import { type Field, isRealDay } from "../../../shared/domain/portfolio/field.ts";
import { type EntityType, entityOf } from "../../../shared/domain/portfolio/registry.ts";
import { valueText } from "../../../shared/domain/staging/list-text.ts";
import type { ValueProblem } from "../../../shared/domain/staging/values.ts";
import { context } from "../blocks/blocks.ts";
import { quoted } from "../blocks/text.ts";
import type { SubmitAnswer } from "../core/modals/modal.ts";
import { refuse } from "../core/reply.ts";
import { checkboxes, datepicker, input, numberInput, option, select, textInput } from "../core/modals/inputs.ts";
import { type FormValues, listIn, textIn } from "../core/modals/values.ts";

/** Whose fields they are: inputs of another row are others, so that each row brings its own values. */
export interface FieldPlace {
  entityType: EntityType;
  /** "" for a new row. */
  row: string;
}

/** What Slack's text inputs hold. */
const maxCharacters = 3000;

/** What an option shows and carries. */
const optionLength = 75;

type Element = InputBlock["element"];

/** Slack refuses a form with a day that is not in the calendar. */
const isFullDay = (value: FieldValue): boolean =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && isRealDay(value);

const itemsOf = (value: FieldValue): string[] => (Array.isArray(value) ? value : []);

/** Options need different texts that fit; other lists are written one item a line. */
const isChosen = (field: Field, value: FieldValue): boolean => {
  const items = itemsOf(value);
  const fits = items.every((item) => item.length <= optionLength && item.trim() === item && item !== "");
  return (field.itemMaxLength ?? 0) <= optionLength && fits && new Set(items).size === items.length;
};

/** The value as its input holds it before anybody touches it; null where the input cannot show it and is empty. */
const inputValue = (field: Field, value: FieldValue): FieldValue => {
  switch (field.kind) {
    case "boolean":
      return value === true;
    case "number":
    case "integer": {
      const { min = -Infinity, max = Infinity } = field.range ?? {};
      const isInRange = typeof value === "number" && value >= min && value <= max;
      return isInRange && (field.kind === "number" || Number.isInteger(value)) ? String(value) : null;
    }
    case "select":
      return field.options?.find((each) => each === value) ?? null;
    case "list":
      return linesOf(itemsOf(value).join("\n"));
    default:
      return cleaned(textOf(value)) || null;
  }
};

const cleaned = (text: string): string => text.replace(/\r\n?/g, "\n").trim();

const linesOf = (text: string): string[] | null => {
  const items = cleaned(text)
    .split("\n")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  return items.length > 0 ? items : null;
};

/** What an input contains, by its field, as short texts: to find later what a person has changed. */
export const valueDigests = (entityType: EntityType, values: FieldValues): Record<string, string> =>
  Object.fromEntries(
    Object.entries(entityOf(entityType).fields).map(([name, field]) => [
      name,
      digestOf(JSON.stringify(inputValue(field, values[name] ?? null))),
    ]),
  );

const elementOf = (field: Field, value: FieldValue): Element => {
  const shown = inputValue(field, value);
  const text = textOf(shown);
  switch (field.kind) {
    case "number":
    case "integer":
      return numberInput(field.kind === "number", {
        ...field.range,
        ...(shown === null ? {} : { initial: Number(shown) }),
      });
    case "boolean":
      return checkboxes([option(field.label, "true")], shown === true ? ["true"] : []);
    case "select":
      return select(
        (field.options ?? []).map((each) => option(each)),
        text,
      );
    case "date":
      // A datepicker cannot say a month or a year, and a CV's dates are often no more: it shows full days alone.
      return isFullDay(shown) ? datepicker(text) : textInput({ initial: text, maxLength: Math.max(10, text.length) });
    case "list":
      return isChosen(field, value)
        ? chosenItems(itemsOf(shown))
        : textInput({ initial: itemsOf(shown).join("\n"), multiline: true });
    default: {
      // Addresses too: Slack's own inputs for them have rules that it does not document, and international names exist.
      const maxLength = Math.min(maxCharacters, Math.max(field.maxLength ?? maxCharacters, text.length));
      // An input of one line would lose the others, and save the loss as a change.
      return textInput({ initial: text, multiline: field.kind === "multiline" || text.includes("\n"), maxLength });
    }
  }
};

const chosenItems = (items: readonly string[]): Element => ({
  type: "multi_external_select",
  min_query_length: 0,
  max_selected_items: 30,
  ...(items.length > 0 ? { initial_options: items.map((item) => option(item)) } : {}),
});

const idsOf = (name: string, { entityType, row }: FieldPlace): { typed: string; chosen: string } => ({
  typed: `field:${name}:${entityType}:${row}`,
  chosen: `list:${name}:${entityType}:${row}`,
});

/** @param current the row as it is, for the hint @param value what the input shows */
const fieldBlock = (
  name: string,
  field: Field,
  place: FieldPlace,
  { current, value, mayBeNeeded }: { current: FieldValue; value: FieldValue; mayBeNeeded: boolean },
): KnownBlock => {
  const whole = field.kind === "list" ? itemsOf(value).join("\n") : textOf(value);
  if (whole.length > maxCharacters) {
    return context(
      `*${quoted(field.label)}* is too long for a form (${whole.length} characters). Change it with \`/cv stage update ${place.entityType} ${quoted(place.row, 80)} ${name}=…\``,
    );
  }
  const ids = idsOf(name, place);
  const isOptions = field.kind === "list" && isChosen(field, value);
  return input(
    {
      id: isOptions ? ids.chosen : ids.typed,
      label: field.label,
      optional: !(field.required && mayBeNeeded),
      hint: hintOf(field, current, isOptions),
    },
    elementOf(field, value),
  );
};

const rules: Partial<Record<Field["kind"], string>> = { select: "", boolean: "" };

const hintOf = (field: Field, current: FieldValue, isOptions: boolean): string => {
  const listRule = isOptions ? "Type to search or to add; up to 30 items" : "One item a line; up to 30 items";
  const rule =
    field.kind === "list"
      ? listRule
      : (rules[field.kind] ?? `${field.hint.charAt(0).toUpperCase()}${field.hint.slice(1)}`);
  const text = typeof current === "boolean" ? (current ? "yes" : "no") : valueText(current).replace(/\s+/g, " ");
  const now = text === "" ? "" : `Now: ${clip(text, 150)}`;
  return [now, rule].filter((part) => part !== "").join(". ");
};

/**
 * @param current the row as it is; null for a new one, or where nobody knows
 * @param proposed values to show in place of the current ones
 * @param mayBeNeeded whether required fields must be filled in; not where nobody knows what is there
 */
export const fieldBlocks = (
  place: FieldPlace,
  current: FieldValues | null,
  proposed: FieldValues,
  mayBeNeeded = true,
): KnownBlock[] =>
  Object.entries(entityOf(place.entityType).fields).map(([name, field]) => {
    const now = current?.[name] ?? null;
    const value = Object.hasOwn(proposed, name) ? (proposed[name] ?? null) : now;
    return fieldBlock(name, field, place, { current: now, value, mayBeNeeded });
  });

const blockIdIn = (values: FormValues, name: string, place: FieldPlace): string | null => {
  const { typed, chosen } = idsOf(name, place);
  return [typed, chosen].find((id) => Object.hasOwn(values, id)) ?? null;
};

const entered = (field: Field, values: FormValues, blockId: string): FieldValue => {
  if (field.kind === "boolean") return listIn(values, blockId).includes("true");
  if (field.kind === "list") {
    const value = values[blockId];
    return linesOf(Array.isArray(value) ? value.join("\n") : (value ?? ""));
  }
  return cleaned(textIn(values, blockId)) || null;
};

/** What differs from what the inputs contained at first; an emptied input is null. */
export const changedFields = (values: FormValues, place: FieldPlace, before: Record<string, string>): FieldValues => {
  const changed: FieldValues = {};
  for (const [name, field] of Object.entries(entityOf(place.entityType).fields)) {
    const blockId = blockIdIn(values, name, place);
    if (blockId === null) continue;
    const value = entered(field, values, blockId);
    if (digestOf(JSON.stringify(value)) !== before[name]) changed[name] = value;
  }
  return changed;
};

/** All that is filled in, for a new row. */
export const filledFields = (values: FormValues, place: FieldPlace): FieldValues =>
  Object.fromEntries(
    Object.entries(changedFields(values, place, {})).filter(([, value]) => value !== null && value !== false),
  );

/** What is wrong with a value stands at its input, anything else above the form. */
export const refusedValues = (reason: Refusal, values: FormValues, place: FieldPlace): SubmitAnswer => {
  const errors = reason.code === "invalid_values" ? problemTexts(reason.problems, values, place) : null;
  return errors ? { errors } : refuse(reason);
};

/** The problems as texts on their inputs; null when one of them has no input in this form. */
const problemTexts = (
  problems: readonly ValueProblem[],
  values: FormValues,
  place: FieldPlace,
): Record<string, string> | null => {
  const { fields } = entityOf(place.entityType);
  const texts: Record<string, string> = {};
  for (const { field, rule } of problems) {
    const blockId = blockIdIn(values, field, place);
    if (blockId === null) return null;
    texts[blockId] = `${fields[field]?.label ?? field} ${rule}`;
  }
  return texts;
};

/**
 * A text in at most 14 characters, to see whether it is another one: a form carries what its inputs contained at first,
 * and Slack gives it 3,000 characters for that. Two FNV-1a sums of 32 bits; not for secrets.
 */
const digestOf = (text: string): string => `${sum(text, 0x811c9dc5)}${sum(text, 0x050c5d1f)}`;

const sum = (text: string, seed: number): string => {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
};
