/** Values for the fields of an entity out of a few words: "8 years, Expert", "level: Expert", `level=Expert`. */
import { closest } from "../closest.ts";
import type { FieldValues } from "../portfolio/entity.ts";
import type { Field } from "../portfolio/field.ts";
import { type EntityType, entityOf } from "../portfolio/registry.ts";
import { checkValues } from "./values.ts";

type Raw = Record<string, string>;

/** How people call a field besides its name and label. */
const otherNames: Record<string, string[]> = {
  experience_years: ["experience", "years"],
  proficiency_percent: ["proficiency"],
  is_featured: ["featured"],
  end_date: ["end", "until"],
  start_date: ["start", "since", "from"],
  issued_date: ["issued"],
  expires_date: ["expires"],
  repository_url: ["repository", "repo", "source"],
  website: ["site", "homepage"],
  credential_url: ["credential"],
  technologies: ["stack"],
  headline: ["title"],
  location: ["city"],
};

const namesOf = (name: string, field: Field): string[] =>
  [name, name.replaceAll("_", " "), field.label, ...(otherNames[name] ?? [])].map((each) => each.toLowerCase());

/** The field that a word or two stand for. */
export const fieldNamed = (entityType: EntityType, words: string): string | null => {
  const wanted = words.trim().toLowerCase().replaceAll("-", "_");
  const found = Object.entries(entityOf(entityType).fields).find(([name, field]) =>
    namesOf(name, field).includes(wanted),
  );
  return found?.[0] ?? null;
};

const unquoted = (text: string): string => text.trim().replace(/^["'`“”„«»‘‚‹](.*)["'`“”«»’‘›]$/s, "$1");
const tidy = (text: string): string =>
  unquoted(text.replace(/[\s,;.!]*\b(now|please|today)\b[\s.!]*$/i, "").replace(/[,;\s]+$/, ""));

/** `key=value`, where the value may be quoted. */
const pairs = (text: string, entityType: EntityType, into: Raw): string =>
  text.replace(
    /([A-Za-z_][\w-]*)=("[^"]*"|'[^']*'|[“”„«»][^“”„«»]*[“”«»]|[^\s]+)/g,
    (whole, key: string, value: string) => {
      const field = fieldNamed(entityType, key);
      if (!field) return whole;
      into[field] ??= unquoted(value.replace(/[,;.]$/, ""));
      return " ";
    },
  );

const phrasePatterns = new Map<EntityType, { name: string; field: Field; pattern: RegExp }[]>();

/** Made once for each type: a message has many clauses. */
const patternsOf = (entityType: EntityType): { name: string; field: Field; pattern: RegExp }[] => {
  const known = phrasePatterns.get(entityType);
  if (known) return known;
  const made = Object.entries(entityOf(entityType).fields).map(([name, field]) => ({
    name,
    field,
    pattern: phrasePattern(name, field),
  }));
  phrasePatterns.set(entityType, made);
  return made;
};

const isLong = ({ kind }: Field): boolean => kind === "multiline" || kind === "list" || kind === "text";

const phrasePattern = (name: string, field: Field): RegExp => {
  const names = namesOf(name, field)
    .toSorted((a, b) => b.length - a.length)
    .map((each) => each.replaceAll(" ", String.raw`\s+`))
    .join("|");
  const value = isLong(field) ? String.raw`(.+)` : String.raw`([^,;]+)`;
  const before = String.raw`(?:(?:from\s+)?[^\s,;:]+\s+)?`;
  const link = String.raw`(?:\s*(?::|=|→|->|=>)\s*|\s+(?:is|are|to|becomes|${before}(?:→|->|to))\s+)`;
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:the\s+)?(?:${names})${link}(?:now\s+)?${value}`, "iu");
};

/** Whether a text ends in the value of a field that goes on at a comma, and of which kind that is. */
export const hasOpenText = (entityType: EntityType, text: string): "list" | "text" | null => {
  const found = patternsOf(entityType).find(({ field, pattern }) => isLong(field) && pattern.test(text));
  if (!found) return null;
  return found.field.kind === "list" ? "list" : "text";
};

/** "level: Expert", "end date is 2025-01", "level to Expert", "headline → Engineer": a short value ends at a comma. */
const phrases = (text: string, entityType: EntityType, into: Raw): string => {
  let left = text;
  for (const { name, pattern } of patternsOf(entityType)) {
    const match = pattern.exec(left);
    if (!match?.[1] || Object.hasOwn(into, name)) continue;
    into[name] = tidy(afterArrow(match[1]));
    left = `${left.slice(0, match.index)} ${left.slice(match.index + match[0].length)}`;
  }
  return left;
};

/** "5 → 8" is 8. */
const afterArrow = (text: string): string => text.split(/\s*(?:→|->|=>)\s*/).at(-1) ?? text;

/** What can be nothing else: "8 years", "80 %", an address, a word that is one of a field's choices. */
const bareValues = (text: string, entityType: EntityType, into: Raw): string => {
  const { fields } = entityOf(entityType);
  let left = text;
  const take = (name: string, pattern: RegExp, value: (found: RegExpExecArray) => string): void => {
    const found = Object.hasOwn(fields, name) && !Object.hasOwn(into, name) ? pattern.exec(left) : null;
    if (!found) return;
    into[name] = value(found);
    left = `${left.slice(0, found.index)} ${left.slice(found.index + found[0].length)}`;
  };
  take(
    "experience_years",
    /(?<![\p{L}\p{N}.,-])(\d+(?:[.,]\d+)?)(?:\+|\s)*(?:years?|yrs?|y)(?![\p{L}\p{N}])/iu,
    ([, years = ""]) => years,
  );
  take("proficiency_percent", /(?<![\p{L}\p{N}.,-])(\d{1,3})\s*(?:%|percent\b)/iu, ([, percent = ""]) => percent);
  take("is_featured", /\b(not|no longer|un)\s*-?featured\b/i, () => "no");
  take("is_featured", /\bfeatured\b/i, () => "yes");
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind === "select") {
      const choices = (field.options ?? []).map((option) => option.replace(/[.+]/g, String.raw`\$&`)).join("|");
      take(name, new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${choices})(?![\p{L}\p{N}])`, "iu"), ([whole]) => whole);
    }
    if (field.kind === "url") take(name, /https?:\/\/[^\s,;]+/i, ([whole]) => whole);
    if (field.kind === "email") take(name, /[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+/, ([whole]) => whole);
  }
  return left;
};

/** Leaves out what breaks a field's rule; the person adds it in the form. */
const fitting = (entityType: EntityType, raw: Raw): FieldValues =>
  Object.fromEntries(
    Object.entries(raw).flatMap(([name, text]) => {
      const checked = checkValues(entityOf(entityType), { [name]: text }, false);
      return checked.ok ? Object.entries(checked.value) : [];
    }),
  );

export const readValues = (entityType: EntityType, text: string): FieldValues => {
  const raw: Raw = {};
  bareValues(phrases(pairs(text, entityType, raw), entityType, raw), entityType, raw);
  return fitting(entityType, raw);
};

/** A new row's values from parts between commas: unrecognized ones fill the required texts in order, then dates. */
export const readParts = (entityType: EntityType, parts: readonly string[]): FieldValues => {
  const { fields } = entityOf(entityType);
  const values: FieldValues = {};
  for (const part of parts) {
    const known = Object.entries(readValues(entityType, part)).filter(([name]) => !Object.hasOwn(values, name));
    if (known.length > 0) {
      Object.assign(values, Object.fromEntries(known));
      continue;
    }
    const free = Object.entries(fields).find(([name, field]) => {
      if (Object.hasOwn(values, name)) return false;
      const isDate = /^(19|20)\d{2}(-\d{2}){0,2}$/.test(part.trim());
      return isDate ? field.kind === "date" : field.required && (field.kind === "text" || field.kind === "multiline");
    });
    if (free) Object.assign(values, fitting(entityType, { [free[0]]: tidy(part) }));
  }
  return values;
};

/** A type by its name, its plural or what people call it; one wrong character is forgiven. */
export const typeNamed = (word: string, types: readonly EntityType[]): EntityType | null => {
  const wanted = word.toLowerCase();
  const called: Partial<Record<string, EntityType>> = {
    skill: "technology",
    skills: "technology",
    tech: "technology",
    job: "experience",
    position: "experience",
    degree: "education",
    certificate: "certification",
    cert: "certification",
  };
  const known =
    called[wanted] ?? types.find((type) => type === wanted || entityOf(type).plural.toLowerCase() === wanted);
  if (known) return known;
  const near = wanted.length > 5 ? closest(wanted, types) : null;
  return types.find((type) => type === near) ?? null;
};
