import { plural } from "../../../../shared/messages/en/grammar.ts";
import type { Button } from "@slack/types";
import { type Reply, refuse } from "../../core/reply.ts";
import type { Change } from "../../../../shared/domain/staging/change.ts";
import { listStaged } from "../../../../shared/use-cases/staging/list-staged.ts";
import type { CommitDetails } from "../../../../shared/use-cases/commits/load-commit.ts";
import { showCommit } from "../../../../shared/use-cases/commits/show-commit.ts";
import { commandButton } from "../../core/buttons/command-button.ts";
import { actions, context, header } from "../../blocks/blocks.ts";
import { diffPages } from "./diff-pages.ts";
import { quoted } from "../../blocks/text.ts";
import { type Command, usageOf } from "../../core/commands/command.ts";
import { numberOf } from "../../core/commands/grammar.ts";

export const diff: Command = {
  name: "diff",
  usage: "[#commit] [--page <number>]",
  summary: "Shows field by field what your staged changes, or a commit, would do.",
  examples: ["/cv diff", "/cv diff 1"],
  permission: "read",
  options: [{ name: "page", short: "p", value: "the number of a page" }],
  run: async ({ ctx, args }) => {
    const [word] = args.positionals;
    const asked = args.options["page"];
    const page = asked === undefined ? 1 : numberOf(String(asked));
    if (page === null) return usageOf(diff, `\`${quoted(String(asked), 40)}\` is not the number of a page.`);
    if (word === undefined) {
      const listed = await listStaged(ctx);
      if (!listed.ok) return refuse(listed.reason);
      const own = listed.value.changes.filter(({ createdBy }) => createdBy === ctx.actor.id);
      if (own.length === 0) return refuse({ code: "nothing_staged" });
      const targets = listed.value.session.targets.map(({ name }) => name);
      return diffReply({ title: "Your staged changes", command: "diff", changes: own, targets, page });
    }
    const number = numberOf(word);
    if (number === null) return usageOf(diff, `\`${quoted(word, 40)}\` is not the number of a commit.`);
    const shown = await showCommit(ctx, number);
    return shown.ok ? commitDiff(shown.value, page) : refuse(shown.reason);
  },
};

export const commitDiff = (
  { commit, changes, targets }: Pick<CommitDetails, "commit" | "changes" | "targets">,
  page = 1,
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
  /** From 1; one that is not there means the nearest. */
  page: number;
}

/** One page of the net effect. */
export const diffReply = ({ title, command, changes, targets, page }: DiffParts): Reply => {
  const pages = diffPages(changes, targets);
  const at = Math.min(Math.max(page, 1), pages.length);
  const where = pages.length > 1 ? `Page ${at} of ${pages.length}` : "";
  const to = (label: string, number: number): Button => commandButton("go", label, `${command} --page ${number}`);
  return {
    text: [`${quoted(title)}: ${plural(changes.length, "change")}`, where].filter((part) => part !== "").join(". "),
    blocks: [
      header(title),
      ...(pages[at - 1] ?? []),
      ...(where === ""
        ? []
        : [
            context(where),
            actions(...(at > 1 ? [to("Previous", at - 1)] : []), ...(at < pages.length ? [to("Next", at + 1)] : [])),
          ]),
    ],
  };
};
