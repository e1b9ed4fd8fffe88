import { withdrawApproval } from "../../../shared/use-cases/reviews/withdraw-approval.ts";
import { withdrawnReply } from "./decide-reply.ts";
import { answer } from "../core/reply.ts";
import { numbered } from "../core/commands/numbered.ts";

export const withdraw = numbered({
  name: "withdraw",
  usage: "#commit",
  summary: "Withdraws your approval of a commit, until a push of it has begun.",
  examples: ["/cv withdraw 1"],
  permission: "approve",
  run: ({ ctx }, number) => answer(withdrawApproval(ctx, number), withdrawnReply),
});
