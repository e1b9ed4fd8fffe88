/** Parses what follows `cv <command>`: words, `field=value` pairs and options. */
import { parseArgs } from "node:util";
import { closest } from "../../shared/domain/closest.ts";
import { fieldIn } from "../../shared/domain/staging/stage-input.ts";

export interface OptionSpec {
  /** Typed as `--name`. */
  name: string;
  /** One character, typed as `-m`. */
  short?: string;
  /** What the value means; an option without it is a switch. */
  value?: string;
  summary: string;
}

export interface Arguments {
  words: string[];
  fields: Record<string, string>;
  options: Record<string, string | true>;
}

/** A usage error: no request was sent. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage";
}

/** Of every command. */
export const commonOptions: readonly OptionSpec[] = [
  { name: "json", summary: "JSON instead of text: one document, or one per line while following" },
  { name: "help", short: "h", summary: "explains the command" },
];

/** @param fields whether `a=b` is a field instead of a word */
export const readArguments = (argv: readonly string[], specs: readonly OptionSpec[], fields: boolean): Arguments => {
  const parsed = parse(argv, [...specs, ...commonOptions]);
  const read: Arguments = { words: [], fields: {}, options: {} };
  for (const word of parsed.positionals) {
    const field = fields ? fieldIn(word) : null;
    if (!field) read.words.push(word);
    else if (Object.hasOwn(read.fields, field.name)) throw new WrongUsage(`${field.name} is given twice.`);
    else read.fields[field.name] = field.value;
  }
  for (const [name, value] of Object.entries(parsed.values)) {
    if (typeof value === "string" || value === true) read.options[name] = value;
  }
  return read;
};

const parse = (argv: readonly string[], specs: readonly OptionSpec[]) => {
  const options = Object.fromEntries(
    specs.map(({ name, short, value }) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const), ...(short !== undefined && { short }) },
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new WrongUsage(usageErrorIn(error, specs), { cause: error });
  }
};

const usageErrorIn = (error: unknown, specs: readonly OptionSpec[]): string => {
  const message = error instanceof Error ? error.message : String(error);
  const [, typed = ""] = /^Unknown option '--?([^']*)'/.exec(message) ?? [];
  if (typed === "") return `${message.replace(/\.$/, "").replace(/\. .*$/s, "")}.`;
  const near = closest(
    typed,
    specs.map(({ name }) => name),
  );
  const names = specs.map(({ name }) => `--${name}`).join(", ");
  return `There is no option ${typed.length === 1 ? "-" : "--"}${typed}.${near ? ` Did you mean --${near}?` : ` There are: ${names}.`}`;
};

/** "42" or "#42". @param what such as "a commit" */
export const numberFrom = (word: string | undefined, what: string): number => {
  const digits = /^#?([1-9]\d{0,8})$/.exec(word ?? "")?.[1];
  if (digits !== undefined) return Number(digits);
  throw new WrongUsage(
    word === undefined ? `Say which: the number of ${what}.` : `"${word}" is not the number of ${what}.`,
  );
};

export const commitFrom = ({ words }: Arguments): number => numberFrom(words[0], "a commit");

export const noMore = (words: readonly string[], from: number): void => {
  if (words.length > from) throw new WrongUsage(`"${words.slice(from).join(" ")}" is too much.`);
};

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** "90s", "10m", "1h" → milliseconds */
export const durationFrom = (typed: string): number => {
  const [, count = "", unit = ""] = /^(\d{1,6})(s|m|h)$/.exec(typed) ?? [];
  const ms = Number(count) * (unitMs[unit as keyof typeof unitMs] ?? 0);
  if (ms > 0 && ms <= 24 * unitMs.h) return ms;
  throw new WrongUsage(`"${typed}" is not a duration: write 90s, 10m or 1h, at most 24h.`);
};
