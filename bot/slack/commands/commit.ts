import { createCommit } from "../../../shared/verbs/create-commit.ts";
import { context, section } from "../cards/blocks.ts";
import { anyOf, plural, quoted } from "../text.ts";
import { type Command, refuse } from "./command.ts";

export const commit: Command = {
  name: "commit",
  usage: '-m "message" [--draft]',
  summary: "Groups your staged changes into a commit and asks for its review.",
  examples: ['/cv commit -m "Skill updates"', '/cv commit -m "Not finished" --draft'],
  role: "editor",
  options: [{ name: "message", short: "m", value: "a message in quotes" }, { name: "draft" }],
  run: async ({ ctx, args, channelId, announce }) => {
    const typed = args.options["message"];
    // `/cv commit Skill updates` means the same as with -m.
    const message = typeof typed === "string" ? [typed, ...args.positionals].join(" ") : args.positionals.join(" ");
    const created = await createCommit(ctx, { message, draft: args.options["draft"] === true, channelId });
    if (!created.ok) return refuse(created.reason);
    announce(ctx.workspaceId);

    const { commit: made, changeCount, targets, reviewers } = created.value;
    const line = `Commit *#${made.number}*  ${quoted(made.message)}: ${plural(changeCount, "change")} to ${targets.map((name) => quoted(name)).join(" and ")}.`;
    const next =
      made.review === "draft"
        ? `It is a draft. \`/cv review ${made.number}\` asks for review.`
        : reviewers.length === 0
          ? ":warning: Nobody can approve it: an admin has to make somebody else an approver, or choose `/cv settings mode solo`."
          : `It waits for approval by ${anyOf(reviewers)}; its card is in the channel.`;
    return { text: `${line} ${next}`, blocks: [section(line), context(next)] };
  },
};
