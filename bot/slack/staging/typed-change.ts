/** A change as it would be typed after `/cv stage`. */
import type { FieldValue } from "../../../shared/domain/portfolio/entity.ts";
import { listText } from "../../../shared/domain/staging/list-text.ts";
import type { Proposal } from "../../../shared/domain/staging/proposal.ts";

/** In quotes where the tokenizer would take it apart or read a meaning into it. */
const word = (text: string): string =>
  /^[\p{L}\p{N}][\p{L}\p{N}._:/@+#%-]*$/u.test(text) ? text : `"${text.replace(/[\\"“”„‟«»‘’‚‛]/g, String.raw`\$&`)}"`;

const valueText = (value: FieldValue): string => {
  if (value === null) return "";
  return word(Array.isArray(value) ? listText(value) : String(value).replace(/\s+/g, " "));
};

/** `update technology python-1 experience_years=8` */
export const typedLine = ({ action, entityType, row, values }: Omit<Proposal, "line">): string =>
  [
    action.toLowerCase(),
    entityType,
    ...(row === null ? [] : [word(row)]),
    ...Object.entries(values).map(([field, value]) => `${field}=${valueText(value)}`),
  ].join(" ");
