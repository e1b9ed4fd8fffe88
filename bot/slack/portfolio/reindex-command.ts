import { plural } from "../../../shared/messages/en/grammar.ts";
import { type Reindexed, reindexTargets } from "../../../shared/use-cases/portfolio/reindex-targets.ts";
import { answer, say } from "../core/reply.ts";
import { code, quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";

export const reindex: Command = {
  name: "reindex",
  usage: "[all|<target>]",
  summary: "Brings every row into the targets' search indexes again.",
  examples: ["/cv reindex", "/cv reindex all"],
  permission: "reindex",
  run: async ({ ctx, args }) => {
    const [target = null, ...tooMany] = args.positionals;
    if (tooMany.length > 0)
      return usageOf(reindex, `${code(tooMany.join(" "), 60)} is too much: name one target, or none for all.`);
    return answer(reindexTargets(ctx, { target }), (reindexed) => say(begunText(reindexed)));
  },
};

const begunText = ({ begun, without, failed }: Reindexed): string =>
  [
    ...begun.map(
      ({ target, rows }) =>
        `${quoted(target)} has begun to index ${plural(rows, "row")} again. \`/cv verify\` shows how far it is.`,
    ),
    ...without.map((target) => `${quoted(target)} has no index to rebuild.`),
    ...failed.map(
      ({ target, message }) =>
        `:warning: ${quoted(target)} ${quoted(message).replace(/\.$/, "")}. \`/cv reindex ${quoted(target, 80)}\` asks it again.`,
    ),
  ].join("\n");
