/** `/cv` alone: what needs the person who asks, with a button for each. */
import type { KnownBlock } from "@slack/types";
import { includes } from "../../../shared/domain/workspace/roles.ts";
import { type NeedsList, listNeeds } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { context, header, section } from "../blocks/blocks.ts";
import { outageNotes } from "../pushes/outage-card.ts";
import { moreSections, startRow } from "./more-menu.ts";
import { needBlocks, needWords, underWayBlocks, waitingBlocks } from "./action-item-blocks.ts";
import { anyOf, plural } from "../blocks/text.ts";
import { type Command, type Reply, refuse } from "../core/commands/command.ts";

/** A message holds about 9,500 characters: five buttons are a thousand, a line is 300. */
const most = { needs: 5, onTheWay: 3, waiting: 4 } as const;

/** Stands for no word at all, so it is in no list of commands. */
export const needs: Command = {
  name: "",
  usage: "",
  summary: "Shows what needs you, with a button for each.",
  examples: ["/cv"],
  role: "viewer",
  options: [],
  run: async ({ ctx }) => {
    const listed = await listNeeds(ctx);
    return listed.ok ? needsReply(listed.value) : refuse(listed.reason);
  },
};

export const needsReply = (list: NeedsList): Reply => {
  const { session, onTheWay, waiting } = list;
  const { role, workspace } = session;
  const nothing = list.needs.length === 0;
  const hasStaged = list.needs.some(({ kind }) => kind === "commit");
  return {
    text: `${nothing ? "Nothing needs you now" : `${plural(list.needs.length, "thing")} to do: ${list.needs.slice(0, 20).map(needWords).join(", ")}`}. ${onTheWay.length} on the way, ${waiting.length} waiting for others.`,
    blocks: [
      ...(list.isNew ? welcome(list) : headed(list)),
      ...outageNotes(list.down),
      ...needBlocks(list.needs, workspace.mode, most.needs),
      ...(onTheWay.length > 0 ? [section("*On the way*"), ...underWayBlocks(onTheWay, most.onTheWay)] : []),
      ...(waiting.length > 0 ? [section("*Waiting for others*"), ...waitingBlocks(waiting, most.waiting)] : []),
      ...startRow(role, { hasStaged, primary: nothing }),
      ...moreSections(role),
    ],
    again: "",
  };
};

const headed = ({ needs: list, session: { role } }: NeedsList): KnownBlock[] => [
  header(list.length === 0 ? "Nothing needs you now" : "What needs you"),
  ...(list.length > 0
    ? []
    : [
        section(
          includes(role, "editor") ? "You could stage the next change, or look around." : "You could look around.",
        ),
      ]),
];

const welcome = ({ session: { role, members } }: NeedsList): KnownBlock[] => {
  const admins = members.filter((member) => member.role === "admin").map(({ userId }) => userId);
  return [
    header("Welcome to CV Ops"),
    section(
      [
        "1. Stage a change to the portfolio: nothing is touched by that.",
        "2. Commit what you have staged, and somebody approves it.",
        "3. Push it: its thread shows how it goes, until it is verified live.",
      ].join("\n"),
    ),
    ...(includes(role, "editor")
      ? []
      : [context(`You may look at everything. To stage changes, ask ${anyOf(admins)} for the role of editor.`)]),
  ];
};
