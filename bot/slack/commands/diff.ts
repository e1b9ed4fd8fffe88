import type { Change } from "../../../shared/domain/change.ts";
import { listStaged } from "../../../shared/verbs/list-staged.ts";
import { showCommit } from "../../../shared/verbs/show-commit.ts";
import { context, header, listSections, section } from "../cards/blocks.ts";
import { diffLines } from "../cards/change-lines.ts";
import { quoted } from "../text.ts";
import { type Command, type Reply, refuse, say, usageOf } from "./command.ts";
import { numberOf } from "./grammar.ts";

export const diff: Command = {
  name: "diff",
  usage: "[#commit]",
  summary: "Shows field by field what your staged changes, or a commit, would do.",
  examples: ["/cv diff", "/cv diff 1"],
  role: "viewer",
  options: [],
  run: async ({ ctx, args }) => {
    const [word] = args.positionals;
    if (word === undefined) {
      const listed = await listStaged(ctx);
      if (!listed.ok) return refuse(listed.reason);
      const own = listed.value.changes.filter(({ createdBy }) => createdBy === ctx.actor.id);
      if (own.length === 0) return refuse({ code: "nothing_staged" });
      return diffReply(
        "Your staged changes",
        own,
        listed.value.session.targets.map(({ name }) => name),
      );
    }
    const number = numberOf(word);
    if (number === null) return usageOf(diff, `\`${quoted(word, 40)}\` is not the number of a commit.`);
    const shown = await showCommit(ctx, number);
    if (!shown.ok) return refuse(shown.reason);
    const { commit, changes, targets } = shown.value;
    return diffReply(
      `Commit #${number}: ${commit.message}`,
      changes,
      targets.map(({ target }) => target),
    );
  },
};

/** The net effect, so two changes to one row show as one. */
export const diffReply = (title: string, changes: readonly Change[], targets: readonly string[]): Reply => {
  const groups = diffLines(changes, targets);
  if (groups.length === 0) return say("These changes cancel each other out: nothing would change.");
  return {
    text: `${quoted(title)}: ${groups.map(({ target, lines }) => `${target}: ${lines.length} lines`).join("; ")}`,
    blocks: [
      header(title),
      ...groups.flatMap(({ target, lines }) => [
        context(`In *${quoted(target)}*`),
        ...listSections(lines, Math.floor(8500 / groups.length)),
      ]),
    ],
  };
};

export const diffBlocks = (changes: readonly Change[], targets: readonly string[]) => {
  const groups = diffLines(changes, targets);
  if (groups.length === 0) return [section("These changes cancel each other out: nothing would change.")];
  return groups
    .flatMap(({ target, lines }) => [context(`In *${quoted(target)}*`), ...listSections(lines, 50_000)])
    .slice(0, 90);
};
