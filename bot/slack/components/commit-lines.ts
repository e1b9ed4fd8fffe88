/** A commit and where it stands, in a line. */
import type { Commit } from "../../../shared/domain/commits/commit.ts";
import { mention, moment, quoted } from "../blocks/text.ts";

export const commitLine = (commit: Commit): string =>
  `*#${commit.number}*  ${quoted(commit.message, 120)}  ·  ${standing(commit)}  ·  ${mention(commit.createdBy)}, ${moment(commit.createdAt)}`;

const reviewLabels = {
  draft: "draft",
  in_review: "in review",
  approved: "approved",
  rejected: "rejected",
  dropped: "dropped",
  reopened: "reopened",
} as const satisfies Record<Commit["review"], string>;

/** Review and application in one phrase: the status once something was applied or failed, the review before. */
export const standing = (commit: Commit): string =>
  commit.status === "pending" ? reviewLabels[commit.review] : `\`${commit.status}\``;
