import { approveCommit, checkReject, rejectCommit } from "../../../shared/use-cases/reviews/decide-commit.ts";
import { rejectView } from "./reject-modal.ts";
import { answer } from "../core/reply.ts";
import { numbered } from "../core/commands/numbered.ts";
import { approvedReply, rejectedReply } from "./decide-reply.ts";

export const approve = numbered({
  name: "approve",
  usage: "#commit",
  summary: "Approves a commit of somebody else.",
  examples: ["/cv approve 1"],
  permission: "approve",
  run: ({ ctx }, number) =>
    answer(approveCommit(ctx, { number, seenHash: null }), (decided) => approvedReply(number, decided)),
});

export const reject = numbered({
  name: "reject",
  usage: "#commit [reason]",
  summary: "Rejects a commit; its author can reopen or drop it. Without a reason, a form asks for it.",
  examples: ["/cv reject 1 Python is 7 years, not 8"],
  permission: "reject",
  run: async ({ ctx }, number, rest) => {
    const reason = rest.join(" ").trim() || null;
    return reason === null
      ? answer(checkReject(ctx, { number, seenHash: null }), (commit) => rejectView(commit, commit.hash))
      : answer(rejectCommit(ctx, { number, seenHash: null, reason }), () => rejectedReply(number, reason));
  },
});
