/** Numbers as people write them: `8`, `8,5`, `.5`, `８`, `1.000,5`, `8 years`. */
import { asciiDigits } from "../text.ts";

export interface NumberSlip {
  code: "unclear_number";
  rule: string;
}

const plain = /^[+-]?(?:\d+|\d*[.,]\d+)$/;
/** Thousand, or one with three decimals. */
const ambiguous = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;
const grouped = /^[+-]?\d{1,3}(?:(?<group>[.,' \u2019\u00a0\u202f])\d{3})(?:\k<group>\d{3})*(?:(?!\k<group>)[.,]\d+)?$/;
const measured = /^(.*?\d[.,]?)\s*\+?\s*(%|\p{L}+)\.?$/u;

/** @returns null for what is no number at all @param units words that may follow it */
export const readNumber = (typed: string, units: readonly string[]): number | NumberSlip | null => {
  const text = asciiDigits(typed.trim()).replace(/[\u2010-\u2015\u2212]/g, "-");
  const [, amount, unit] = measured.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) {
    const read = readNumber(amount, []);
    if (read === null || typeof read !== "number" || units.includes(unit.toLowerCase())) return read;
    return { code: "unclear_number", rule: `must be the number alone, without "${unit}"` };
  }
  if (ambiguous.test(text)) {
    return {
      code: "unclear_number",
      rule: `can be read in two ways: write ${text.replace(/[.,]/, "")} or ${Number(text.replace(",", "."))}`,
    };
  }
  if (plain.test(text)) return Number(text.replace(",", "."));
  const group = grouped.exec(text)?.groups?.["group"];
  return group === undefined ? null : Number(text.replaceAll(group, "").replace(",", "."));
};
