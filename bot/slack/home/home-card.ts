/** A person's Home: the same as `/cv` says, published anew with every change. Pure. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { HomeView, KnownBlock } from "@slack/types";
import type { Change } from "../../../shared/domain/staging/change.ts";
import type { ActionItemList } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { moment, quoted } from "../blocks/text.ts";
import { blocksOf, context, header, lines, listSections } from "../blocks/blocks.ts";
import { changeLine, noteLine, stagedButtons, summarized } from "../components/change-lines.ts";
import { datedEventLine } from "../components/event-lines.ts";
import { listRow } from "../core/buttons/row-menu.ts";
import { moreSections, startRow } from "../components/menus.ts";
import { outageNotes } from "../components/outage-notes.ts";
import { moreLine, actionItemBlocks, underWayBlocks, waitingBlocks } from "../components/action-items.ts";

export interface HomeState extends ActionItemList {
  readerId: string;
  /** When it is drawn, milliseconds since the epoch. */
  nowMs: number;
}

/** A view holds 100 blocks, one for each of these. */
const max = { actionItems: 10, staged: 8, waiting: 10, onTheWay: 8 } as const;

export const homeView = (state: HomeState): HomeView => {
  const { session, onTheWay, waiting } = state;
  const { role, workspace } = session;
  const own = state.staged.filter(({ createdBy }) => createdBy === state.readerId);
  // What is staged has a part of its own below.
  const actionItems = state.actionItems.filter(({ kind }) => kind !== "commit");
  return {
    type: "home",
    blocks: blocksOf(
      header(actionItems.length === 0 ? "No action items" : "Action items"),
      outageNotes(state.down),
      actionItemBlocks(actionItems, workspace.mode, max.actionItems),
      startRow(role, { hasStaged: own.length > 0, primary: actionItems.length === 0 }),
      own.length > 0 && [header(`${plural(own.length, "staged change")} of yours`), ...stagedBlocks(own)],
      onTheWay.length > 0 && [header("On the way"), ...underWayBlocks(onTheWay, max.onTheWay)],
      waiting.length > 0 && [header("Waiting for others"), ...waitingBlocks(waiting, max.waiting)],
      state.events.length > 0 && [
        header("What happened last"),
        ...listSections(state.events.map(datedEventLine), 5000),
      ],
      { type: "divider" },
      moreSections(role),
      context(
        `Your role here is *${role}*  ·  ${quoted(workspace.mode)} mode  ·  updated ${moment(new Date(state.nowMs).toISOString())}`,
      ),
    ),
  };
};

const stagedBlocks = (own: readonly Change[]): KnownBlock[] => [
  ...own
    .slice(0, max.staged)
    .map((change) =>
      listRow(
        lines(`*${change.number}*  ${changeLine(summarized(change, own))}`, noteLine(change)),
        stagedButtons(change),
      ),
    ),
  ...moreLine(own.length - max.staged, "staged"),
];
