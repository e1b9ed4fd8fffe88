/** A commit and where it stands, in a line. */
import type { Commit } from "../../../shared/domain/commits/commit.ts";
import { reviewState } from "../../../shared/messages/en/states.ts";
import { mention, moment, quoted } from "../blocks/text.ts";

export const commitLine = (commit: Commit): string =>
  `*#${commit.number}*  ${quoted(commit.message, 120)}  ·  ${standing(commit)}  ·  ${mention(commit.createdBy)}, ${moment(commit.createdAt)}`;

/** Review and application in one phrase: the status once something was applied or failed, the review before. */
export const standing = (commit: Commit): string =>
  commit.status === "pending" ? reviewState(commit.review) : `\`${commit.status}\``;
