/** `/cv` alone: what needs the person who asks, with a button for each. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { KnownBlock } from "@slack/types";
import { type Reply, answer } from "../core/reply.ts";
import { includes } from "../../../shared/domain/workspace/roles.ts";
import { type ActionItemList, listActionItems } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { blocksOf, context, header, lines, section } from "../blocks/blocks.ts";
import { outageNotes } from "../components/outage-notes.ts";
import { moreSections, startRow } from "../components/menus.ts";
import { actionItemBlocks, actionItemText, underWayBlocks, waitingBlocks } from "../components/action-items.ts";
import { anyOf } from "../blocks/text.ts";
import type { Command } from "../core/commands/command.ts";

/** A message holds about 9,500 characters: five buttons are a thousand, a line is 300. */
const max = { actionItems: 5, onTheWay: 3, waiting: 4 } as const;

/** Stands for no word at all, so it is in no list of commands. */
export const actionItems: Command = {
  name: "",
  usage: "",
  summary: "Shows your action items, with a button for each.",
  examples: ["/cv"],
  permission: "read",
  run: ({ ctx }) => answer(listActionItems(ctx), actionItemsReply),
};

export const actionItemsReply = (list: ActionItemList): Reply => {
  const { session, onTheWay, waiting } = list;
  const { role, workspace } = session;
  const nothing = list.actionItems.length === 0;
  const hasStaged = list.actionItems.some(({ kind }) => kind === "commit");
  return {
    text: `${nothing ? "No action items" : `${plural(list.actionItems.length, "thing")} to do: ${list.actionItems.slice(0, 20).map(actionItemText).join(", ")}`}. ${onTheWay.length} on the way, ${waiting.length} waiting for others.`,
    blocks: blocksOf(
      list.isNew ? welcome(list) : headed(list),
      outageNotes(list.down),
      actionItemBlocks(list.actionItems, workspace.mode, max.actionItems),
      onTheWay.length > 0 && [section("*On the way*"), ...underWayBlocks(onTheWay, max.onTheWay)],
      waiting.length > 0 && [section("*Waiting for others*"), ...waitingBlocks(waiting, max.waiting)],
      startRow(role, { hasStaged, primary: nothing }),
      moreSections(role),
    ),
    again: "",
  };
};

const headed = ({ actionItems: list, session: { role } }: ActionItemList): KnownBlock[] =>
  list.length > 0
    ? [header("Action items")]
    : [
        header("No action items"),
        section(
          includes(role, "editor") ? "You could stage the next change, or look around." : "You could look around.",
        ),
      ];

const welcome = ({ session: { role, members } }: ActionItemList): KnownBlock[] => {
  const admins = members.filter((member) => member.role === "admin").map(({ userId }) => userId);
  return blocksOf(
    header("Welcome to CV Ops"),
    section(
      lines(
        "1. Stage a change to the portfolio: nothing is touched by that.",
        "2. Commit what you have staged, and somebody approves it.",
        "3. Push it: its thread shows how it goes, until it is verified live.",
      ),
    ),
    !includes(role, "editor") &&
      context(`You may look at everything. To stage changes, ask ${anyOf(admins)} for the role of editor.`),
  );
};
