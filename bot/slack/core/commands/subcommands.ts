/** Commands whose first word says what to do, as in `/cv tokens revoke 3`. */
import { closest } from "../../../../shared/domain/closest.ts";
import { code } from "../../blocks/text.ts";
import type { Answer } from "../reply.ts";
import { type Command, type CommandCall, usageOf } from "./command.ts";
import { numberOf } from "./grammar.ts";

type Subcommand = (call: CommandCall, number: number, words: string[]) => Promise<Answer>;

interface Subcommands {
  /** What they do something with. */
  noun: string;
  /** Nothing is typed. */
  list: (call: CommandCall) => Promise<Answer>;
  /** Those without a number. */
  general?: Record<string, (call: CommandCall, words: string[]) => Promise<Answer>>;
  /** Those that take a number first; a number alone means `show`. */
  numbered: Record<string, Subcommand>;
  /** Which of these take more words. */
  wordy?: string[];
}

export const withSubcommands = (spec: Omit<Command, "run"> & Subcommands): Command => {
  const { noun, list, general = {}, numbered, wordy = [] } = spec;
  const usage = (missing: string): Answer => usageOf(spec, missing);
  return {
    ...spec,
    run: async (call) => {
      const [word, ...rest] = call.args.positionals;
      if (word === undefined) return list(call);
      const isNumber = numberOf(word) !== null;
      const name = isNumber ? "show" : word.toLowerCase();
      if (Object.hasOwn(general, name)) return general[name]?.(call, rest) ?? null;
      const run = Object.hasOwn(numbered, name) ? numbered[name] : undefined;
      if (!run) {
        const near = closest(name, [...Object.keys(general), ...Object.keys(numbered)]);
        const hint = near ? ` Did you mean \`${near}\`?` : "";
        return usage(`${code(word, 40)} is nothing to do with a ${noun}.${hint}`);
      }
      const [numberWord, ...more] = isNumber ? [word, ...rest] : rest;
      if (numberWord === undefined) return usage(`Say which ${noun}, by its number.`);
      const number = numberOf(numberWord);
      if (number === null) return usage(`${code(numberWord, 40)} is not the number of a ${noun}.`);
      const [extra] = more;
      if (extra !== undefined && !wordy.includes(name)) return usage(`${code(extra, 40)} is too much.`);
      return run(call, number, more);
    },
  };
};
