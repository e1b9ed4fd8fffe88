import { summaryText } from "../../../shared/messages/en/commits.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { WrongUsage, commitFrom } from "../arguments.ts";
import type { Command } from "../command.ts";

/** Only what the person can do now. */
const nextLines = {
  push: (number: number) => [`cv push ${number} --follow applies it.`],
  retry: (number: number) => [`cv retry ${number} sends it again where its push has failed.`],
  nothing: () => [],
} as const;

export const approve: Command = {
  name: "approve",
  usage: "<commit>",
  summary: "Approves a commit as it is now.",
  examples: ["cv approve 42"],
  maxWords: 1,
  run: async ({ client, args, out }) => {
    const number = commitFrom(args);
    out.show(await client.approveCommit({ number }), ({ summary, meta: { missing, next } }) => [
      `Approved commit #${number}: ${summaryText(summary)}`,
      ...(missing > 0 ? [`It needs ${plural(missing, "more approval")}.`] : nextLines[next ?? "nothing"](number)),
    ]);
  },
};

export const reject: Command = {
  name: "reject",
  usage: "<commit> <reason>",
  summary: "Rejects a commit, with a reason.",
  examples: ['cv reject 42 "The years do not add up"'],
  maxWords: Number.POSITIVE_INFINITY,
  run: async ({ client, args, out }) => {
    const number = commitFrom(args);
    const reason = args.words.slice(1).join(" ");
    if (reason.trim() === "") throw new WrongUsage("Say why, behind the number.");
    out.show(await client.rejectCommit({ number }, { reason }), () => [`Rejected commit #${number}.`]);
  },
};

export const withdraw: Command = {
  name: "withdraw",
  usage: "<commit>",
  summary: "Withdraws your approval of a commit, until a push of it has begun.",
  examples: ["cv withdraw 42"],
  maxWords: 1,
  run: async ({ client, args, out }) => {
    const number = commitFrom(args);
    out.show(await client.withdrawApproval({ number }), ({ meta: { missing } }) => [
      missing === 0
        ? `Withdrew your approval of commit #${number}, which has enough without it.`
        : `Withdrew your approval of commit #${number}; it needs ${plural(missing, "more approval")}.`,
    ]);
  },
};
