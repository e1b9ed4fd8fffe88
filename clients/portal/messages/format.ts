/** Lists and values as plain text. */
import { allOf as allOfThem, anyOf as anyOfThem } from "../../../shared/messages/en/grammar.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { valueText as textOfValue } from "../../../shared/domain/staging/list-text.ts";
import type { FieldValue } from "../../../shared/domain/portfolio/entity.ts";

/** "Ana", "Ana or Ben", "Ana, Ben or Cleo" */
export const anyOf = (names: readonly string[]): string => plainText(anyOfThem(names));
/** "d1cv and ai-agent" */
export const allOf = (names: readonly string[]): string => plainText(allOfThem(names));

/** A field's value as people read it; a dash where there is none. */
export const valueText = (value: FieldValue): string => {
  if (value === null || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return textOfValue(value);
};
