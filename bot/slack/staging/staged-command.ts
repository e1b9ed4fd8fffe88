import { plural } from "../../../shared/messages/en/grammar.ts";
import type { KnownBlock } from "@slack/types";
import { type Reply, refuse } from "../core/reply.ts";
import type { Change } from "../../../shared/domain/staging/change.ts";
import { includes, may } from "../../../shared/domain/workspace/roles.ts";
import { type StagedList, listStaged } from "../../../shared/use-cases/staging/list-staged.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, context, header, section } from "../blocks/blocks.ts";
import { changeLine, stagedActions } from "../components/change-lines.ts";
import { lineLength } from "../components/action-items.ts";
import { clipMarkup, mention, quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { numberOf } from "../core/commands/grammar.ts";

export const staged: Command = {
  name: "staged",
  usage: "[--page <number>]",
  summary: "Lists the staged changes, yours and others', to edit or take back.",
  examples: ["/cv staged", "/cv staged --page 2"],
  permission: "read",
  options: [{ name: "page", value: "the number of a page" }],
  run: async ({ ctx, args }) => {
    const typed = args.options["page"];
    const page = typeof typed === "string" ? numberOf(typed) : 1;
    if (page === null || page < 1)
      return usageOf(staged, `\`${quoted(String(typed), 40)}\` is not the number of a page.`);
    const listed = await listStaged(ctx);
    return listed.ok ? stagedList(listed.value, ctx.actor.id, page) : refuse(listed.reason);
  },
};

/** Each takes two blocks and about 700 characters with its buttons, of Slack's 50 and 10,000. */
const perPage = 10;

/** The reader's own changes come first. A page that is not there any more is the last one. */
const stagedList = ({ changes, session }: StagedList, readerId: string, asked: number): Reply => {
  const { role } = session;
  const own = changes.filter(({ createdBy }) => createdBy === readerId);
  const others = changes.filter(({ createdBy }) => createdBy !== readerId);
  const pages = Math.max(1, Math.ceil(changes.length / perPage));
  const page = Math.min(asked, pages);
  const shown = [...own, ...others].slice((page - 1) * perPage, page * perPage);
  const mayTouch = ({ createdBy }: Change): boolean => may(role, createdBy === readerId ? "stage" : "changeOthers");
  return {
    text:
      changes.length === 0
        ? "Nothing is staged."
        : `${plural(own.length, "staged change")} of yours, ${others.length} of others: ${quoted(changes.map(({ summary }) => summary).join("; "), 2000)}`,
    blocks: [
      header(own.length > 0 ? `${plural(own.length, "staged change")} of yours` : "Nothing of yours is staged"),
      ...shown.flatMap((change, index): KnownBlock[] => [
        // Above the first one of others.
        ...(change.createdBy !== readerId && shown[index - 1]?.createdBy !== change.createdBy
          ? [context(`Staged by ${mention(change.createdBy)}`)]
          : []),
        section(
          clipMarkup(
            `*${change.number}*  _${quoted(change.targets.join(", "), 60)}_  ${changeLine(change)}`,
            lineLength,
          ),
        ),
        ...(mayTouch(change) ? [stagedActions(change)] : []),
      ]),
      ...pageRow(page, pages),
      ...nextRow(own.length, includes(role, "editor")),
    ],
    again: page === 1 ? "staged" : `staged --page ${page}`,
  };
};

const pageRow = (page: number, pages: number): KnownBlock[] =>
  pages === 1
    ? []
    : [
        context(`Page ${page} of ${pages}`),
        actions(
          ...(page > 1 ? [commandButton("go", "Previous", `staged --page ${page - 1}`)] : []),
          ...(page < pages ? [commandButton("go", "Next", `staged --page ${page + 1}`)] : []),
        ),
      ];

const nextRow = (own: number, mayStage: boolean): KnownBlock[] => {
  if (!mayStage) return [context("Its author can commit a change; the role of editor stages more.")];
  if (own === 0) return [actions(commandButton("go", "Stage a change…", "stage", { style: "primary" }))];
  return [
    actions(
      commandButton("go", "Commit…", "commit", { style: "primary" }),
      commandButton("go", "Diff", "diff"),
      commandButton("go", "Stage a change…", "stage"),
    ),
  ];
};
