/** A commit and where it stands, in a line: what it does is derived, and its author's words are quoted as such. */
import type { Change } from "../../../shared/domain/staging/change.ts";
import type { Overlap } from "../../../shared/domain/commits/overlaps.ts";
import { overlapsText } from "../../../shared/messages/en/overlaps.ts";
import { isDrifted, knownConflicts } from "../../../shared/domain/commits/drift.ts";
import { conflictList } from "../../../shared/messages/en/conflicts.ts";
import type { Commit, CommitTarget } from "../../../shared/domain/commits/commit.ts";
import { quotation, summaryText, wroteMessage } from "../../../shared/messages/en/commits.ts";
import { conflictNote, reviewState } from "../../../shared/messages/en/states.ts";
import { message, person } from "../../../shared/messages/message.ts";
import type { SectionBlock } from "@slack/types";
import { listSections } from "../blocks/blocks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { code, mention, moment, quoted } from "../blocks/text.ts";

/** "*Commit #4*  Python: experience_years 5 → 8" */
export const commitTitle = ({ number, summary }: Pick<Commit, "number" | "summary">, max = 300): string =>
  `*Commit #${number}*  ${quoted(summaryText(summary), max)}`;

/** "@Avery wrote: “Skill updates”" */
export const commitWords = ({ createdBy, message }: Pick<Commit, "createdBy" | "message">, max = 300): string =>
  mrkdwn(wroteMessage(person(createdBy), message, max));

export const commitLine = (commit: Commit, overlaps: readonly Overlap[] = []): string =>
  `*#${commit.number}*  ${quoted(summaryText(commit.summary), 160)}  ·  ${standing(commit)}${overlapNote(overlaps)}  ·  ${commitWords(commit, 120)}, ${moment(commit.createdAt)}`;

/** "  ·  overlaps with commit #5" */
export const overlapNote = (overlaps: readonly Overlap[]): string =>
  overlaps.length === 0 ? "" : `  ·  ${mrkdwn(overlapsText(overlaps))}`;

/** Review and application in one phrase: the status once something was applied or failed, the review before. */
export const standing = (commit: Commit): string =>
  `${commit.status === "pending" ? reviewState(commit.review) : code(commit.status)}${conflictNote(commit)}`;

/** Its recorded conflicts: each field's three values, as they were found last. */
export const conflictSections = (
  { review, drifted }: Pick<Commit, "review" | "drifted">,
  targets: readonly CommitTarget[],
): SectionBlock[] => {
  if (!isDrifted({ review, drifted })) return [];
  const { conflicts, count } = knownConflicts(targets);
  const where = drifted.map((target) => quoted(target, 40)).join(" and ");
  const values = mrkdwn(message`${conflictList(conflicts, count)}`);
  return listSections([`:warning: In conflict at ${where}: somebody has changed what it changes.${values}`], 2500);
};

/** Of what their authors wrote, as much as a card has space for. */
const maxWords = 1500;

/** The author's words as a quotation, below what the commit does: its message, and what was noted at its changes. */
export const authorSections = (commit: Commit, changes: readonly Change[]): SectionBlock[] => {
  const notes = changes.flatMap(({ number, note, createdBy }) =>
    note === null ? [] : [`>${mention(createdBy)} about change ${number}: ${mrkdwn(quotation(note, 200))}`],
  );
  return listSections([`>${commitWords(commit, 500)}`, ...notes], maxWords);
};
