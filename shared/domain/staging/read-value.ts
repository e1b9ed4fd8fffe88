/** One value as a person or a program gives it → as it is stored, or the rule that it breaks. */
import type * as z from "zod/mini";
import type { FieldValue } from "../portfolio/entity.ts";
import { type Field, longestItem, maxItems } from "../portfolio/field.ts";
import { type Result, fail, ok } from "../../result.ts";
import { asciiDigits, searchKey } from "../text.ts";
import { takeText } from "../unseen.ts";
import { readList } from "./list-text.ts";
import { readNumber } from "./read-number.ts";

/** In words that follow the field's name: "must be a number from 0 to 60". */
interface BrokenRule {
  code: string;
  rule: string;
}
type Read = Result<FieldValue, BrokenRule>;

const broken = (rule: string): Read => fail({ code: "broken_rule", rule });

/** Text is read as the field's kind; empty text and null clear the field. */
export const readValue = (field: Field, raw: FieldValue): Read => {
  if (raw === null || (typeof raw === "string" && raw.trim() === "")) {
    return field.required ? broken("cannot be empty") : ok(null);
  }
  const read = typeof raw === "string" ? readText(field, raw) : Array.isArray(raw) ? readItems(raw) : ok(raw);
  if (!read.ok) return read;
  if (Array.isArray(read.value) && read.value.length === 0) {
    return field.required ? broken("cannot be empty") : ok(null);
  }
  const { error } = field.schema.safeParse(read.value);
  return error ? broken(sizeRule(read.value, error.issues[0]) ?? `must be ${field.hint}`) : read;
};

/** Whoever has to shorten a text wants to know by how much. */
const sizeRule = (value: FieldValue, issue: z.core.$ZodIssue | undefined): string | null =>
  typeof value === "string" && issue?.code === "too_big"
    ? `has ${value.length} characters; it may have at most ${issue.maximum}`
    : null;

const yes = new Set(["true", "yes", "on", "1"]);
const no = new Set(["false", "no", "off", "0"]);

/** What cannot be read stays text, and the schema refuses it. */
const readText = (field: Field, raw: string): Read => {
  const taken = takeText(raw);
  if (!taken.ok) return taken;
  const text = taken.value;
  switch (field.kind) {
    case "number":
    case "integer": {
      const read = readNumber(text, field.units ?? []);
      return typeof read === "object" && read !== null ? fail(read) : ok(read ?? text);
    }
    case "boolean": {
      const word = searchKey(text);
      return ok(yes.has(word) ? true : no.has(word) ? false : text);
    }
    case "select":
      return ok(field.options?.find((option) => searchKey(option) === searchKey(text)) ?? text);
    case "date":
      return ok(asciiDigits(text).replace(/[\u2010-\u2015\u2212]/g, "-"));
    case "url":
      return readAddress(text);
    case "list": {
      const items = readList(text);
      return items.ok ? readItems(items.value) : items;
    }
    case "text":
      return /[\r\n]/.test(text) ? broken("must be one line") : ok(text);
    default:
      return ok(text);
  }
};

/** A password in an address would stand in the CV; spaces are what is left of a sentence around it. */
const readAddress = (text: string): Read => {
  const { username, password } = URL.parse(text) ?? { username: "", password: "" };
  if (username !== "" || password !== "") return broken("must be an address without a user name or a password");
  return /\s/.test(text) ? broken("must be an address without spaces") : ok(text);
};

const readItems = (raw: readonly string[]): Read => {
  if (raw.length > maxItems) return broken(`has ${raw.length} items; a list may have at most ${maxItems}`);
  const items: string[] = [];
  for (const [index, each] of raw.entries()) {
    const taken = takeText(each);
    if (!taken.ok) return broken(`${taken.reason.rule} (item ${index + 1})`);
    if (/[\r\n]/.test(taken.value)) return broken(`has a line break in item ${index + 1}; an item is one line`);
    if (taken.value === "") return broken(`has nothing in item ${index + 1}`);
    if (taken.value.length > longestItem) {
      return broken(
        `has ${taken.value.length} characters in item ${index + 1}; an item may have at most ${longestItem}`,
      );
    }
    items.push(taken.value);
  }
  return ok(items);
};
