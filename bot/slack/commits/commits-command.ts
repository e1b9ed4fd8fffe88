import { plural } from "../../../shared/messages/en/grammar.ts";
import { type Reply, refuse, say } from "../core/reply.ts";
import { type CommitPage, listCommits } from "../../../shared/use-cases/commits/list-commits.ts";
import { context, header, listSections } from "../blocks/blocks.ts";
import { mention, quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { type Arguments, numberOf } from "../core/commands/grammar.ts";
import { pageButtons } from "../core/commands/page-buttons.ts";
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
    { name: "author", value: "a person, chosen after @" },
    { name: "since", value: "12h, 7d, 2w or a day like 2026-11-01" },
    { name: "before", value: "the number of a commit" },
  ],
  run: async ({ ctx, args }) => {
    const { status = null, author = null, since = null, before = null } = textOptions(args);
    const [extra] = args.positionals;
    if (extra !== undefined) return usageOf(commits, `\`${quoted(extra, 40)}\` is too much: name what it is.`);
    const authorId = author === null ? null : personOf(author);
    if (author !== null && authorId === null) return notAPerson(author);
    const sinceIso = since === null ? null : momentOf(since, ctx.nowMs());
    if (since !== null && sinceIso === null)
      return usageOf(commits, `\`${quoted(since, 40)}\` is not a time like 12h, 7d, 2w or 2026-11-01.`);
    const beforeNumber = before === null ? null : numberOf(before);
    if (before !== null && beforeNumber === null)
      return usageOf(commits, `\`${quoted(before, 40)}\` is not the number of a commit.`);

    const listed = await listCommits(ctx, {
      limit: perPage,
      before: beforeNumber,
      status,
      author: authorId,
      since: sinceIso,
    });
    if (!listed.ok) return refuse(listed.reason);
    const filters = { status: status?.toLowerCase() ?? null, author: authorId, since };
    return commitsReply(listed.value, filters, beforeNumber);
  },
};

const textOptions = ({ options }: Arguments): Record<string, string> =>
  Object.fromEntries(
    Object.entries(options).filter((option): option is [string, string] => typeof option[1] === "string"),
  );

const commitsReply = (page: CommitPage, filters: Record<string, string | null>, before: number | null): Reply => {
  const given = Object.entries(filters).filter(([, value]) => value !== null);
  const command = ["commits", ...given.map(([name, value]) => `--${name} ${value}`)].join(" ");
  const again = before === null ? command : `${command} --before ${before}`;
  const buttons = pageButtons(command, page);
  if (page.commits.length === 0) {
    const isFiltered = given.length > 0 || before !== null;
    const none = isFiltered
      ? "No commit is like that. `/cv commits` lists all."
      : 'There are no commits yet. `/cv commit -m "…"` makes one of what you have staged.';
    const reply = say(none);
    return { ...reply, blocks: [...reply.blocks, ...buttons], again };
  }
  return {
    text: `${plural(page.commits.length, "commit")}: ${page.commits.map((each) => `#${each.number} ${standing(each)}`).join(", ")}`,
    blocks: [
      header("Commits"),
      ...(given.length > 0
        ? [context(`Only with ${given.map(([name, value]) => `${name} ${shownFilter(name, value ?? "")}`).join(", ")}`)]
        : []),
      ...listSections(page.commits.map(commitLine), 8000),
      ...buttons,
      context("`/cv show &lt;number&gt;` shows one, `/cv push &lt;number&gt; all` pushes an approved one"),
    ],
    again,
  };
};

const shownFilter = (name: string, value: string): string =>
  name === "author" ? mention(value) : `\`${quoted(value, 40)}\``;
