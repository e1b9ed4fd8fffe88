import { cancelledRows, netOperations, rowCount } from "../../../../shared/domain/staging/net-operations.ts";
import { operationCounts } from "../../../../shared/domain/staging/summary.ts";
import { cancelledMessage, sizeText } from "../../../../shared/messages/en/commits.ts";
import type { SectionBlock } from "@slack/types";
import { type Reply, answer, refuse } from "../../core/reply.ts";
import type { Change } from "../../../../shared/domain/staging/change.ts";
import { type StagedList, listStaged } from "../../../../shared/use-cases/staging/list-staged.ts";
import type { CommitDetails } from "../../../../shared/use-cases/commits/load-commit.ts";
import { showCommit } from "../../../../shared/use-cases/commits/show-commit.ts";
import { actions, blocksOf, context, header } from "../../blocks/blocks.ts";
import { mrkdwn } from "../../blocks/mrkdwn.ts";
import { authorSections } from "../../components/commit-lines.ts";
import { diffPages } from "./diff-pages.ts";
import { code, quoted } from "../../blocks/text.ts";
import { type Command, usageOf } from "../../core/commands/command.ts";
import { numberOf } from "../../core/commands/grammar.ts";
import { turnPages } from "../../core/commands/page-buttons.ts";

export const diff: Command = {
  name: "diff",
  usage: "[#commit] [--page <number>]",
  summary: "Shows field by field what your staged changes, or a commit, would do.",
  examples: ["/cv diff", "/cv diff 1"],
  permission: "read",
  options: [{ name: "page", short: "p", value: "the number of a page", isNumber: true }],
  run: async ({ ctx, args }) => {
    const [word] = args.positionals;
    const { page } = args.numbers;
    if (word === undefined) return answer(listStaged(ctx), (listed) => stagedDiff(listed, ctx.actor.id, page));
    const number = numberOf(word);
    if (number === null) return usageOf(diff, `${code(word, 40)} is not the number of a commit.`);
    return answer(showCommit(ctx, number), (shown) => commitDiff(shown, page));
  },
};

const stagedDiff = ({ changes, session }: StagedList, readerId: string, page: number | undefined): Reply => {
  const own = changes.filter(({ createdBy }) => createdBy === readerId);
  if (own.length === 0) return refuse({ code: "nothing_staged" });
  const targets = session.targets.map(({ name }) => name);
  return diffReply({ title: "Your staged changes", command: "diff", changes: own, targets, page });
};

export const commitDiff = (
  { commit, changes, targets }: Pick<CommitDetails, "commit" | "changes" | "targets">,
  page?: number,
): Reply =>
  diffReply({
    title: `Commit #${commit.number}`,
    command: `diff ${commit.number}`,
    changes,
    targets: targets.map(({ target }) => target),
    page,
    words: authorSections(commit, changes),
  });

interface DiffParts {
  title: string;
  /** Shows the first page. */
  command: string;
  changes: readonly Change[];
  targets: readonly string[];
  page: number | undefined;
  /** Of the author, below the first page. */
  words?: readonly SectionBlock[];
}

export const diffReply = ({ title, command, changes, targets, page, words = [] }: DiffParts): Reply => {
  const operations = netOperations(changes, targets);
  const pages = diffPages(operations);
  const cancelled = cancelledRows(changes, operations).slice(0, 5);
  const { index, where, buttons } = turnPages(command, page, pages.length);
  return {
    text: [`${quoted(title)}: ${operationCounts(operations) || "No change"}`, ...where].join(". "),
    blocks: blocksOf(
      header(title),
      context(sizeText(rowCount(operations), changes.length)),
      pages[index] ?? [],
      index === 0 && cancelled.length > 0 && context(...cancelled.map((row) => mrkdwn(cancelledMessage(row)))),
      index === 0 ? words : [],
      where.length > 0 && [context(...where), actions(...buttons)],
    ),
  };
};
