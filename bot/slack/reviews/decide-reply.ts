/** What whoever decided on a commit reads, by command, button or form. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Withdrawn } from "../../../shared/use-cases/reviews/withdraw-approval.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { diffButton } from "../components/commit-buttons.ts";
import { quoted } from "../blocks/text.ts";
import { type Reply, say } from "../core/reply.ts";

export const approvedReply = (number: number, missing: number): Reply => {
  if (missing > 0)
    return say(`Your approval of commit *#${number}* counts; it needs ${plural(missing, "more approval")}.`);
  return say(
    `Approved commit *#${number}*. \`/cv push ${number} all\` applies it.`,
    commandButton("do", "Push to all", `push ${number} all`, { style: "primary" }),
    diffButton(number),
  );
};

export const withdrawnReply = ({ commit: { number }, missing }: Withdrawn): Reply =>
  say(
    `You have withdrawn your approval of commit *#${number}*. ${missing > 0 ? `It needs ${plural(missing, "more approval")}.` : "It has enough approvals without it."}`,
  );

export const rejectedReply = (number: number, reason: string | null): Reply =>
  say(`Rejected commit *#${number}*${reason ? `: ${quoted(reason, 1000)}` : ""}.`);
