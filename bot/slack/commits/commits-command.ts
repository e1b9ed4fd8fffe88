import { plural } from "../../../shared/messages/en/grammar.ts";
import { type Reply, answer } from "../core/reply.ts";
import { type CommitPage, listCommits } from "../../../shared/use-cases/commits/list-commits.ts";
import { blocksOf, context, header, listSections, section } from "../blocks/blocks.ts";
import { code, mention } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { pageOf } from "../core/commands/page-buttons.ts";
import { notAPerson, personOf } from "../core/commands/person.ts";
import { momentOf } from "../core/commands/since.ts";
import { commitLine, standing } from "../components/commit-lines.ts";

/** As many as fit into a message with their words. */
const perPage = 15;

export const commits: Command = {
  name: "commits",
  usage: "[--status …] [--author @person] [--since 7d]",
  summary: "Lists commits and where they stand, newest first.",
  examples: ["/cv commits", "/cv commits --status review", "/cv commits --status failed --since 7d"],
  permission: "read",
  options: [
    { name: "status", value: "review, approved, rejected, pending, failed, applied or the like" },
    { name: "author", value: "a person, chosen after @", isPerson: true },
    { name: "since", value: "12h, 7d, 2w or a day like 2026-11-01" },
    { name: "before", value: "the number of a commit", isNumber: true },
  ],
  run: async ({ ctx, args }) => {
    const { status, author: typedAuthor, since: typedSince } = args.options;
    const { before } = args.numbers;
    const [extra] = args.positionals;
    if (extra !== undefined) return usageOf(commits, `${code(extra, 40)} is too much: name what it is.`);
    const author = typedAuthor === undefined ? null : personOf(typedAuthor);
    if (typedAuthor !== undefined && author === null) return notAPerson(typedAuthor);
    const since = typedSince === undefined ? null : momentOf(typedSince, ctx.nowMs());
    if (typedSince !== undefined && since === null)
      return usageOf(commits, `${code(typedSince, 40)} is not a time like 12h, 7d, 2w or 2026-11-01.`);

    const input = { limit: perPage, before: before ?? null, status: status ?? null, author, since };
    const filters = { status: status?.toLowerCase(), author, since: typedSince };
    return answer(listCommits(ctx, input), (page) => commitsReply(page, filters, before));
  },
};

type Filters = Record<string, string | null | undefined>;

const commitsReply = (page: CommitPage, filters: Filters, before: number | undefined): Reply => {
  const given = Object.entries(filters).flatMap(([name, value]) => (value ? [{ name, value }] : []));
  const command = ["commits", ...given.map(({ name, value }) => `--${name} ${value}`)].join(" ");
  const { again, buttons } = pageOf(command, before, page);
  if (page.commits.length === 0) {
    const isFiltered = given.length > 0 || before !== undefined;
    const none = isFiltered
      ? "No commit matches. `/cv commits` lists all."
      : 'There are no commits yet. `/cv commit -m "…"` makes one of what you have staged.';
    return { text: none, blocks: blocksOf(section(none), buttons), again };
  }
  return {
    text: `${plural(page.commits.length, "commit")}: ${page.commits.map((each) => `#${each.number} ${standing(each)}`).join(", ")}`,
    blocks: blocksOf(
      header("Commits"),
      given.length > 0 && context(`Only with ${given.map(shownFilter).join(", ")}`),
      listSections(
        page.commits.map((each, index) => commitLine(each, page.overlaps[index])),
        8000,
      ),
      buttons,
      context("`/cv show &lt;number&gt;` shows one, `/cv push &lt;number&gt; all` pushes an approved one"),
    ),
    again,
  };
};

const shownFilter = ({ name, value }: { name: string; value: string }): string =>
  `${name} ${name === "author" ? mention(value) : code(value, 40)}`;
