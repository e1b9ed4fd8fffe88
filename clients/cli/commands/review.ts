import { plural } from "../../../shared/messages/en/grammar.ts";
import { WrongUsage, numberFrom, noMore } from "../arguments.ts";
import { type Command, exit } from "../command.ts";

export const approve: Command = {
  name: "approve",
  usage: "<commit>",
  summary: "Approves a commit as it is now.",
  examples: ["cv approve 42"],
  options: [],
  run: async ({ client, args, out }) => {
    noMore(args.words, 1);
    const number = numberFrom(args.words[0], "a commit");
    out.show(await client.approveCommit({ number }), ({ meta: { missing } }) => [
      missing === 0
        ? `Approved commit #${number}: cv push ${number} --follow`
        : `Approved commit #${number}; it needs ${plural(missing, "more approval")}.`,
    ]);
    return exit.done;
  },
};

export const reject: Command = {
  name: "reject",
  usage: "<commit> <reason>",
  summary: "Rejects a commit, with a reason.",
  examples: ['cv reject 42 "The years do not add up"'],
  options: [],
  run: async ({ client, args: { words }, out }) => {
    const number = numberFrom(words[0], "a commit");
    const reason = words.slice(1).join(" ");
    if (reason.trim() === "") throw new WrongUsage("Say why, behind the number.");
    out.show(await client.rejectCommit({ number }, { reason }), () => [`Rejected commit #${number}.`]);
    return exit.done;
  },
};
