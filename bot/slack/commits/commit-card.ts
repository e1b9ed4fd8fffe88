import { plural } from "../../../shared/messages/en/grammar.ts";
import type { KnownBlock } from "@slack/types";
import type { Commit } from "../../../shared/domain/commits/commit.ts";
import { mention, moment, quoted } from "../blocks/text.ts";
import { type Message, actions, blocksOf, context, fit, listSections, section, unformatted } from "../blocks/blocks.ts";
import { changeLine, changeText } from "../components/change-lines.ts";
import { commitButtons } from "./card-buttons.ts";
import { statusLine, statusText } from "./commit-status.ts";
import { diffTable } from "./diff/diff-table.ts";
import { targetChanges } from "./diff/row-diff.ts";
import type { CommitCardState } from "./card-state.ts";

/** The card on which a commit is reviewed, and from which it is pushed: field by field where that is not too much. */
export const commitCard = (state: CommitCardState): Message => {
  const names = state.targets.map(({ target }) => target);
  const table = diffTable(targetChanges(state.changes, names));
  return table ? card(state, [table]) : commitCardFallback(state);
};

/** One line a change: for many of them, and for a Slack that does not take a table. */
export const commitCardFallback = (state: CommitCardState): Message =>
  card(state, listSections(state.changes.map(changeLine), 4000));

const card = (state: CommitCardState, changes: KnownBlock[]): Message => {
  const { commit, targets } = state;
  const where = targets.map(({ target }) => target).join(", ");
  const buttons = commitButtons(state);
  const blocks = blocksOf(
    section(`*Commit #${commit.number}*  ${quoted(commit.message, 500)}`),
    context(
      `${byLine(commit)}  ·  ${plural(state.changes.length, "change")} to ${quoted(where)}  ·  ${moment(commit.createdAt)}  ·  \`${commit.hash.slice(0, 7)}\``,
    ),
    changes,
    context(statusLine(state)),
    buttons.length > 0 && actions(...buttons),
  );
  return fit({ text: spoken(state), blocks });
};

/** Everybody whose input is in it: who reads the card knows who may not approve it. */
export const byLine = ({ createdBy, contributors }: Commit): string => {
  const others = contributors.filter((userId) => userId !== createdBy);
  return `By ${mention(createdBy)}${others.length > 0 ? `, edited by ${others.map(mention).join(", ")}` : ""}`;
};

const maxSpoken = 3;

/** What a notification and a screen reader say. */
const spoken = (state: CommitCardState): string => {
  const { commit, changes } = state;
  const left = changes.length - maxSpoken;
  const what = changes.slice(0, maxSpoken).map(changeText);
  const list = [...what, ...(left > 0 ? [`and ${left} more`] : [])].join("; ");
  return `Commit #${commit.number}: ${unformatted(quoted(commit.message))}. ${statusText(state)} ${unformatted(list)}`.trim();
};
