import { plural } from "../../../shared/messages/en/grammar.ts";
import { dropCommit, reopenCommit } from "../../../shared/use-cases/commits/close-commit.ts";
import { refuse, say } from "../core/reply.ts";
import { numbered } from "../core/commands/numbered.ts";

export const drop = numbered({
  name: "drop",
  usage: "#commit",
  summary: "Discards a commit that is not pushed, with its changes.",
  examples: ["/cv drop 1"],
  permission: "dropOwn",
  options: [],
  run: async ({ ctx }, number) => {
    const dropped = await dropCommit(ctx, number);
    if (!dropped.ok) return refuse(dropped.reason);
    return say(`Dropped commit *#${number}* with ${plural(dropped.value.changeCount, "change")}.`);
  },
});

export const reopen = numbered({
  name: "reopen",
  usage: "#commit",
  summary: "Takes a commit that is not pushed apart: its changes are staged again.",
  examples: ["/cv reopen 1"],
  permission: "dropOwn",
  options: [],
  run: async ({ ctx }, number) => {
    const reopened = await reopenCommit(ctx, number);
    if (!reopened.ok) return refuse(reopened.reason);
    return say(
      `Reopened commit *#${number}*: ${plural(reopened.value.changeCount, "change")} staged again. \`/cv staged\` lists them.`,
    );
  },
});
