/** What whoever staged or edited a change reads, by command or by form. */
import { notAskedMessage } from "../../../shared/messages/en/staging.ts";
import { nameOf } from "../../../shared/domain/staging/summary.ts";
import { type Staged, overlapsOfStaged } from "../../../shared/use-cases/staging/stage-change.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, context, lines, present, section } from "../blocks/blocks.ts";
import { changeLine, noteLine } from "../components/change-lines.ts";
import { overlapLines } from "../components/overlap-lines.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { code, quoted } from "../blocks/text.ts";
import { similarRowsMessage } from "../../../shared/messages/en/similar-rows.ts";
import type { Reply } from "../core/reply.ts";

/** What the person should know besides. */
export const warnings = (staged: Staged): string[] => {
  const { change, notAsked, similar = [] } = staged;
  return present<string>([
    notAsked.length > 0 && `:warning: ${mrkdwn(notAskedMessage(change, notAsked))}`,
    ...overlapLines(overlapsOfStaged(staged), [{ ...change, name: nameOf(change) }]),
    similar.length > 0 && `:warning: ${mrkdwn(similarRowsMessage(change.entityType, similar))}`,
  ]);
};

const targetsOf = ({ change }: Staged): string => change.targets.map((name) => quoted(name)).join(" and ");

export const stagedLine = (staged: Pick<Staged, "change" | "summary">): string =>
  `Staged as change ${staged.change.number}:  ${changeLine(staged)}`;

export const stagedReply = (staged: Staged): Reply => ({
  text: stagedLine(staged),
  blocks: [
    section(lines(stagedLine(staged), noteLine(staged.change))),
    context(
      `For ${targetsOf(staged)}  ·  id ${code(staged.change.entityId, 80)}  ·  \`/cv staged\` lists all, \`/cv unstage ${staged.change.number}\` unstages it`,
      ...warnings(staged),
    ),
    actions(
      commandButton("go", "Stage another", "stage"),
      commandButton("go", "Commit…", "commit"),
      commandButton("do", "Unstage", `unstage ${staged.change.number}`),
    ),
  ],
});

export const editedReply = (edited: Staged): Reply => {
  const line = `Change ${edited.change.number} is now:  ${changeLine(edited)}`;
  const note = `For ${targetsOf(edited)}  ·  \`/cv diff\` shows what you have staged field by field`;
  return {
    text: line,
    blocks: [
      section(lines(line, noteLine(edited.change))),
      context(note, ...warnings(edited)),
      actions(commandButton("go", "Staged changes", "staged")),
    ],
  };
};
