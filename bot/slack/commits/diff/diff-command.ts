import { plural } from "../../../../shared/messages/en/grammar.ts";
import { type Reply, answer, refuse } from "../../core/reply.ts";
import type { Change } from "../../../../shared/domain/staging/change.ts";
import { type StagedList, listStaged } from "../../../../shared/use-cases/staging/list-staged.ts";
import type { CommitDetails } from "../../../../shared/use-cases/commits/load-commit.ts";
import { showCommit } from "../../../../shared/use-cases/commits/show-commit.ts";
import { actions, blocksOf, context, header } from "../../blocks/blocks.ts";
import { diffPages } from "./diff-pages.ts";
import { quoted } from "../../blocks/text.ts";
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
    if (number === null) return usageOf(diff, `\`${quoted(word, 40)}\` is not the number of a commit.`);
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
    title: `Commit #${commit.number}: ${commit.message}`,
    command: `diff ${commit.number}`,
    changes,
    targets: targets.map(({ target }) => target),
    page,
  });

interface DiffParts {
  title: string;
  /** Shows the first page. */
  command: string;
  changes: readonly Change[];
  targets: readonly string[];
  page: number | undefined;
}

export const diffReply = ({ title, command, changes, targets, page }: DiffParts): Reply => {
  const pages = diffPages(changes, targets);
  const { index, where, buttons } = turnPages(command, page, pages.length);
  return {
    text: [`${quoted(title)}: ${plural(changes.length, "change")}`, ...where].join(". "),
    blocks: blocksOf(header(title), pages[index] ?? [], where.length > 0 && [context(...where), actions(...buttons)]),
  };
};
