import { type ReviewRequested, requestReview } from "../../../shared/use-cases/reviews/request-review.ts";
import { present } from "../blocks/blocks.ts";
import { anyOf, mention } from "../blocks/text.ts";
import { cardPlaceText } from "../components/card-place.ts";
import { refuse, say } from "../core/reply.ts";
import { numbered } from "../core/commands/numbered.ts";
import { notAPerson, personOf } from "../core/commands/person.ts";

export const review = numbered({
  name: "review",
  namesIds: true,
  usage: "#commit [@reviewer…]",
  summary: "Asks for the review of a draft, or once more for that of a waiting commit; whoever you name gets its card.",
  examples: ["/cv review 1", "/cv review 1 @priya"],
  permission: "requestReview",
  run: async ({ ctx, channelId }, number, rest) => {
    const stranger = rest.find((word) => personOf(word) === null);
    if (stranger !== undefined) return notAPerson(stranger);
    const requested = await requestReview(ctx, { number, channelId, reviewers: rest });
    if (!requested.ok) return refuse(requested.reason);
    const { asked, channelId: place } = requested.value;
    const isPosted = place !== null || asked.length === 0;
    return say(requestedText(number, requested.value, isPosted ? await cardPlaceText(ctx, place) : null));
  },
});

const requestedText = (
  number: number,
  { reviewers, asked, again, channelId }: ReviewRequested,
  place: string | null,
): string => {
  const card = present([
    place,
    again && channelId !== null && "It is posted once more.",
    asked.length > 0 &&
      `${asked.map(mention).join(" and ")} ${asked.length > 1 ? "get" : "gets"} it as a direct message.`,
  ]).join(" ");
  return reviewers.length === 0
    ? `Commit *#${number}* needs an approval that nobody can give: an admin has to make somebody else an approver, or choose \`/cv settings mode solo\`. ${card}`
    : `Commit *#${number}* needs approval by ${anyOf(reviewers)}. ${card}`;
};
