/** Cron expressions as Cloudflare takes them: developers.cloudflare.com/workers/configuration/cron-triggers. */

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/** Days of the week count from Sunday, and from 1. */
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const fields = [
  { from: 0, to: 59, names: [] },
  { from: 0, to: 23, names: [] },
  { from: 1, to: 31, names: [] },
  { from: 1, to: 12, names: months },
  { from: 1, to: 7, names: weekdays },
] as const;

type Field = (typeof fields)[number];

const numberOf = (text: string, { from, to, names }: Field): number | null => {
  const named = (names as readonly string[]).indexOf(text.toUpperCase());
  const value = named >= 0 ? named + 1 : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : null;
};

/** The numbers that a part such as `1-5` or `*`/`10` stands for; null when it is none. */
const numbersOf = (part: string, field: Field): number[] | null => {
  const [range = "", step = "1", more] = part.split("/");
  if (more !== undefined || !/^[1-9]\d*$/.test(step)) return null;
  const [low, high, third] = range === "*" ? [String(field.from), String(field.to)] : range.split("-");
  if (low === undefined || third !== undefined) return null;
  const from = numberOf(low, field);
  const to = high === undefined ? (step === "1" ? from : field.to) : numberOf(high, field);
  if (from === null || to === null || from > to) return null;
  return Array.from({ length: to - from + 1 }, (_, at) => from + at).filter(
    (each) => (each - from) % Number(step) === 0,
  );
};

const parse = (cron: string): number[][] | null => {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== fields.length) return null;
  const parsed = fields.map((field, at) => {
    const numbers = (parts[at] ?? "").split(",").map((part) => numbersOf(part, field));
    return numbers.every((each) => each !== null) ? numbers.flat() : null;
  });
  return parsed.every((each) => each !== null) ? parsed : null;
};

/** `L`, `W` and `#` are taken by Cloudflare and never due here. */
export const isCron = (cron: string): boolean =>
  parse(cron.replaceAll(/\b(?:\d{1,2}|[A-Z]{3})?L\b|\b(?:\d{1,2}W|LW)\b/gi, "1").replaceAll(/#[1-5]\b/g, "")) !== null;

/** Whether the expression is due in the minute, in UTC. */
export const isDue = (cron: string, at: Date): boolean => {
  const parsed = parse(cron);
  const values = [at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay() + 1];
  return parsed !== null && parsed.every((numbers, field) => numbers.includes(values[field] ?? -1));
};
