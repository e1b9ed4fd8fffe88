import { requestReview } from "../../../shared/verbs/request-review.ts";
import { anyOf } from "../text.ts";
import { refuse, say } from "./command.ts";
import { numbered } from "./numbered.ts";

export const review = numbered({
  name: "review",
  usage: "#commit",
  summary: "Asks for the review of a draft, or posts the card of a waiting commit once more.",
  examples: ["/cv review 1"],
  role: "editor",
  options: [],
  run: async ({ ctx, channelId, announce }, number) => {
    const requested = await requestReview(ctx, { number, channelId });
    if (!requested.ok) return refuse(requested.reason);
    announce(ctx.workspaceId);
    const { reviewers, again } = requested.value;
    const card = `Its card is in the channel${again ? " once more" : ""}.`;
    return say(
      reviewers.length === 0
        ? `Commit *#${number}* waits for approval, which nobody can give: an admin has to make somebody else an approver, or choose \`/cv settings mode solo\`. ${card}`
        : `Commit *#${number}* waits for approval by ${anyOf(reviewers)}. ${card}`,
    );
  },
});
