import type { KnownBlock } from "@slack/types";
import { differenceMessage, elsewhereMessage } from "../../../shared/messages/en/differences.ts";
import { capitalText, plural } from "../../../shared/messages/en/grammar.ts";
import { pushAgain } from "../../../shared/use-cases/portfolio/push-again.ts";
import { type Accepted, acceptLive, stageFix } from "../../../shared/use-cases/portfolio/settle-difference.ts";
import type { TargetCheck } from "../../../shared/use-cases/portfolio/compare-targets.ts";
import {
  type FoundDifference,
  type Verified,
  verifyTargets,
} from "../../../shared/use-cases/portfolio/verify-targets.ts";
import { type Reply, answer, say } from "../core/reply.ts";
import { changeLine } from "../components/change-lines.ts";
import type { PushStarted } from "../../../shared/use-cases/pushes/write-push.ts";
import type { Staged } from "../../../shared/use-cases/staging/stage-change.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { listRow, rowMenu } from "../core/buttons/row-menu.ts";
import { actions, blocksOf, context, header, listSections, section } from "../blocks/blocks.ts";
import { code, quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";

const maxShown = 10;

export const verify: Command = {
  name: "verify",
  usage: "[push|fix|accept <target> <type> <id>]",
  summary: "Compares the rows of each target with what was pushed, with the other targets and with its search index.",
  examples: [
    "/cv verify",
    "/cv verify push d1 technology python-1",
    "/cv verify fix d1 technology python-1",
    "/cv verify accept d1 technology python-1",
  ],
  permission: "verify",
  run: async ({ ctx, channelId, args: { positionals } }) => {
    const [word, target, entityType, entityId, tooMuch] = positionals;
    if (word === undefined) return answer(verifyTargets(ctx), verifiedReply);
    const name = word.toLowerCase();
    if (name !== "push" && name !== "fix" && name !== "accept")
      return usageOf(verify, `${code(word, 40)} is not push, fix or accept.`);
    if (tooMuch !== undefined) return usageOf(verify, `${code(tooMuch, 40)} is too much.`);
    if (target === undefined || entityType === undefined || entityId === undefined) {
      return usageOf(verify, "Say which row: a target, an entity type and an id.");
    }
    const row = { target, entityType: entityType.toLowerCase(), entityId };
    if (name === "push") return answer(pushAgain(ctx, { ...row, channelId }), pushedReply);
    return name === "fix" ? answer(stageFix(ctx, row), fixReply) : answer(acceptLive(ctx, row), acceptedReply);
  },
};

const fixReply = (staged: Staged): Reply => ({
  text: `Staged as change ${staged.change.number}: ${changeLine(staged)}`,
  blocks: [
    section(`Staged as change ${staged.change.number}:  ${changeLine(staged)}`),
    actions(
      commandButton("go", "Commit…", "commit"),
      commandButton("do", "Unstage", `unstage ${staged.change.number}`),
    ),
  ],
});

const pushedReply = ({ commit, pushNumber, targets }: PushStarted): Reply =>
  say(
    `Push *#${pushNumber}* of commit *#${commit.number}* to ${targets.map((name) => quoted(name)).join(", ")} has started again. \`/cv status ${commit.number}\` shows how it goes, and so does the thread of its card.`,
  );

const acceptedReply = ({ target, entityType, entityId, values }: Accepted): Reply =>
  say(
    values === null
      ? `It is accepted that *${quoted(target)}* has no ${entityType} ${code(entityId, 80)}.`
      : `${capitalText(entityType)} ${code(entityId, 80)} is accepted as it is live at *${quoted(target)}*.`,
  );

const verifiedReply = ({ checks, differences }: Verified): Reply => {
  const toRebuild = checks.filter(lacksVectors);
  const answered = checks.filter(({ found }) => found !== null);
  const count = plural(differences.length, "difference");
  return {
    text: [
      ...checks.map(checkText),
      ...(differences.length > 0 ? [`${count} between what was pushed and what is live.`] : []),
    ].join(" "),
    blocks: blocksOf(
      header("What the targets hold"),
      checks.flatMap((check) => [
        listRow(checkText(check), [lacksVectors(check) && rebuildButton(check, check === toRebuild[0])]),
        ...listSections(mismatchLines(check), 2500),
      ]),
      checks.flatMap(({ target, unreadable }) =>
        unreadable.length === 0
          ? []
          : [
              section(`:warning: ${plural(unreadable.length, "row")} of *${quoted(target)}* cannot be read:`),
              ...listSections(unreadable.slice(0, maxShown).map(unreadableLine), 2500),
            ],
      ),
      differences.length === 0 &&
        answered.length > 0 &&
        context(
          answered.length === checks.length
            ? ":white_check_mark: Every row is as it was pushed, and the same at all targets."
            : `:grey_question: Every row at ${answered.map(({ target }) => quoted(target)).join(", ")} is as it was pushed.`,
        ),
      differenceSections(differences),
      toRebuild.length > 0 &&
        context("Vectors are missing or out of date. A rebuild brings every row into the index again."),
    ),
    again: "verify",
  };
};

const rebuildButton = ({ target }: TargetCheck, isFirst: boolean) =>
  commandButton("do", `Rebuild the index of ${target}`, `reindex ${target}`, isFirst ? { style: "primary" } : {});

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
    .map(({ entityType, id, reason }) => `•  ${quoted(entityType, 40)} ${code(id, 80)}: ${quoted(reason, 200)}`);
  return mismatches.length > maxShown ? [...shown, `… and ${mismatches.length - maxShown} more`] : shown;
};

/** Each takes a block or two, of Slack's 50. */
const maxRows = 8;

const rowsOf = (differences: readonly FoundDifference[]): FoundDifference[][] => [
  ...Map.groupBy(differences, ({ target, entityType, entityId }) => `${target}/${entityType}/${entityId}`).values(),
];

const differenceSections = (differences: readonly FoundDifference[]): KnownBlock[] => {
  if (differences.length === 0) return [];
  const rows = rowsOf(differences);
  const more = rows.length - maxRows;
  return blocksOf(
    section(`:warning: *${plural(differences.length, "difference")}* between what was pushed and what is live:`),
    rows.slice(0, maxRows).flatMap(differenceBlocks),
    more > 0 && context(`… and ${plural(more, "more row", "more rows")}; \`cv verify\` lists them all.`),
  );
};

const differenceBlocks = (differences: FoundDifference[]): KnownBlock[] => {
  const [first] = differences;
  if (!first) return [];
  const { target, entityType, entityId, expected, pushAgain: again } = first;
  const row = `${target} ${entityType} ${/[\s",=]/.test(entityId) ? `"${entityId.replaceAll('"', '""')}"` : entityId}`;
  const isMissing = "row" in expected && expected.row;
  const lines = differences.slice(0, maxShown).map(differenceLine);
  const more = differences.length - lines.length;
  const [top, ...rest] = listSections(
    more > 0 ? [...lines, `… and ${plural(more, "more field", "more fields")}`] : lines,
    2500,
  );
  const menu = rowMenu(
    [
      again !== null && commandButton("do", `Push #${again} again`, `verify push ${row}`),
      !isMissing && commandButton("do", "Stage a fix", `verify fix ${row}`),
      commandButton("do", "Accept what is live", `verify accept ${row}`),
    ],
    row,
  );
  return top ? [{ ...top, ...(menu && { accessory: menu }) }, ...rest] : [];
};

const differenceLine = (difference: FoundDifference): string => {
  const elsewhere = difference.elsewhere.length > 0 ? ` _(${mrkdwn(elsewhereMessage(difference.elsewhere))})_` : "";
  return `•  ${mrkdwn(differenceMessage(difference))}${elsewhere}`;
};

const unreadableLine = ({ id, cause }: TargetCheck["unreadable"][number]): string =>
  `•  ${code(id ?? "no id", 80)}: ${quoted(cause, 200)}`;
