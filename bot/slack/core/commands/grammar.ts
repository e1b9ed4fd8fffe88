/** Words → positionals, `key=value` fields and options. Which options a command takes stands in the command table. */
import { closest } from "../../../../shared/domain/closest.ts";
import { fieldIn } from "../../../../shared/domain/staging/stage-input.ts";
import { type Result, fail, ok } from "../../../../shared/result.ts";
import { type UnclosedQuote, type Word, tokenize } from "./tokenize.ts";

export interface OptionSpec {
  /** Long name, typed as `--name`. */
  name: string;
  /** One character, typed as `-m`. */
  short?: string;
  /** What its value is, for usage; an option without is a switch. */
  value?: string;
  /** `value` says of what, and after a comma more: "the number of a page, as 2". */
  isNumber?: true;
  /** It names a person: its value is their id. */
  isPerson?: true;
}

export interface Arguments {
  positionals: string[];
  fields: Record<string, string>;
  options: Record<string, string>;
  /** Those of the options that are numbers. */
  numbers: Record<string, number>;
  switches: string[];
}

export type GrammarProblem =
  | UnclosedQuote
  | { code: "unknown_option"; typed: string; suggestion: string | null; allowed: string[] }
  | { code: "option_value_required"; option: string; value: string }
  | { code: "duplicate_field"; field: string };

/** The command's name and what follows it; the name is "" when nothing was typed. */
export const splitCommand = (typed: string): { name: string; rest: string } => {
  const [, name = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(typed) ?? [];
  return { name: name.toLowerCase(), rest };
};

/** @param asIds whether the words name people and channels, rather than being read */
export const parseArguments = (
  typed: string,
  options: readonly OptionSpec[],
  asIds = false,
): Result<Arguments, GrammarProblem> => {
  const words = tokenize(typed);
  if (!words.ok) return words;
  const parsed: Arguments = { positionals: [], fields: {}, options: {}, numbers: {}, switches: [] };
  const queue = [...words.value];
  for (let word = queue.shift(); word; word = queue.shift()) {
    const problem = take(word, queue, options, parsed, asIds);
    if (problem) return fail(problem);
  }
  return ok(parsed);
};

const take = (
  word: Word,
  queue: Word[],
  options: readonly OptionSpec[],
  parsed: Arguments,
  asIds: boolean,
): GrammarProblem | null => {
  const option = word.bare ? /^(--?)([\p{L}][\p{L}\d-]*)(?:=([\s\S]*))?$/u.exec(word.text) : null;
  if (option) return takeOption(option, word, queue, options, parsed);
  const field = word.bare ? fieldIn(word.text) : null;
  if (!field) {
    parsed.positionals.push(asIds ? word.meant : word.text);
    return null;
  }
  const { name, value } = field;
  if (Object.hasOwn(parsed.fields, name)) return { code: "duplicate_field", field: name };
  parsed.fields[name] = value;
  return null;
};

const takeOption = (
  [typed, , name = "", inline]: RegExpExecArray,
  word: Word,
  queue: Word[],
  options: readonly OptionSpec[],
  parsed: Arguments,
): GrammarProblem | null => {
  const spec = options.find((candidate) => candidate.name === name.toLowerCase() || candidate.short === name);
  if (!spec) {
    const names = options.map((candidate) => candidate.name);
    const near = closest(name, names);
    return {
      code: "unknown_option",
      typed,
      suggestion: near ? `--${near}` : null,
      allowed: names.map((each) => `--${each}`),
    };
  }
  if (!spec.value) {
    parsed.switches.push(spec.name);
    return null;
  }
  const from = inline === undefined ? queue.shift() : word;
  const given = spec.isPerson ? from?.meant : from?.text;
  const value = inline === undefined ? given : given?.slice(given.indexOf("=") + 1);
  if (value === undefined || value === "") return { code: "option_value_required", option: typed, value: spec.value };
  parsed.options[spec.name] = value;
  const number = spec.isNumber ? numberOf(value) : null;
  if (number !== null) parsed.numbers[spec.name] = number;
  return null;
};

/** "#42" or "42" → 42; null when it is not a number. */
export const numberOf = (word: string | undefined): number | null => {
  const digits = /^#?(\d{1,9})$/.exec(word ?? "")?.[1];
  return digits ? Number(digits) : null;
};
