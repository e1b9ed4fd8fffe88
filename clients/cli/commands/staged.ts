import { plural } from "../../../shared/messages/en/grammar.ts";
import { allOf } from "../operations.ts";
import { commitFrom } from "../arguments.ts";
import { changesFrom } from "../by-name.ts";
import type { Command } from "../command.ts";
import { changeLine, commitDiffLines, diffLines, linesOf, overlapLines } from "../lines.ts";

export const staged: Command = {
  name: "staged",
  usage: "",
  summary: "Lists the staged changes of all people.",
  examples: ["cv staged", "cv staged --mine"],
  options: [{ name: "mine", summary: "only your changes" }],
  run: async ({ client, args, out, named }) => {
    const author = args.options["mine"] === undefined ? {} : { author: (await client.whoAmI()).userId };
    out.show(await named(await client.listStaged(author)), ({ changes }) =>
      changes.length === 0
        ? ["Nothing is staged."]
        : changes.flatMap((each) => [
            changeLine(each),
            ...overlapLines(each, out.paint).map((line) => `      ${line}`),
          ]),
    );
  },
};

export const unstage: Command = {
  name: "unstage",
  usage: "<change>…|all",
  summary: "Removes staged changes, by number or by the name of the row. `all` removes all of yours.",
  examples: ["cv unstage 3", "cv unstage python", "cv unstage 3 4", "cv unstage all"],
  maxWords: Number.POSITIVE_INFINITY,
  run: async ({ client, args, out }) => {
    const numbers =
      args.words[0] === "all" && args.words.length === 1
        ? (await client.listStaged({ author: (await client.whoAmI()).userId })).changes.map(({ number }) => number)
        : await changesFrom(client, args.words.length === 0 ? [undefined] : args.words);
    const changes = [];
    for (const number of numbers) changes.push((await client.unstage({ number })) ?? { number, summary: "unreadable" });
    out.show({ changes }, (discarded) =>
      linesOf(
        discarded.changes,
        ({ number, summary }) => `Removed change ${number}: ${summary}`,
        "Nothing of yours is staged.",
      ),
    );
  },
};

export const diff: Command = {
  name: "diff",
  usage: "[commit]",
  summary: "Shows what is staged, or what a commit does, field by field.",
  examples: ["cv diff", "cv diff 42"],
  maxWords: 1,
  run: async ({ client, args, out, named }) => {
    if (args.words.length > 0) {
      out.show(await named(await allOf(client, commitFrom(args))), (commit) => commitDiffLines(commit, out.paint));
      return;
    }
    out.show(await named(await client.listStaged()), (shown) =>
      shown.changes.length === 0
        ? ["Nothing is staged."]
        : [...shown.changes.flatMap((change) => diffLines(change, out.paint)), plural(shown.changes.length, "change")],
    );
  },
};
