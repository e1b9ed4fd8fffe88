/** Commands that take the number of something first. */
import { code } from "../../blocks/text.ts";
import type { Answer } from "../reply.ts";
import { type Command, type CommandCall, usageOf } from "./command.ts";
import { numberOf } from "./grammar.ts";

type Numbered = Omit<Command, "run"> & {
  run: (call: CommandCall, number: number, rest: string[]) => Promise<Answer>;
};

/** @param noun what has the number */
export const numbered = (spec: Numbered, noun = "commit", missing = `Say which ${noun}, by its number.`): Command => ({
  ...spec,
  run: async (call) => {
    const [word, ...rest] = call.args.positionals;
    const number = numberOf(word);
    if (number !== null) return spec.run(call, number, rest);
    return usageOf(spec, word ? `${code(word, 40)} is not the number of a ${noun}.` : missing);
  },
});
