/** Small words that many pages need. */
import type { FieldValue } from "../../../shared/domain/portfolio/entity.ts";

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** "Ana", "Ana or Ben", "Ana, Ben or Cleo"; four and more are counted. */
export const anyOf = (names: readonly string[]): string => listed(names, "or");
/** "d1cv and ai-agent" */
export const allOf = (names: readonly string[]): string => listed(names, "and");

const maxNamed = 4;

const listed = (names: readonly string[], word: "or" | "and"): string => {
  const shown =
    names.length > maxNamed ? [...names.slice(0, maxNamed - 1), `${names.length - maxNamed + 1} others`] : names;
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} ${word} ${shown.at(-1)}`;
};

export const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** A field's value as people read it; a dash where there is none. */
export const valueWords = (value: FieldValue): string => {
  if (value === null || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : String(value);
};
