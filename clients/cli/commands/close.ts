import { summaryText } from "../../../shared/messages/en/commits.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { commitFrom } from "../arguments.ts";
import type { Command } from "../command.ts";

export const review: Command = {
  name: "review",
  usage: "<commit>",
  summary: "Requests a review of a commit, also of a draft.",
  examples: ["cv review 42"],
  maxWords: 1,
  run: async ({ client, args, out, named }) => {
    const requested = await client.requestReview({ number: commitFrom(args) });
    out.show(await named(requested), ({ number, summary, meta: { reviewers } }) => [
      `Requested a review of commit #${number}: ${summaryText(summary)}`,
      `It needs approval by ${reviewers.join(" or ") || "nobody: an admin gives somebody the role"}.`,
    ]);
  },
};

export const reopen: Command = {
  name: "reopen",
  usage: "<commit>",
  summary: "Reopens a commit: its changes are staged again.",
  examples: ["cv reopen 42"],
  maxWords: 1,
  run: async ({ client, args, out }) => {
    out.show(await client.reopenCommit({ number: commitFrom(args) }), ({ number, meta: { changeCount } }) => [
      `Reopened commit #${number}: ${plural(changeCount, "change")} staged again.`,
    ]);
  },
};

export const drop: Command = {
  name: "drop",
  usage: "<commit>",
  summary: "Drops a commit, with its changes.",
  examples: ["cv drop 42"],
  maxWords: 1,
  run: async ({ client, args, out }) => {
    out.show(await client.dropCommit({ number: commitFrom(args) }), ({ number, meta: { changeCount } }) => [
      `Dropped commit #${number} with ${plural(changeCount, "change")}.`,
    ]);
  },
};
