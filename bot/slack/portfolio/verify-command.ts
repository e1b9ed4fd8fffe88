import { plural } from "../../../shared/messages/en/grammar.ts";
import { type TargetCheck, type Verified, verifyTargets } from "../../../shared/use-cases/portfolio/verify-targets.ts";
import { type Reply, answer } from "../core/reply.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, blocksOf, context, header, listSections, section } from "../blocks/blocks.ts";
import { quoted } from "../blocks/text.ts";
import type { Command } from "../core/commands/command.ts";

const maxShown = 10;

export const verify: Command = {
  name: "verify",
  usage: "",
  summary: "Compares what each target holds with its own search index, and the targets with each other.",
  examples: ["/cv verify"],
  permission: "verify",
  run: ({ ctx }) => answer(verifyTargets(ctx), verifiedReply),
};

const verifiedReply = ({ checks, sameCount }: Verified): Reply => {
  const toRebuild = checks.filter(lacksVectors);
  return {
    text: checks.map(checkText).join(" "),
    blocks: blocksOf(
      header("What the targets hold"),
      checks.flatMap((check) => [section(checkText(check)), ...listSections(mismatchLines(check), 2500)]),
      sameCount !== null && context(countText(sameCount)),
      toRebuild.length > 0 && [
        section("Vectors are missing or out of date. A rebuild brings every row into the index again."),
        actions(...toRebuild.map(rebuildButton)),
      ],
    ),
    again: "verify",
  };
};

const rebuildButton = ({ target }: TargetCheck) =>
  commandButton("do", `Rebuild the index of ${target}`, `reindex ${target}`, { style: "primary" });

const lacksVectors = ({ found }: TargetCheck): boolean => found !== null && found.vectorCount !== null && !found.synced;

const checkText = ({ target, found, problem }: TargetCheck): string => {
  if (!found)
    return `:grey_question: *${quoted(target)}* ${quoted(problem ?? "gave no answer")}: it is unknown what it holds.`;
  const vectors = found.vectorCount === null ? "" : ` and ${plural(found.vectorCount, "vector")}`;
  const holds = `*${quoted(target)}* holds ${plural(found.d1Count, "row")}${vectors}`;
  if (found.synced) return `:white_check_mark: ${holds}; all is as it should be.`;
  return `:warning: ${holds}; they do not agree:`;
};

const mismatchLines = ({ found }: TargetCheck): string[] => {
  const mismatches = found?.mismatches ?? [];
  const shown = mismatches
    .slice(0, maxShown)
    .map(({ entityType, id, reason }) => `•  ${quoted(entityType, 40)} \`${quoted(id, 80)}\`: ${quoted(reason, 200)}`);
  return mismatches.length > maxShown ? [...shown, `… and ${mismatches.length - maxShown} more`] : shown;
};

const countText = (same: boolean): string =>
  same
    ? ":white_check_mark: The targets hold the same number of rows."
    : ":warning: The targets do not hold the same number of rows. A commit that is applied to one of them only is one reason: `/cv commits` shows it.";
