import { requestReview } from "../../../shared/use-cases/reviews/request-review.ts";
import { anyOf, mention } from "../blocks/text.ts";
import { refuse, say } from "../core/reply.ts";
import { numbered } from "../core/commands/numbered.ts";
import { notAPerson, personOf } from "../core/commands/person.ts";

export const review = numbered({
  name: "review",
  usage: "#commit [@reviewer…]",
  summary: "Asks for the review of a draft, or once more for that of a waiting commit; whoever you name gets its card.",
  examples: ["/cv review 1", "/cv review 1 @priya"],
  permission: "requestReview",
  options: [],
  run: async ({ ctx, channelId }, number, rest) => {
    const stranger = rest.find((word) => personOf(word) === null);
    if (stranger !== undefined) return notAPerson(stranger);
    const requested = await requestReview(ctx, { number, channelId, reviewers: rest });
    if (!requested.ok) return refuse(requested.reason);
    const { reviewers, asked, again, channelId: postedTo } = requested.value;
    const card = [
      ...(postedTo === null ? [] : [`Its card is in the channel${again ? " once more" : ""}.`]),
      ...(asked.length === 0 ? [] : [`${asked.map(mention).join(" and ")} got it as a direct message.`]),
      ...(postedTo === null && asked.length === 0 ? ["They have its card as a direct message."] : []),
    ].join(" ");
    return say(
      reviewers.length === 0
        ? `Commit *#${number}* needs an approval that nobody can give: an admin has to make somebody else an approver, or choose \`/cv settings mode solo\`. ${card}`
        : `Commit *#${number}* needs approval by ${anyOf(reviewers)}. ${card}`,
    );
  },
});
