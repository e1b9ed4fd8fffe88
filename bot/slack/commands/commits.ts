import type { Commit } from "../../../shared/domain/commit.ts";
import { listCommits } from "../../../shared/verbs/list-commits.ts";
import { context, header, listSections } from "../cards/blocks.ts";
import { mention, moment, plural, quoted } from "../text.ts";
import { type Command, refuse, say } from "./command.ts";

export const commits: Command = {
  name: "commits",
  usage: "",
  summary: "Lists the newest commits and where they stand.",
  examples: ["/cv commits"],
  role: "viewer",
  options: [],
  run: async ({ ctx }) => {
    const listed = await listCommits(ctx, 20);
    if (!listed.ok) return refuse(listed.reason);
    if (listed.value.length === 0)
      return say('There are no commits yet. `/cv commit -m "…"` makes one of what you have staged.');
    return {
      text: `${plural(listed.value.length, "commit")}: ${listed.value.map((each) => `#${each.number} ${standing(each)}`).join(", ")}`,
      blocks: [
        header("Commits"),
        ...listSections(listed.value.map(commitLine)),
        context("`/cv show <number>` shows one, `/cv push <number> all` pushes an approved one"),
      ],
    };
  },
};

export const commitLine = (commit: Commit): string =>
  `*#${commit.number}*  ${quoted(commit.message, 120)}  ·  ${standing(commit)}  ·  ${mention(commit.createdBy)}, ${moment(commit.createdAt)}`;

const reviewWords = {
  draft: "draft",
  in_review: "waits for review",
  approved: "approved",
  rejected: "rejected",
  dropped: "dropped",
  reopened: "reopened",
} as const satisfies Record<Commit["review"], string>;

/** Review and application in one phrase: the status once something was applied or failed, the review before. */
export const standing = (commit: Commit): string =>
  commit.status === "pending" ? reviewWords[commit.review] : `\`${commit.status}\``;
