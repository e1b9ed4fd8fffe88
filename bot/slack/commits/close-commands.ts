import { plural } from "../../../shared/messages/en/grammar.ts";
import { dropCommit, reopenCommit } from "../../../shared/use-cases/commits/close-commit.ts";
import { answer, say } from "../core/reply.ts";
import { numbered } from "../core/commands/numbered.ts";

export const drop = numbered({
  name: "drop",
  usage: "#commit",
  summary: "Discards a commit that is not pushed, with its changes.",
  examples: ["/cv drop 1"],
  permission: "dropOwn",
  run: ({ ctx }, number) =>
    answer(dropCommit(ctx, number), ({ changeCount }) =>
      say(`Dropped commit *#${number}* with ${plural(changeCount, "change")}.`),
    ),
});

export const reopen = numbered({
  name: "reopen",
  usage: "#commit",
  summary: "Takes a commit that is not pushed apart: its changes are staged again.",
  examples: ["/cv reopen 1"],
  permission: "dropOwn",
  run: ({ ctx }, number) =>
    answer(reopenCommit(ctx, number), ({ changeCount }) =>
      say(`Reopened commit *#${number}*: ${plural(changeCount, "change")} staged again. \`/cv staged\` lists them.`),
    ),
});
