import { approveCommit, checkReject, rejectCommit } from "../../../shared/use-cases/reviews/decide-commit.ts";
import { commandButton } from "../buttons/command-button.ts";
import { actions } from "../blocks/blocks.ts";
import { rejectView } from "./reject-modal.ts";
import { plural, quoted } from "../blocks/text.ts";
import { type Reply, refuse, say } from "../core/reply.ts";
import { numbered } from "../core/commands/numbered.ts";

export const approve = numbered({
  name: "approve",
  usage: "#commit",
  summary: "Approves a commit of somebody else.",
  examples: ["/cv approve 1"],
  role: "approver",
  options: [],
  run: async ({ ctx, announce }, number) => {
    const decided = await approveCommit(ctx, { number, seenHash: null });
    if (!decided.ok) return refuse(decided.reason);
    announce(ctx.workspaceId);
    return approvedReply(number, decided.value.missing);
  },
});

export const approvedReply = (number: number, missing: number): Reply => {
  if (missing > 0)
    return say(`Your approval of commit *#${number}* counts; it needs ${plural(missing, "more approval")}.`);
  const { text, blocks } = say(`Approved commit *#${number}*. \`/cv push ${number} all\` applies it.`);
  const toAll = commandButton("do", "Push to all", `push ${number} all`, { style: "primary" });
  return { text, blocks: [...blocks, actions(toAll, commandButton("go", "Details", `diff ${number}`))] };
};

export const reject = numbered({
  name: "reject",
  usage: "#commit [reason]",
  summary: "Rejects a commit; its author can reopen or drop it. Without a reason, a form asks for it.",
  examples: ["/cv reject 1 Python is 7 years, not 8"],
  role: "approver",
  options: [],
  run: async ({ ctx, announce, openModal }, number, rest) => {
    const reason = rest.join(" ").trim().slice(0, 1000) || null;
    if (reason === null) {
      const checked = await checkReject(ctx, { number, seenHash: null });
      if (!checked.ok) return refuse(checked.reason);
      await openModal(rejectView(checked.value, checked.value.hash));
      return null;
    }
    const decided = await rejectCommit(ctx, { number, seenHash: null, reason });
    if (!decided.ok) return refuse(decided.reason);
    announce(ctx.workspaceId);
    return rejectedReply(number, reason);
  },
});

export const rejectedReply = (number: number, reason: string | null): Reply =>
  say(`Rejected commit *#${number}*${reason ? `: ${quoted(reason, 1000)}` : ""}.`);
