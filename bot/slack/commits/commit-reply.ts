/** What whoever made a commit reads, by command or by form. */
import { cancelledMessage, sizeText } from "../../../shared/messages/en/commits.ts";
import type { Refusal } from "../../../shared/contract/refusals.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { type Reply, refuse } from "../core/reply.ts";
import { overlapLines } from "../components/overlap-lines.ts";
import { type Created, overlapsOfCreated } from "../../../shared/use-cases/commits/create-commit.ts";
import { actions, context, section } from "../blocks/blocks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { anyOf, quoted } from "../blocks/text.ts";
import { commitTitle } from "../components/commit-lines.ts";

/** Asks first where others have edited what goes in; the button says the same command again, confirmed. */
export const uncommittedReply = (refusal: Refusal, commandAgain: string): Reply => {
  if (refusal.code !== "edited_by_others") return refuse(refusal);
  const command = `${commandAgain} --accept-edits ${refusal.seen}`;
  const reply = refuse(refusal);
  // Slack takes 2,000 characters as a button's value.
  if (command.length > 1900) return reply;
  return { ...reply, blocks: [...reply.blocks, actions(commandButton("do", "Commit it as it is now", command))] };
};

/** @param place where its card goes */
export const committedReply = (created: Created, place: string): Reply => {
  const { commit: made, changeCount, rowCount, cancelled, targets, reviewers } = created;
  const line = `${commitTitle(made)}  ·  ${sizeText(rowCount, changeCount)} to ${targets.map((name) => quoted(name)).join(" and ")}.`;
  const notes = cancelled.map((row) => mrkdwn(cancelledMessage(row)));
  const next =
    made.review === "draft"
      ? `It is a draft. \`/cv review ${made.number}\` asks for review.`
      : reviewers.length === 0
        ? ":warning: Nobody can approve it: an admin has to make somebody else an approver, or choose `/cv settings mode solo`."
        : `It needs approval by ${anyOf(reviewers)}. ${place}`;
  return {
    text: [line, ...notes.slice(0, 3), next].join(" "),
    blocks: [section(line), context(...notes.slice(0, 5), ...overlapLines(overlapsOfCreated(created)), next)],
  };
};
