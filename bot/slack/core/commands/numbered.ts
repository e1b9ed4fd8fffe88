/** Commands that take the number of a commit first. */
import { quoted } from "../../blocks/text.ts";
import type { Reply } from "../reply.ts";
import { type Command, type CommandCall, usageOf } from "./command.ts";
import { numberOf } from "./grammar.ts";

type Numbered = Omit<Command, "run"> & {
  run: (call: CommandCall, number: number, rest: string[]) => Promise<Reply | null>;
};

export const numbered = (spec: Numbered): Command => {
  const command: Command = {
    ...spec,
    run: async (call) => {
      const [word, ...rest] = call.args.positionals;
      const number = numberOf(word);
      if (number !== null) return spec.run(call, number, rest);
      return usageOf(
        spec,
        word ? `\`${quoted(word, 40)}\` is not the number of a commit.` : "Say which commit, by its number.",
      );
    },
  };
  return command;
};
