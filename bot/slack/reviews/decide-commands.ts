import { firstOf } from "../../../shared/domain/text.ts";
import { approveCommit, checkReject, rejectCommit } from "../../../shared/use-cases/reviews/decide-commit.ts";
import { rejectView } from "./reject-modal.ts";
import { refuse } from "../core/reply.ts";
import { numbered } from "../core/commands/numbered.ts";
import { approvedReply, rejectedReply } from "./decide-reply.ts";

export const approve = numbered({
  name: "approve",
  usage: "#commit",
  summary: "Approves a commit of somebody else.",
  examples: ["/cv approve 1"],
  permission: "approve",
  options: [],
  run: async ({ ctx }, number) => {
    const decided = await approveCommit(ctx, { number, seenHash: null });
    if (!decided.ok) return refuse(decided.reason);
    return approvedReply(number, decided.value.missing);
  },
});

export const reject = numbered({
  name: "reject",
  usage: "#commit [reason]",
  summary: "Rejects a commit; its author can reopen or drop it. Without a reason, a form asks for it.",
  examples: ["/cv reject 1 Python is 7 years, not 8"],
  permission: "reject",
  options: [],
  run: async ({ ctx, openModal }, number, rest) => {
    const reason = firstOf(rest.join(" ").trim(), 1000) || null;
    if (reason === null) {
      const checked = await checkReject(ctx, { number, seenHash: null });
      if (!checked.ok) return refuse(checked.reason);
      await openModal(rejectView(checked.value, checked.value.hash));
      return null;
    }
    const decided = await rejectCommit(ctx, { number, seenHash: null, reason });
    if (!decided.ok) return refuse(decided.reason);
    return rejectedReply(number, reason);
  },
});
