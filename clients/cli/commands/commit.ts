import { voidText } from "../../../shared/messages/en/approvals.ts";
import { cancelledMessage, sizeText, summaryText } from "../../../shared/messages/en/commits.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { WrongUsage, commitFrom, numberFrom } from "../arguments.ts";
import { changesFrom } from "../by-name.ts";
import type { Command } from "../command.ts";
import { allOf } from "../operations.ts";
import { commitDiffLines, commitLine, commitWordsLines, linesOf, moment, overlapLines, pushLines } from "../lines.ts";

export const commit: Command = {
  name: "commit",
  usage: '-m "message" [--only 1,3] [--draft] [--accept-edits …]',
  summary: "Groups your staged changes and asks for review.",
  examples: ['cv commit -m "Skill updates"', 'cv commit -m "Rust alone" --only 2', 'cv commit -m "Not yet" --draft'],
  options: [
    { name: "message", short: "m", value: "text", summary: "what it does, in a few words" },
    { name: "only", value: "1,python", summary: "the changes that go in, by number or by the name of the row" },
    { name: "draft", summary: "asks nobody for review yet" },
    { name: "accept-edits", value: "code", summary: "confirms what others have edited, by the code of the refusal" },
  ],
  run: async ({ client, args, out, named }) => {
    const { message, only, draft, "accept-edits": acceptEdits } = args.options;
    if (typeof message !== "string") throw new WrongUsage('A message is required: -m "Skill updates".');
    const created = await client.createCommit({
      message,
      ...(typeof only === "string" && {
        changes: await changesFrom(
          client,
          only.split(",").map((each) => each.trim()),
          "own",
        ),
      }),
      ...(draft === true && { draft: true }),
      ...(typeof acceptEdits === "string" && { acceptEdits }),
    });
    out.show(
      await named(created),
      ({ number, summary, review, meta: { changeCount, rowCount, cancelled, targets, reviewers, overlaps } }) => [
        `Commit #${number}: ${summaryText(summary)}`,
        `${sizeText(rowCount, changeCount)} to ${targets.join(", ")}.`,
        ...cancelled.map((row) => plainText(cancelledMessage(row))),
        ...overlapLines({ overlaps }, out.paint),
        review === "draft"
          ? "It is a draft: nobody was asked for review."
          : `It needs approval by ${reviewers.join(" or ") || "nobody: an admin gives somebody the role"}.`,
      ],
    );
  },
};

export const commits: Command = {
  name: "commits",
  usage: "[--status …] [--limit 20]",
  summary: "Lists commits, newest first.",
  examples: ["cv commits", "cv commits --status in_review", "cv commits --limit 100 --json"],
  options: [
    { name: "status", value: "in_review, approved, failed, applied …", summary: "of review or application" },
    { name: "limit", value: "1 to 100", summary: "how many" },
  ],
  run: async ({ client, args, out, named }) => {
    const { status, limit } = args.options;
    const listed = await client.listCommits({
      ...(typeof status === "string" && { status }),
      ...(typeof limit === "string" && { limit: numberFrom(limit, "commits to list") }),
    });
    out.show(await named(listed), ({ commits, next }) => [
      ...linesOf(commits, (each) => commitLine(each, out.paint), "No commit matches."),
      ...(next === null ? [] : ["There are older ones: --limit 100."]),
    ]);
  },
};

export const show: Command = {
  name: "show",
  usage: "<commit>",
  summary: "Shows a commit with its changes, decisions and pushes.",
  examples: ["cv show 42"],
  maxWords: 1,
  run: async ({ client, args, out, named }) => {
    const shown = await allOf(client, commitFrom(args));
    out.show(await named(shown), (commit) => [
      commitLine(commit, out.paint),
      ...(commit.contributors.length > 1 ? [`Contributors: ${commit.contributors.join(", ")}`] : []),
      ...commitDiffLines(commit, out.paint),
      ...commitWordsLines(commit),
      ...overlapLines(commit, out.paint),
      ...commit.approvals.map(
        ({ decision, by, at, reason, counts, void: voided }) =>
          `${decision} by ${by}, ${moment(at)}${reason === null ? "" : `: ${reason}`}${counts || decision !== "approved" ? "" : ` (does not count: ${voidText(voided ?? "other_content")})`}`,
      ),
      ...commit.targets.map(
        ({ target, state, error }) => `${target}: ${state.replace("_", " ")}${error === null ? "" : `: ${error}`}`,
      ),
      ...commit.pushes.flatMap((push) => pushLines(push, out.paint)),
    ]);
  },
};
