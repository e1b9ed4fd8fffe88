import { plural } from "../../../shared/messages/en/grammar.ts";
import type { KnownBlock } from "@slack/types";
import { type Reply, answer } from "../core/reply.ts";
import type { Change } from "../../../shared/domain/staging/change.ts";
import { includes, may } from "../../../shared/domain/workspace/roles.ts";
import { type StagedList, listStaged } from "../../../shared/use-cases/staging/list-staged.ts";
import { nameOf } from "../../../shared/domain/staging/summary.ts";
import { overlapLines } from "../components/overlap-lines.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { listRow } from "../core/buttons/row-menu.ts";
import { actions, blocksOf, context, header, lines } from "../blocks/blocks.ts";
import { changeLine, noteLine, stagedButtons, summarized } from "../components/change-lines.ts";
import { lineLength } from "../components/action-items.ts";
import { clipMarkup, mention, quoted } from "../blocks/text.ts";
import type { Command } from "../core/commands/command.ts";
import { turnPages } from "../core/commands/page-buttons.ts";

export const staged: Command = {
  name: "staged",
  usage: "[--page <number>]",
  summary: "Lists the staged changes, yours and others', to edit or unstage.",
  examples: ["/cv staged", "/cv staged --page 2"],
  permission: "read",
  options: [{ name: "page", value: "the number of a page", isNumber: true }],
  run: ({ ctx, args }) => answer(listStaged(ctx), (listed) => stagedList(listed, ctx.actor.id, args.numbers["page"])),
};

/** Each takes two blocks and about 700 characters, of Slack's 50 and 10,000. */
const perPage = 10;

/** The reader's own changes come first. A page that is not there any more is the last one. */
const stagedList = ({ changes, overlaps, session }: StagedList, readerId: string, asked: number | undefined): Reply => {
  const { role } = session;
  const own = changes.filter(({ createdBy }) => createdBy === readerId);
  const others = changes.filter(({ createdBy }) => createdBy !== readerId);
  const count = Math.max(1, Math.ceil(changes.length / perPage));
  const { index, again, where, buttons } = turnPages("staged", asked, count);
  const shown = [...own, ...others].slice(index * perPage, (index + 1) * perPage);
  const mayTouch = ({ createdBy }: Change): boolean => may(role, createdBy === readerId ? "stage" : "changeOthers");
  const overlapped = (change: Change): string[] =>
    overlapLines(overlaps.get(change.number) ?? [], [{ ...change, name: nameOf(change) }]);
  const changeBlocks = (change: Change, above: Change | undefined): KnownBlock[] =>
    blocksOf(
      change.createdBy !== readerId &&
        above?.createdBy !== change.createdBy &&
        context(`Staged by ${mention(change.createdBy)}`),
      listRow(
        clipMarkup(
          lines(
            `*${change.number}*  _${quoted(change.targets.join(", "), 60)}_  ${changeLine(summarized(change, changes))}`,
            noteLine(change),
          ),
          lineLength,
        ),
        mayTouch(change) ? stagedButtons(change) : [],
      ),
      overlapped(change).length > 0 && context(...overlapped(change)),
    );
  return {
    text:
      changes.length === 0
        ? "Nothing is staged."
        : `${plural(own.length, "staged change")} of yours, ${others.length} of others: ${quoted(shown.map((change) => summarized(change, changes).summary).join("; "), 2000)}`,
    blocks: blocksOf(
      header(own.length > 0 ? `${plural(own.length, "staged change")} of yours` : "Nothing of yours is staged"),
      shown.flatMap((change, place) => changeBlocks(change, shown[place - 1])),
      where.length > 0 && [context(...where), actions(...buttons)],
      nextRow(own.length, includes(role, "editor")),
    ),
    again,
  };
};

const nextRow = (own: number, mayStage: boolean): KnownBlock => {
  if (!mayStage) return context("Its author can commit a change; the role of editor stages more.");
  if (own === 0) return actions(commandButton("go", "Stage a change…", "stage", { style: "primary" }));
  return actions(
    commandButton("go", "Commit…", "commit", { style: "primary" }),
    commandButton("go", "Diff", "diff"),
    commandButton("go", "Stage a change…", "stage"),
  );
};
