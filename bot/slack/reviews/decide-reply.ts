/** What whoever decided on a commit reads, by command, button or form. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Decided } from "../../../shared/use-cases/reviews/decide-commit.ts";
import type { Withdrawn } from "../../../shared/use-cases/reviews/withdraw-approval.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { diffButton } from "../components/commit-buttons.ts";
import { quoted } from "../blocks/text.ts";
import { type Reply, say } from "../core/reply.ts";

/** Advises what the person can do now, and nothing else. */
export const approvedReply = (number: number, { missing, next }: Pick<Decided, "missing" | "next">): Reply => {
  if (missing > 0)
    return say(`Your approval of commit *#${number}* counts; it needs ${plural(missing, "more approval")}.`);
  const approved = `Approved commit *#${number}*.`;
  switch (next) {
    case "push":
      return say(
        `${approved} \`/cv push ${number} all\` applies it.`,
        commandButton("do", "Push to all", `push ${number} all`, { style: "primary" }),
        diffButton(number),
      );
    case "retry":
      return say(
        `${approved} \`/cv retry ${number}\` sends it again where its push has failed.`,
        commandButton("do", "Retry", `retry ${number}`, { style: "primary" }),
        diffButton(number),
      );
    default:
      return say(approved, diffButton(number));
  }
};

export const withdrawnReply = ({ commit: { number }, missing }: Withdrawn): Reply =>
  say(
    `You have withdrawn your approval of commit *#${number}*. ${missing > 0 ? `It needs ${plural(missing, "more approval")}.` : "It has enough approvals without it."}`,
  );

export const rejectedReply = (number: number, reason: string | null): Reply =>
  say(`Rejected commit *#${number}*${reason ? `: ${quoted(reason, 1000)}` : ""}.`);
