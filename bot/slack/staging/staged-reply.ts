/** What whoever staged a change reads, whichever way they did it. */
import type { Staged } from "../../../shared/use-cases/staging/stage-change.ts";
import { commandButton } from "../buttons/command-button.ts";
import { actions, context, section } from "../blocks/blocks.ts";
import { changeLine } from "./change-lines.ts";
import { anyOf, plural, quoted } from "../blocks/text.ts";
import type { Reply } from "../core/reply.ts";

const notesOf = ({ change, notAsked, alsoStagedBy }: Staged): string[] => [
  `For ${change.targets.map((name) => quoted(name)).join(" and ")}  ·  id \`${quoted(change.entityId, 80)}\`  ·  \`/cv staged\` lists all, \`/cv unstage ${change.number}\` takes it back`,
  ...(notAsked.length > 0
    ? [
        `:warning: ${notAsked.map((name) => quoted(name)).join(", ")} did not answer, so the row was not looked at there; the push looks again, and waits if it must.`,
      ]
    : []),
  ...(alsoStagedBy.length > 0
    ? [`:warning: ${anyOf(alsoStagedBy)} has staged ${plural(alsoStagedBy.length, "change")} to the same row.`]
    : []),
];

export const stagedLine = ({ change }: Pick<Staged, "change">): string =>
  `Staged as change ${change.number}:  ${changeLine(change)}`;

export const stagedReply = (staged: Staged): Reply => ({
  text: stagedLine(staged),
  blocks: [
    section(stagedLine(staged)),
    context(...notesOf(staged)),
    actions(
      commandButton("go", "Stage another", "stage"),
      commandButton("go", "Commit…", "commit"),
      commandButton("do", "Take back", `unstage ${staged.change.number}`),
    ),
  ],
});
