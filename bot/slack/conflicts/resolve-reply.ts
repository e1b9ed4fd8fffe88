/** What whoever resolved conflicts reads, by command, by button or by form. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { ConflictsResolved } from "../../../shared/use-cases/commits/write-resolved.ts";
import { actions, blocksOf, context, present, section } from "../blocks/blocks.ts";
import { conflictBlocks, conflictButtons } from "../core/conflict-blocks.ts";
import { showButton, whyButton } from "../components/commit-buttons.ts";
import type { Reply } from "../core/reply.ts";

export const resolvedReply = ({ commit, decided, left, discarded, voided }: ConflictsResolved): Reply => {
  const { number, review } = commit;
  const isOver = review === "dropped";
  const line = `:white_check_mark: Resolved ${plural(decided, "conflict")} in commit *#${number}*.`;
  const notes = present<string>([
    isOver && "Nothing is left of it, so it was dropped.",
    !isOver &&
      discarded.length > 0 &&
      `Nothing is left of ${plural(discarded.length, "change")} in it (${discarded.join(", ")}).`,
    voided && "Its content is another one now, so it needs approval again.",
    !isOver &&
      !voided &&
      review === "approved" &&
      left.length === 0 &&
      "Its content is the same, so it stays approved.",
  ]);
  return {
    text: [line, ...notes].join(" "),
    blocks: blocksOf(
      section(line),
      notes.length > 0 && context(notes.join(" ")),
      left.length > 0 && context("Still in conflict:"),
      conflictBlocks(left, left.length),
      actions(...conflictButtons(number, left, null), showButton(number), !isOver && whyButton(number)),
    ),
  };
};
