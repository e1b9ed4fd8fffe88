import type { KnownBlock } from "@slack/types";
import type { Commit } from "../../../shared/domain/commits/commit.ts";
import {
  type NetOperation,
  cancelledRows,
  netOperations,
  rowCount,
} from "../../../shared/domain/staging/net-operations.ts";
import { effectOf, operationCounts } from "../../../shared/domain/staging/summary.ts";
import { cancelledMessage, sizeText } from "../../../shared/messages/en/commits.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { mention, moment, quoted } from "../blocks/text.ts";
import { type Message, actions, blocksOf, context, fit, section, unformatted } from "../blocks/blocks.ts";
import { maxListed, operationSections, spokenOperation } from "../components/change-lines.ts";
import { overlapLines } from "../components/overlap-lines.ts";
import { authorSections, commitWords, conflictSections } from "../components/commit-lines.ts";
import { commitButtons } from "./card-buttons.ts";
import { statusLine, statusText } from "./commit-status.ts";
import { diffDataTable, diffTable } from "./diff/diff-table.ts";
import { groupsOf } from "./diff/row-diff.ts";
import type { CommitCardState } from "./card-state.ts";

/**
 * The card on which a commit is reviewed, and from which it is pushed: field by field where that is not too much. What
 * it says the commit does comes from the operations that are applied; what the author wrote is quoted below.
 */
export const commitCard = (state: CommitCardState): Message => {
  const net = operationsOf(state);
  const caption = `What commit #${state.commit.number} changes`;
  const table = net.length > maxListed ? null : diffDataTable(groupsOf(net), caption);
  return table ? card(state, net, [table]) : listCard(state, net);
};

/** For a Slack that does not take the card: the older kind of table, and one line an operation. */
export const commitCardFallbacks = (state: CommitCardState): Message[] => {
  const net = operationsOf(state);
  const table = net.length > maxListed ? null : diffTable(groupsOf(net));
  return [...(table ? [card(state, net, [table])] : []), listCard(state, net)];
};

const listCard = (state: CommitCardState, net: readonly NetOperation[]): Message =>
  card(state, net, operationSections(net, targetsOf(state)));

const targetsOf = ({ targets }: CommitCardState): string[] => targets.map(({ target }) => target);

const operationsOf = (state: CommitCardState) => netOperations(state.changes, targetsOf(state));

const card = (state: CommitCardState, net: readonly NetOperation[], operations: KnownBlock[]): Message => {
  const { commit, changes } = state;
  // Nobody decides on what cannot be shown.
  const buttons = changes.length === 0 ? [] : commitButtons(state, effectOf(net));
  const cancelled = cancelledRows(changes, net);
  const overlaps = overlapLines(state.overlaps, net);
  const blocks = blocksOf(
    section(`*Commit #${commit.number}*  ${quoted(operationCounts(net) || unknownEffect, 500)}`),
    context(
      `${byLine(commit)}  ·  ${sizeText(rowCount(net), changes.length)} to ${quoted(targetsOf(state).join(", "))}  ·  ${moment(commit.createdAt)}  ·  \`${commit.hash.slice(0, 7)}\``,
    ),
    operations,
    cancelled.length > 0 && context(...cancelled.slice(0, 10).map((row) => mrkdwn(cancelledMessage(row)))),
    authorSections(commit, changes),
    conflictSections(commit, state.targets),
    overlaps.length > 0 && context(...overlaps),
    context(statusLine(state)),
    buttons.length > 0 && actions(...buttons),
  );
  return fit({ text: spoken(state, net), blocks });
};

/** Everybody whose input is in it: who reads the card knows who may not approve it. */
export const byLine = ({ createdBy, contributors }: Commit): string => {
  const others = contributors.filter((userId) => userId !== createdBy);
  return `By ${mention(createdBy)}${others.length > 0 ? `, edited by ${others.map(mention).join(", ")}` : ""}`;
};

/** Of a commit whose changes cannot be read. */
const unknownEffect = "what it does cannot be read";

const maxSpoken = 3;

/** What a notification and a screen reader say. */
const spoken = (state: CommitCardState, net: readonly NetOperation[]): string => {
  const { commit } = state;
  const targets = targetsOf(state);
  const left = net.length - maxSpoken;
  const what = net.slice(0, maxSpoken).map((operation) => spokenOperation(operation, targets));
  const list = [...what, ...(left > 0 ? [`and ${left} more`] : [])].join("; ");
  return `Commit #${commit.number}: ${operationCounts(net) || unknownEffect}. ${statusText(state)} ${unformatted(list)}. ${commitWords(commit)}`;
};
