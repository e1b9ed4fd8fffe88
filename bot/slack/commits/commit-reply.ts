/** What whoever made a commit reads, by command or by form. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Reply } from "../core/reply.ts";
import type { Created } from "../../../shared/use-cases/commits/create-commit.ts";
import { context, section } from "../blocks/blocks.ts";
import { anyOf, quoted } from "../blocks/text.ts";

export const committedReply = ({ commit: made, changeCount, targets, reviewers, channelId }: Created): Reply => {
  const line = `Commit *#${made.number}*  ${quoted(made.message)}: ${plural(changeCount, "change")} to ${targets.map((name) => quoted(name)).join(" and ")}.`;
  const next =
    made.review === "draft"
      ? `It is a draft. \`/cv review ${made.number}\` asks for review.`
      : reviewers.length === 0
        ? ":warning: Nobody can approve it: an admin has to make somebody else an approver, or choose `/cv settings mode solo`."
        : `It needs approval by ${anyOf(reviewers)}; ${channelId === null ? "they have its card as a direct message" : "its card is in the channel"}.`;
  return { text: `${line} ${next}`, blocks: [section(line), context(next)] };
};
