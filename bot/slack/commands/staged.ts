import type { Change } from "../../../shared/domain/change.ts";
import { listStaged } from "../../../shared/verbs/list-staged.ts";
import { context, header, listSections, section } from "../cards/blocks.ts";
import { changeLine } from "../cards/change-lines.ts";
import { mention, plural, quoted } from "../text.ts";
import { type Command, type Reply, refuse, say } from "./command.ts";

export const staged: Command = {
  name: "staged",
  usage: "",
  summary: "Lists the staged changes, yours and others'.",
  examples: ["/cv staged"],
  role: "viewer",
  options: [],
  run: async ({ ctx }) => {
    const listed = await listStaged(ctx);
    if (!listed.ok) return refuse(listed.reason);
    return stagedList(listed.value.changes, ctx.actor.id);
  },
};

export const stagedList = (changes: readonly Change[], readerId: string): Reply => {
  const own = changes.filter(({ createdBy }) => createdBy === readerId);
  const others = changes.filter(({ createdBy }) => createdBy !== readerId);
  if (changes.length === 0) {
    return say("Nothing is staged. Start with `/cv stage update technology python-1 experience_years=8`.");
  }
  const line = (change: Change): string =>
    `*${change.number}*  ${changeLine(change)}  _${change.targets.join(", ")}_${change.createdBy === readerId ? "" : `  ${mention(change.createdBy)}`}`;
  return {
    text: `${plural(own.length, "staged change")} of yours, ${others.length} of others: ${quoted(changes.map(({ summary }) => summary).join("; "), 2000)}`,
    blocks: [
      header(own.length > 0 ? `${plural(own.length, "staged change")} of yours` : "Nothing of yours is staged"),
      ...listSections(own.map(line), 4500),
      ...(others.length > 0 ? [section("*Staged by others*"), ...listSections(others.map(line), 3500)] : []),
      context(
        own.length > 0
          ? '`/cv diff` shows them field by field, `/cv commit -m "…"` groups yours into a commit, `/cv unstage <number>` takes one back'
          : "Only its author can commit a change.",
      ),
    ],
  };
};
